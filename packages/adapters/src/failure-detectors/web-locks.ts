/**
 * Who is alive in an origin: each peer holds a Web Lock of its own, which the browser takes back when its realm ends.
 *
 * @module
 */
import type { FailureDetector } from "@gen-leader/protocol";
import { holdLock } from "../web-locks/hold-lock.js";
import { peerLockName, peerOfLock } from "../web-locks/lock-names.js";
import type { Locks } from "../web-locks/locks.js";
import type { Watches } from "../web-locks/watches.js";

/**
 * The failure detector of one peer. A watch is a request for the lock of the watched in shared mode, which is granted when
 * that peer is gone: some 40 ms after a tab was closed, 4 ms after a worker was terminated (2 s if it was busy, in
 * Chromium). A peer that is busy or frozen keeps its lock and is not down.
 */
export function createWebLocksFailureDetector(cluster: string, locks: Locks, watches: Watches): FailureDetector {
  let giveBack: (() => void) | null = null;

  return {
    open(self) {
      return new Promise((resolve, reject) => {
        giveBack = holdLock(locks, peerLockName(cluster, self), { granted: resolve, ended: reject });
      });
    },
    async census() {
      const { held = [] } = await locks.query();
      // Shared ones are watches of a peer that has just died.
      return held.flatMap(({ name = "", mode }) => {
        const peer = mode === "exclusive" ? peerOfLock(cluster, name) : null;
        return peer === null ? [] : [peer];
      });
    },
    monitor: (peer, onDown) => (giveBack === null ? () => undefined : watches.watch(peer, () => onDown("crashed"))),
    close() {
      watches.close();
      giveBack?.();
      giveBack = null;
    },
  };
}
