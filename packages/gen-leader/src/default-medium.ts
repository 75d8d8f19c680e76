/**
 * The medium that fits this runtime.
 *
 * @module
 */
import { createMemoryMedium } from "@gen-leader/adapters/memory";
import type { MediumFactory } from "@gen-leader/protocol";

export function createDefaultMedium(): MediumFactory {
  return createMemoryMedium();
}
