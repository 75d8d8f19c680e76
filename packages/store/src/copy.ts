/**
 * This peer's copy of a store as its readers see it, and who wants to hear of its changes.
 *
 * @module
 */
import type { Logger } from "gen-leader";
import type { Replica } from "./replica.js";
import type { Change } from "./store.js";
import type { StoreHost } from "./store-host.js";

export type ChangeListener<S> = (state: S, change: Change) => void;

export interface Copy<S> extends Pick<StoreHost<S>, "showCommits" | "showTakenOver"> {
  readonly current: Replica<S>;
  subscribe(listener: ChangeListener<S>): () => void;
}

export function createCopy<S>(blank: Replica<S>, logger: Logger | undefined): Copy<S> {
  let current = blank;
  const listeners = new Set<{ readonly listener: ChangeListener<S> }>();

  function tell(change: Change): void {
    for (const { listener } of [...listeners]) {
      try {
        listener(current.state, change);
      } catch (error) {
        if (logger === undefined) void Promise.reject(error);
        else logger.error("gen-leader: a listener of a store threw", error);
      }
    }
  }

  return {
    get current() {
      return current;
    },
    subscribe(listener) {
      const own = { listener };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    showCommits(replica, commits) {
      current = replica;
      // Listeners hear of every commit, and find the last.
      for (const { position, commands, patches } of commits) tell({ type: "committed", position, commands, patches });
    },
    showTakenOver(replica, lost) {
      if (replica === current) return;
      current = replica;
      const commands = lost?.flatMap((commit) => commit.commands) ?? [];
      tell({ type: "replaced", position: replica.position, hasLost: lost !== null, lost: commands });
    },
  };
}
