/**
 * What a leader that may lack something does before it serves: it hears from everybody who is in step how far they are, and asks who is farthest for
 * what it has. As in Paxos, whoever was acknowledged anything by the last leader is among them.
 *
 * @see https://lamport.azurewebsites.net/pubs/paxos-simple.pdf
 * @module
 */
import { compareTokens, type PeerId } from "gen-leader";
import type { Mark } from "./lineage.js";

/** What a peer tells. */
interface Told {
  readonly mark: Mark;
  /** Whether it had everything under the last leader. */
  readonly wasInStep: boolean;
}

export interface Gathering {
  /** A peer has told how far it is. */
  note(peer: PeerId, told: Told): void;
  /** A peer is gone. */
  forget(peer: PeerId): void;
  /** Who has the most: the leader itself, which is at `own`, one of the others, or nobody knows yet, since one of them has not told. */
  best(others: readonly PeerId[], own: Mark): PeerId | "own" | "unknown";
  /** Whether it is to be asked now: it was not asked last. */
  ask(peer: PeerId): boolean;
  /** Whether one of them had everything under the last leader. */
  readonly isComplete: boolean;
}

export function createGathering(): Gathering {
  const all = new Map<PeerId, Told>();
  let asked: PeerId | null = null;
  return {
    note: (peer, told) => void all.set(peer, told),
    forget(peer) {
      all.delete(peer);
      if (asked === peer) asked = null;
    },
    best(others, own) {
      let best: { readonly peer: PeerId | "own"; readonly mark: Mark } = { peer: "own", mark: own };
      for (const peer of others) {
        const mark = all.get(peer)?.mark;
        if (mark === undefined) return "unknown";
        if (compareMarks(mark, best.mark) > 0) best = { peer, mark };
      }
      return best.peer;
    },
    ask(peer) {
      const isNew = asked !== peer;
      asked = peer;
      return isNew;
    },
    get isComplete() {
      return [...all.values()].some(({ wasInStep }) => wasInStep);
    },
  };
}

/** Of two histories, the one that ends in the later tenure has all that was acknowledged in the other; within one tenure, the longer. */
function compareMarks(one: Mark, other: Mark): number {
  return compareTokens(one.token, other.token) || one.position - other.position;
}
