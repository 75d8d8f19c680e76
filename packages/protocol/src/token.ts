/**
 * Fencing tokens and positions: the two orders that everything else hangs on.
 *
 * @module
 */
import type { PeerId } from "./peer.js";

/**
 * Fencing token of one tenure. Totally ordered, by epoch and then by leader, since without a fence two peers
 * can win one epoch. A protected resource remembers the largest it has seen and refuses smaller ones.
 */
export interface Token {
  /** Number of a won election; at every peer it only grows. Not below the wall clock in milliseconds at the time of the campaign. */
  readonly epoch: number;
  readonly leader: PeerId;
}

/**
 * What a peer has applied: broadcasts 1 to `sequence` of the tenure `token`, and before them that tenure's
 * sync. Two positions extend one another only within one token; `null` is a peer that starts blank.
 */
export interface Position {
  readonly token: Token | null;
  readonly sequence: number;
  /**
   * The tenure in which this history's first message was broadcast; `null` as long as there was none, and there is nothing to
   * lose. Two histories with different roots were begun apart, by peers that could not hear each other.
   */
  readonly root: Token | null;
}

/** The position of a peer that has never had a leader. */
export const blank: Position = { token: null, sequence: 0, root: null };

/** Whether the history at `theirs` may follow, or replace, the one at `ours`: it is the same one, or there is nothing in ours to lose. */
export function mayAdopt(ours: Position, theirs: Position): boolean {
  return ours.root === null || sameToken(ours.root, theirs.root);
}

/** Negative if `a` is the smaller token, 0 if they are the same, positive if it is the larger; `null` is the smallest. */
export function compareTokens(a: Token | null, b: Token | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.leader === b.leader) return 0;
  return a.leader < b.leader ? -1 : 1;
}

/** Whether two tokens are of one tenure. */
export function sameToken(a: Token | null, b: Token | null): boolean {
  return compareTokens(a, b) === 0;
}

/** Orders positions by how far they have got: those with anything in their history first, then the later tenure, within one the larger sequence. */
export function comparePositions(a: Position, b: Position): number {
  return Number(a.root !== null) - Number(b.root !== null) || compareTokens(a.token, b.token) || a.sequence - b.sequence;
}
