/**
 * What the leader knows of how far everybody is, itself and its storage included.
 *
 * @module
 */
import { compareTokens, type Election, type PeerId } from "gen-leader";
import type { Notice } from "./store-types.js";

export interface Acknowledgements {
  /** The position up to which every candidate that the leader counts on has applied what it made. */
  replicated(): number;
  /** The same for the leader itself: what it made counts once its own acknowledgement has come behind it. */
  own(): number;
  /** The position up to which it is known whether what this leader has is stored. */
  stored(): number;
  /** Whether the commit at a position, up to there, is. */
  isStored(position: number): boolean;
  note(notice: Extract<Notice, { type: "applied" | "stored" }>): void;
  /** A peer is behind: nobody waits for it until it says that it has applied something. */
  exclude(peer: PeerId): void;
  /** Another tenure begins: what was acknowledged to the last leader says nothing to this one. */
  clear(): void;
}

/** For one tenure after another of the peer with this view of the cluster. */
export function createAcknowledgements(election: Election): Acknowledgements {
  const positions = new Map<PeerId, number>();
  /** Up to where it is known whether it is stored, and up to where it is. */
  let [known, sure] = [0, 0];
  const behind = new Set<PeerId>();
  const positionOf = (peer: PeerId): number => positions.get(peer) ?? 0;
  return {
    replicated() {
      const { inStep, self } = election;
      const workers = new Set(election.workers);
      // Workers never lead: what is to survive a leader need not have reached them.
      return Math.min(positionOf(self), ...inStep.filter((peer) => !workers.has(peer) && !behind.has(peer)).map(positionOf));
    },
    stored: () => known,
    isStored: (position) => position <= sure,
    own: () => positionOf(election.self),
    note(notice) {
      const { token, position } = notice;
      if (election.token === null || compareTokens(token, election.token) !== 0) return;
      if (notice.type === "applied") {
        behind.delete(notice.peer);
        positions.set(notice.peer, Math.max(position, positionOf(notice.peer)));
      } else {
        known = Math.max(position, known);
        if (notice.isStored) sure = known;
      }
    },
    exclude: (peer) => void behind.add(peer),
    clear() {
      positions.clear();
      behind.clear();
      [known, sure] = [0, 0];
    },
  };
}
