/**
 * Peers of one realm, for tests and for runtimes that have no other peers.
 *
 * @module
 */
export { createMemoryHub, createMemoryMedium, type MemoryHub, memoryGuarantees } from "./media/memory.js";
