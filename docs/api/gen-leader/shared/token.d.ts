import { g as PeerId } from "./ports.js";

//#region ../protocol/src/token.d.ts
/**
 * Fencing token of one tenure. Totally ordered, by epoch and then by leader, since without a fence two peers
 * can win one epoch. A protected resource remembers the largest it has seen and refuses smaller ones.
 */
interface Token {
  /** Number of a won election; at every peer it only grows. Not below the wall clock in milliseconds at the time of the campaign. */
  readonly epoch: number;
  readonly leader: PeerId;
}
/**
 * What a peer has applied: broadcasts 1 to `sequence` of the tenure `token`, and before them that tenure's
 * sync. Two positions extend one another only within one token; `null` is a peer that starts blank.
 */
interface Position {
  readonly token: Token | null;
  readonly sequence: number;
  /**
   * The tenure in which this history's first message was broadcast; `null` as long as there was none, and there is nothing to
   * lose. Two histories with different roots were begun apart, by peers that could not hear each other.
   */
  readonly root: Token | null;
}
/** The position of a peer that has never had a leader. */
declare const blank: Position;
/** Whether the history at `theirs` may follow, or replace, the one at `ours`: it is the same one, or there is nothing in ours to lose. */
declare function mayAdopt(ours: Position, theirs: Position): boolean;
/** Negative if `a` is the smaller token, 0 if they are the same, positive if it is the larger; `null` is the smallest. */
declare function compareTokens(a: Token | null, b: Token | null): number;
/** Whether two tokens are of one tenure. */
declare function sameToken(a: Token | null, b: Token | null): boolean;
/** Orders positions by how far they have got: those with anything in their history first, then the later tenure, within one the larger sequence. */
declare function comparePositions(a: Position, b: Position): number;
//#endregion
export { compareTokens as a, comparePositions as i, Token as n, mayAdopt as o, blank as r, sameToken as s, Position as t };