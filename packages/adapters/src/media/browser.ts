/**
 * The medium of the tabs, frames and workers of one origin.
 *
 * @module
 */
import type { Guarantees, MediumFactory, MediumWishes } from "@gen-leader/protocol";
import { createPageClock } from "../clocks/page.js";
import { createDefer } from "../defer.js";
import { createWebLocksFailureDetector } from "../failure-detectors/web-locks.js";
import { createWebLocksFence } from "../fences/web-locks.js";
import { createPageLifecycle } from "../lifecycles/page.js";
import { createBroadcastChannelTransport } from "../transports/broadcast-channel.js";
import type { Locks } from "../web-locks/locks.js";
import { createWatches } from "../web-locks/watches.js";
import { createWorkerLocks } from "../web-locks/worker-locks.js";

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
    "A leader in a worker whose page is kept in the back/forward cache is not told; it is replaced when a call or a newcomer needs it, in Chromium also when another page is shown.",
  ],
};

/**
 * A medium over BroadcastChannel and Web Locks. Needs a secure context: https, or localhost. Peers that wish it
 * (`keepAwake: false`) have their locks held by a worker, which does not keep their page from being frozen.
 */
export function createBrowserMedium(): MediumFactory {
  let sleeping: Locks | null = null;

  function locksFor({ keepAwake = true }: MediumWishes): Locks {
    // Only pages are frozen; in a worker there is nothing to do.
    if (keepAwake || typeof document === "undefined") return navigator.locks;
    sleeping ??= createWorkerLocks(navigator.locks);
    return sleeping;
  }

  return (cluster, wishes = {}) => {
    const locks = locksFor(wishes);
    const clock = createPageClock();
    const watches = createWatches(cluster, locks, clock);
    return {
      transport: createBroadcastChannelTransport(cluster),
      failureDetector: createWebLocksFailureDetector(cluster, locks, watches),
      fence: createWebLocksFence(cluster, locks, watches),
      lifecycle: createPageLifecycle(),
      clock,
      random: () => Math.random(),
      defer: createDefer(),
      clone: (value) => structuredClone(value),
      guarantees: browserGuarantees,
    };
  };
}
