/**
 * The medium that fits Node: the threads of this process, whatever pretends to be a window in it.
 *
 * @module
 */
import workerThreads from "node:worker_threads";
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import { UnsupportedRuntimeError } from "@gen-leader/behaviour";
import type { MediumFactory } from "@gen-leader/protocol";

/** @throws UnsupportedRuntimeError where threads cannot reach each other */
export function createDefaultMedium(): MediumFactory {
  if (typeof workerThreads.postMessageToThread !== "function") {
    throw new UnsupportedRuntimeError(
      "This runtime has no postMessageToThread in node:worker_threads. Use Node 20.19, 22.5 or later, Deno 2 or Bun 1.4.",
    );
  }
  return createWorkerThreadsMedium();
}
