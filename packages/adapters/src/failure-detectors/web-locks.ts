/**
 * Who is alive in an origin: each peer holds a Web Lock of its own, which the browser takes back when its realm ends.
 *
 * @module
 */
import type { FailureDetector, PeerId } from "@gen-leader/protocol";
import { holdLock } from "../web-locks/hold-lock.js";
import { peerLockName, peerOfLock } from "../web-locks/lock-names.js";
import type { Locks } from "../web-locks/locks.js";

/**
 * The failure detector of one peer. A watch is a request for the lock of the watched in shared mode, which is granted when
 * that peer is gone: some 40 ms after a tab was closed, 4 ms after a worker was terminated (2 s if it was busy, in
 * Chromium). A peer that is busy or frozen keeps its lock and is not down.
 */
export function createWebLocksFailureDetector(cluster: string, locks: Locks = navigator.locks): FailureDetector {
  const watches = new Set<() => void>();
  let giveBack: (() => void) | null = null;
  let hasQueried = false;

  /**
   * Makes Chromium drop a page from the back/forward cache that holds a lock of ours there. It must come before the
   * request: one for a lock that is held in the cache and waited for strands the whole queue.
   */
  function dropCachedHolders(): void {
    if (hasQueried) return;
    hasQueried = true;
    queueMicrotask(() => {
      hasQueried = false;
    });
    locks.query().catch(() => undefined);
  }

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
    monitor(peer: PeerId, onDown) {
      if (giveBack === null) return () => undefined;
      const withdrawal = new AbortController();
      const end = (): void => {
        watches.delete(end);
        withdrawal.abort();
      };
      watches.add(end);
      dropCachedHolders();
      const granted = (): undefined => {
        if (watches.delete(end)) onDown("crashed");
      };
      // A watch that is refused, as in a document that is going away, tells nothing of the watched.
      locks.request(peerLockName(cluster, peer), { mode: "shared", signal: withdrawal.signal }, granted).catch(() => undefined);
      return end;
    },
    close() {
      for (const end of watches) end();
      giveBack?.();
      giveBack = null;
    },
  };
}
