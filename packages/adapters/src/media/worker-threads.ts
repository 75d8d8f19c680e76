/**
 * The medium of the threads of one Node process, the main thread among them.
 *
 * @module
 */
import type { Guarantees, MediumFactory } from "@gen-leader/protocol";
import { createSystemClock, holdProcess } from "../clocks/system.js";
import { createWorkerThreadsFailureDetector } from "../failure-detectors/worker-threads.js";
import { createWorkerThreadsFence } from "../fences/worker-threads.js";
import { createWorkerThreadsTransport } from "../transports/worker-threads.js";
import { createStation } from "../worker-threads/station.js";

/** Options of the medium. */
export interface WorkerThreadsMediumOptions {
  /** Whether an open peer keeps its thread, and so the process, alive. @default false */
  readonly keepProcessAlive?: boolean;
}

/** What this medium promises. */
export const workerThreadsGuarantees: Guarantees = {
  medium: "worker-threads",
  fence: "shared-memory",
  failureDetection: "perfect",
  census: false,
  caveats: [
    "Peers in other processes are not reached: each process has a leader of its own.",
    "While the main thread is busy, no new links between threads are made: a death may be noticed only when it is free again.",
    "Peers that start apart each make a fence, and agree on one when they first hear each other: until then each may lead.",
  ],
};

/** A medium over `node:worker_threads`. Needs Node 20.19, or 22.5, or later. */
export function createWorkerThreadsMedium({ keepProcessAlive = false }: WorkerThreadsMediumOptions = {}): MediumFactory {
  return (cluster, wishes) => {
    const station = createStation(cluster, keepProcessAlive || (wishes?.keepProcessAlive ?? false));
    return {
      transport: createWorkerThreadsTransport(station),
      failureDetector: createWorkerThreadsFailureDetector(station),
      fence: createWorkerThreadsFence(),
      lifecycle: null,
      clock: createSystemClock(),
      random: () => Math.random(),
      defer: (task) => void setImmediate(task),
      hold: holdProcess,
      clone: (value) => structuredClone(value),
      guarantees: workerThreadsGuarantees,
    };
  };
}
