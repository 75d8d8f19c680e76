/**
 * The behaviour: callbacks, their results, the server's reference, the view of the cluster, and errors.
 *
 * @module
 */
export * from "./behaviour.js";
export * from "./election.js";
export * from "./errors.js";
export * from "./results.js";
export * from "./server.js";
