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
  readonly settled: Promise<void>;
  /** Prevents that it is withdrawn, which is due some time after it was ended. */
  keep(): void;
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
  /** What is to happen in a moment. */
  const moments = new Set<() => void>();
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

  /** Calls `action` after the time that leaving takes. Returns what prevents it, as closing does. */
  function afterAMoment(action: () => void): () => void {
    const cancel = clock.schedule(() => {
      moments.delete(cancel);
      action();
    }, leavingMs);
    moments.add(cancel);
    return () => {
      moments.delete(cancel);
      cancel();
    };
  }

  function afterLeaving(action: () => void, peers?: readonly PeerId[]): () => void {
    const leaving = [...watches].filter(({ peer, gone }) => (peers === undefined ? gone === null : peers.includes(peer)));
    if (leaving.length === 0) {
      action();
      return () => undefined;
    }
    let isOver = false;
    const act = (): void => {
      cancel();
      if (!isOver) action();
      isOver = true;
    };
    const cancel = afterAMoment(act);
    void Promise.all(leaving.map(({ settled }) => settled)).then(act);
    return () => {
      cancel();
      isOver = true;
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
    const settled = new Promise<void>((resolve) => {
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
      settled,
      keep: () => undefined,
      withdraw() {
        watches.delete(watch);
        withdrawal.abort();
      },
    };
    watches.add(watch);
    void settled.then(() => watches.delete(watch));
    return watch;
  }

  return {
    watch(peer, gone) {
      // One that was just ended goes on, without a look at anybody's locks.
      const watch = [...watches].find((other) => other.peer === peer && other.gone === null) ?? begin(peer);
      watch.keep();
      watch.gone = gone;
      return () => {
        if (watch.gone !== gone) return;
        watch.gone = null;
        watch.keep = afterAMoment(() => watch.withdraw());
      };
    },
    afterLeaving,
    close() {
      // A page that stands still has nothing to do in a moment.
      for (const cancel of moments) cancel();
      moments.clear();
      for (const watch of [...watches]) {
        watch.gone = null;
        watch.withdraw();
      }
    },
  };
}
