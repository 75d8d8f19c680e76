/**
 * What the leader knows of how far everybody is, itself included.
 *
 * @module
 */
import { compareTokens, type Election, type PeerId, type Token } from "gen-leader";

/** A peer has applied all commits up to `position` of the leader with this token. */
export interface Acknowledgement {
  readonly peer: PeerId;
  readonly token: Token;
  readonly position: number;
}

export interface Acknowledgements {
  /** The position up to which every candidate that the leader counts on has applied what it made. */
  replicated(): number;
  /** The same for the leader itself: what it made counts once its own acknowledgement has come behind it. */
  own(): number;
  note(acknowledgement: Acknowledgement): void;
  /** Another tenure begins: what was acknowledged to the last leader says nothing to this one. */
  clear(): void;
}

/** For one tenure after another of the peer with this view of the cluster. */
export function createAcknowledgements(election: Election): Acknowledgements {
  const positions = new Map<PeerId, number>();
  const positionOf = (peer: PeerId): number => positions.get(peer) ?? 0;
  return {
    replicated() {
      const { inStep, self } = election;
      const workers = new Set(election.workers);
      // Workers never lead: what is to survive a leader need not have reached them.
      return Math.min(positionOf(self), ...inStep.filter((peer) => !workers.has(peer)).map(positionOf));
    },
    own: () => positionOf(election.self),
    note({ peer, token, position }) {
      if (election.token === null || compareTokens(token, election.token) !== 0) return;
      positions.set(peer, Math.max(position, positionOf(peer)));
    },
    clear: () => positions.clear(),
  };
}
