/**
 * Peers in the threads of one Node process.
 *
 * @module
 */
export { createWorkerThreadsMedium, type WorkerThreadsMediumOptions } from "./media/worker-threads.js";
