/**
 * The watches of one peer: requests for the locks that other peers hold, each granted when that peer is gone.
 *
 * @module
 */
import type { Clock, PeerId } from "@gen-leader/protocol";
import { peerLockName } from "./lock-names.js";
import type { Locks } from "./locks.js";

/** How long the browser is given to take back the locks of a page that leaves. */
const leavingMs = 50;

interface Watch {
  readonly peer: PeerId;
  /** Whom to tell; null once whoever asked has ended it. It stands for a moment longer, to tell when the watched has left for good. */
  gone: (() => void) | null;
  /** Resolves when the watched is gone, or when that will not be known. */
  readonly over: Promise<void>;
  withdraw(): void;
}

/** Whom a peer watches, and who of them is just leaving. */
export interface Watches {
  /** Calls `gone` once, when `peer` has given its lock back. Returns what ends the watch. */
  watch(peer: PeerId, gone: () => void): () => void;
  /**
   * Calls `action` once those of `peers` that are watched, or were until just now, are gone; or, if they stay, a moment later. At once if none
   * of them is. Without `peers`: all whose watch has just ended. Returns what prevents it.
   *
   * A page on its way into the back/forward cache tells the others that it leaves before the browser has taken its locks back, and Chromium
   * throws it out of the cache if anybody looks at its locks, or asks for one of them, in between.
   */
  afterLeaving(action: () => void, peers?: readonly PeerId[]): () => void;
  /** Ends all watches at once. */
  close(): void;
}

export function createWatches(cluster: string, locks: Locks, clock: Pick<Clock, "schedule">): Watches {
  const watches = new Set<Watch>();
  let hasLooked = false;

  /**
   * Makes Chromium drop a page from the back/forward cache that holds a lock of ours there. It must come before the
   * request: one for a lock that is held in the cache and waited for strands the whole queue.
   */
  function dropCachedHolders(): void {
    if (hasLooked) return;
    hasLooked = true;
    queueMicrotask(() => {
      hasLooked = false;
    });
    locks.query().catch(() => undefined);
  }

  function moment(): Promise<void> {
    return new Promise((resolve) => {
      clock.schedule(resolve, leavingMs);
    });
  }

  function afterLeaving(action: () => void, peers?: readonly PeerId[]): () => void {
    const leaving = [...watches].filter(({ peer, gone }) => (peers === undefined ? gone === null : peers.includes(peer)));
    let isPrevented = false;
    const act = (): void => {
      if (!isPrevented) action();
    };
    if (leaving.length === 0) act();
    else void Promise.race([Promise.all(leaving.map(({ over }) => over)), moment()]).then(act);
    return () => {
      isPrevented = true;
    };
  }

  /** Asks for the lock of a peer; `watch.gone` says whether anybody wants to know. */
  function begin(peer: PeerId): Watch {
    const withdrawal = new AbortController();
    const { signal } = withdrawal;
    const granted = (): undefined => {
      watches.delete(watch);
      watch.gone?.();
    };
    const over = new Promise<void>((resolve) => {
      afterLeaving(() => {
        if (signal.aborted) return resolve();
        dropCachedHolders();
        // A watch that is refused, as in a document that is going away, tells nothing of the watched.
        const request = locks.request(peerLockName(cluster, peer), { mode: "shared", signal }, granted);
        void request.catch(() => undefined).then(() => resolve());
      });
    });
    const watch: Watch = {
      peer,
      gone: null,
      over,
      withdraw() {
        watches.delete(watch);
        withdrawal.abort();
      },
    };
    watches.add(watch);
    void over.then(() => watches.delete(watch));
    return watch;
  }

  return {
    watch(peer, gone) {
      // One that was just ended goes on, without a look at anybody's locks.
      const watch = [...watches].find((other) => other.peer === peer && other.gone === null) ?? begin(peer);
      watch.gone = gone;
      return () => {
        if (watch.gone !== gone) return;
        watch.gone = null;
        void moment().then(() => {
          if (watch.gone === null) watch.withdraw();
        });
      };
    },
    afterLeaving,
    close() {
      for (const watch of [...watches]) {
        watch.gone = null;
        watch.withdraw();
      }
    },
  };
}
