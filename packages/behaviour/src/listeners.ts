/**
 * The listeners of a user: called from within the core's work, which what they throw must not disturb.
 *
 * @module
 */
import type { Logger } from "@gen-leader/protocol";

/** Calls a listener. What it throws goes to the logger, or where there is none to the platform, as an unhandled rejection. */
export function callListener(listener: () => void, logger: Logger | undefined): void {
  try {
    listener();
  } catch (error) {
    if (logger === undefined) void Promise.reject(error);
    else logger.error("gen-leader: a listener threw", error);
  }
}
