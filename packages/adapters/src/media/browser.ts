/**
 * The medium of the tabs, frames and workers of one origin.
 *
 * @module
 */
import type { Guarantees, MediumFactory } from "@gen-leader/protocol";
import { createSystemClock } from "../clocks/system.js";
import { createWebLocksFailureDetector } from "../failure-detectors/web-locks.js";
import { createWebLocksFence } from "../fences/web-locks.js";
import { createPageLifecycle } from "../lifecycles/page.js";
import { createBroadcastChannelTransport } from "../transports/broadcast-channel.js";

/** What this medium promises. */
export const browserGuarantees: Guarantees = {
  medium: "browser",
  fence: "web-lock",
  failureDetection: "perfect",
  census: true,
  caveats: [
    "Peers in another origin, profile, private window or storage partition are not reached: each has a leader of its own.",
    "A leader that is stolen from while it hangs learns of it when it goes on; nothing of it takes effect until then.",
    "A busy worker that is terminated counts as alive for two seconds in Chromium.",
  ],
};

/** A medium over BroadcastChannel and Web Locks. Needs a secure context: https, or localhost. */
export function createBrowserMedium(): MediumFactory {
  return (cluster) => ({
    transport: createBroadcastChannelTransport(cluster),
    failureDetector: createWebLocksFailureDetector(cluster),
    fence: createWebLocksFence(cluster),
    lifecycle: createPageLifecycle(),
    clock: createSystemClock(),
    random: () => Math.random(),
    clone: (value) => structuredClone(value),
    guarantees: browserGuarantees,
  });
}
