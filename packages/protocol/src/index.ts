/**
 * The pure core: what peers are called, and what the core needs of a platform.
 *
 * @module
 */
export * from "./peer.js";
export * from "./ports.js";
