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
}
/** The position of a peer that has never had a leader. */
declare const blank: Position;
/** Negative if `a` is the smaller token, 0 if they are the same, positive if it is the larger; `null` is the smallest. */
declare function compareTokens(a: Token | null, b: Token | null): number;
/** Whether two tokens are of one tenure. */
declare function sameToken(a: Token | null, b: Token | null): boolean;
/** Orders positions by how far they have got: the later tenure first, within one the larger sequence. */
declare function comparePositions(a: Position, b: Position): number;
//#endregion
export { compareTokens as a, comparePositions as i, Token as n, sameToken as o, blank as r, Position as t };