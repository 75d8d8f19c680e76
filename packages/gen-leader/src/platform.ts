/**
 * The platform that this program runs on: looked at when the first server starts, so that importing does nothing.
 *
 * @module
 */
import type { MediumFactory } from "@gen-leader/protocol";
import { createDefaultMedium } from "#default-medium";

let chosen: MediumFactory | null = null;

/** The medium that fits this runtime. @throws UnsupportedRuntimeError if none does */
export const defaultMedium: MediumFactory = (cluster, wishes) => {
  chosen ??= createDefaultMedium();
  return chosen(cluster, wishes);
};
