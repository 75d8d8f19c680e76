/**
 * A run of broadcasts, as a peer remembers it after the history that they came in.
 *
 * @module
 */
import type { Token } from "./token.js";

/** What a peer has applied of one tenure, in order. What was no message of a user's is left out. */
export interface Stretch {
  readonly token: Token;
  readonly broadcasts: readonly { readonly sequence: number; readonly payload: unknown }[];
}
