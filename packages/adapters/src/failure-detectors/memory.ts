/**
 * Who is alive among the peers of one realm: a list in memory, which is never wrong.
 *
 * @module
 */
import type { DownReason, FailureDetector, PeerId } from "@gen-leader/protocol";
import type { Defer } from "../defer.js";

/** One cluster's share of a memory hub: makes its failure detectors and reports the peers that crash. */
export interface MemoryRoll {
  createFailureDetector(): FailureDetector;
  /** As if the peer's realm had ended: it is off the list, its watchers hear `crashed`, itself hears nothing more. */
  crash(peer: PeerId): void;
}

/** A peer's entry in the list, with those who watch it. */
interface Entry {
  readonly self: PeerId;
  readonly watchers: Set<Watch>;
}

interface Watch {
  readonly watcher: Entry;
  readonly onDown: (reason: DownReason) => void;
  ended: boolean;
}

/** The list of one cluster. */
export function createMemoryRoll(defer: Defer): MemoryRoll {
  const entries = new Map<PeerId, Entry>();

  function remove(entry: Entry, reason: DownReason): void {
    if (entries.get(entry.self) !== entry) return;
    entries.delete(entry.self);
    for (const watch of entry.watchers) tell(watch, reason);
  }

  function tell(watch: Watch, reason: DownReason): void {
    defer(() => {
      if (watch.ended || entries.get(watch.watcher.self) !== watch.watcher) return;
      watch.ended = true;
      watch.onDown(reason);
    });
  }

  function createFailureDetector(): FailureDetector {
    let own: Entry | null = null;
    return {
      open(self) {
        own = { self, watchers: new Set() };
        entries.set(self, own);
        return Promise.resolve();
      },
      census: () => Promise.resolve([...entries.keys()]),
      monitor(peer, onDown) {
        if (own === null) return () => undefined;
        const watch: Watch = { watcher: own, onDown, ended: false };
        const watched = entries.get(peer);
        if (watched === undefined) tell(watch, "crashed");
        else watched.watchers.add(watch);
        return () => {
          watch.ended = true;
          watched?.watchers.delete(watch);
        };
      },
      close() {
        if (own !== null) remove(own, "left");
        own = null;
      },
    };
  }

  return {
    createFailureDetector,
    crash(peer) {
      const entry = entries.get(peer);
      if (entry !== undefined) remove(entry, "crashed");
    },
  };
}
