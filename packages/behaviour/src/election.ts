/**
 * The read-only view of a cluster that every peer has.
 *
 * @module
 */
import type { Member, PeerId, Token } from "@gen-leader/protocol";

/** What a peer is doing about leadership. */
export type ElectionPhase =
  /** Looking for a leader, or waiting for a better candidate to lead. */
  | "joining"
  /** Trying to lead. */
  | "contending"
  /** Has acknowledged a contender and waits for its announcement. */
  | "halted"
  /** Follows `leader`. */
  | "following"
  /** Leads. */
  | "leading"
  /** Suspended in the back/forward cache or frozen, or ended. */
  | "away";

/**
 * The cluster as this peer knows it: live, and as true on followers as on the leader, which broadcasts every
 * change. Erlang's `alive/1`, `down/1`, `candidates/1`, `workers/1` and `leader_node/1`.
 */
export interface Election {
  /** This peer. Changes when it comes back as a new incarnation. */
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  /** Who leads, or `null` while nobody is known to. */
  readonly leader: PeerId | null;
  /** Whether this peer leads. */
  readonly isLeader: boolean;
  /** Fencing token of the current leader, or of the last one while none is known; `null` before the first. */
  readonly token: Token | null;
  /** Number of that won election; 0 before the first. At every peer it only grows. */
  readonly epoch: number;
  /** Every peer that is up, this one included, in order of rank. */
  readonly alive: readonly PeerId[];
  /** Peers that went down, latest first, and candidates on the list that are not up. No peer twice. */
  readonly down: readonly PeerId[];
  /** Peers that may lead, in order of rank. */
  readonly candidates: readonly PeerId[];
  /** Peers that may never lead. */
  readonly workers: readonly PeerId[];
  /** The peers that the leader counts on, itself included. */
  readonly inStep: readonly PeerId[];
  /** What is known of every peer that is up, in order of rank. */
  readonly members: readonly Member[];
  /** Position of the last broadcast that this peer has applied within `token`. */
  readonly applied: number;
}
