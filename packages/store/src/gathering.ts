/**
 * What a leader that may lack something does before it serves: it hears from everybody who is in step how far they are, and asks who is farthest for
 * what it has. As in Paxos, whoever was acknowledged anything by the last leader is among them.
 *
 * @see https://lamport.azurewebsites.net/pubs/paxos-simple.pdf
 * @module
 */
import { compareTokens, type PeerId } from "gen-leader";
import type { Mark } from "./lineage.js";

export interface Gathering {
  /** A peer has told how far it is. */
  note(peer: PeerId, mark: Mark): void;
  /** A peer is gone. */
  forget(peer: PeerId): void;
  /** Who has the most: the leader itself, which is at `own`, one of the others, or nobody knows yet, since one of them has not told. */
  best(others: readonly PeerId[], own: Mark): PeerId | "own" | "unknown";
  /** Whether it is to be asked now: it was not asked last. */
  ask(peer: PeerId): boolean;
  /** Whether anybody has told anything. */
  readonly hasOthers: boolean;
}

export function createGathering(): Gathering {
  const marks = new Map<PeerId, Mark>();
  let asked: PeerId | null = null;
  return {
    note: (peer, mark) => void marks.set(peer, mark),
    forget(peer) {
      marks.delete(peer);
      if (asked === peer) asked = null;
    },
    best(others, own) {
      let best: { readonly peer: PeerId | "own"; readonly mark: Mark } = { peer: "own", mark: own };
      for (const peer of others) {
        const mark = marks.get(peer);
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
    get hasOthers() {
      return marks.size > 0;
    },
  };
}

/** Of two histories, the one that ends in the later tenure has all that was acknowledged in the other; within one tenure, the longer. */
function compareMarks(one: Mark, other: Mark): number {
  return compareTokens(one.token, other.token) || one.position - other.position;
}
