/**
 * Peers in the threads of one Node process.
 *
 * @module
 */
export { createWorkerThreadsMedium, type WorkerThreadsMediumOptions, workerThreadsGuarantees } from "./media/worker-threads.js";
