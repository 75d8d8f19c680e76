/**
 * The medium that fits Node: the threads of this process, whatever pretends to be a window in it.
 *
 * @module
 */
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import type { MediumFactory } from "@gen-leader/protocol";

export function createDefaultMedium(): MediumFactory {
  return createWorkerThreadsMedium();
}
