/**
 * Which leaders made the commits of a copy: a position alone does not name a commit, since those that a leader made may be lost with it, and
 * others come in their place. As a log index and its term in Raft (Ongaro and Ousterhout, 2014): two copies in which one leader made the
 * commit at one position are the same up to there.
 *
 * @see https://raft.github.io/raft.pdf
 * @module
 */
import { compareTokens, type Token } from "gen-leader";

/** One commit of one history; `token` is null before the first. */
export interface Mark {
  readonly position: number;
  readonly token: Token | null;
}

/** Tenures that made commits, oldest first, each with the position of its first. */
export type Lineage = readonly { readonly token: Token; readonly first: number }[];

/** How many tenures are remembered. */
export const tenuresLimit = 256;

export const blankLineage: Lineage = [];

/** The lineage with one more commit. */
export function prolonged(lineage: Lineage, { position, token }: { readonly position: number; readonly token: Token }): Lineage {
  const last = lineage.at(-1);
  if (last !== undefined && compareTokens(last.token, token) === 0) return lineage;
  return [...lineage, { token, first: position }].slice(-tenuresLimit);
}

/** Who made the commit at a position, `null` for none; `"forgotten"` if it was too long ago. */
export function tokenAt(lineage: Lineage, position: number): Token | null | "forgotten" {
  if (position === 0) return null;
  const tenure = lineage.findLast(({ first }) => first <= position);
  return tenure?.token ?? "forgotten";
}

/** The last commit of a copy. */
export function markOf({ position, lineage }: { readonly position: number; readonly lineage: Lineage }): Mark {
  const token = tokenAt(lineage, position);
  return { position, token: token === "forgotten" ? null : token };
}

/** Whether a copy holds that commit, and so all that came before it. Of what is too long ago it is believed. */
export function holds({ position, lineage }: { readonly position: number; readonly lineage: Lineage }, mark: Mark): boolean {
  if (mark.position > position) return false;
  const token = tokenAt(lineage, mark.position);
  if (token === "forgotten" || token === null || mark.token === null) return token === "forgotten" || token === mark.token;
  return compareTokens(token, mark.token) === 0;
}
