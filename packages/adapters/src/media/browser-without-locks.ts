/**
 * The medium of tabs, frames and workers where Web Locks are missing: an insecure context, or an old browser.
 *
 * @module
 */
import type { Guarantees, MediumFactory } from "@gen-leader/protocol";
import { createPageClock } from "../clocks/page.js";
import { createDefer } from "../defer.js";
import { createHeartbeatFailureDetector, type HeartbeatOptions } from "../failure-detectors/heartbeat.js";
import { createPageLifecycle } from "../lifecycles/page.js";
import { createBroadcastChannelTransport } from "../transports/broadcast-channel.js";

/** What this medium promises. */
export const browserWithoutLocksGuarantees: Guarantees = {
  medium: "browser-without-locks",
  fence: "none",
  failureDetection: "heartbeat",
  census: false,
  caveats: [
    "Nothing makes leadership exclusive: two peers may lead at once under different tokens, until they hear each other.",
    "A peer that dies without a good-bye is noticed after three seconds of silence, later if it is in a hidden page.",
    "A peer whose page stands still counts as down, and joins again when it goes on.",
    "Serve the page over https, or from localhost, to have Web Locks.",
  ],
};

/** A medium over BroadcastChannel alone, with heartbeats. */
export function createBrowserWithoutLocksMedium(options: HeartbeatOptions = {}): MediumFactory {
  return (cluster) => ({
    transport: createBroadcastChannelTransport(cluster),
    failureDetector: createHeartbeatFailureDetector(cluster, options),
    fence: null,
    lifecycle: createPageLifecycle(),
    clock: createPageClock(),
    random: () => Math.random(),
    defer: createDefer(),
    clone: (value) => structuredClone(value),
    guarantees: browserWithoutLocksGuarantees,
  });
}
