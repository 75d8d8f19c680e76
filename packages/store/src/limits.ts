/**
 * How much of everything a store keeps at hand.
 *
 * @module
 */
export interface StoreLimits {
  /** Commits that may be tentative: while a peer hangs, they grow. */
  readonly tentative: number;
  /** Commits that a leader tells everybody who surrenders to it: most lack few. */
  readonly tail: number;
  /** Commits that are remembered for whoever lacks more. */
  readonly recent: number;
  /** What they may weigh, about in bytes. */
  readonly recentWeight: number;
  /** What a part of something large may weigh, about in bytes, and how many parts go at once: so few that nobody stands still for them. */
  readonly piece: number;
  readonly batch: number;
  /** What the stored commits may weigh before the copy is written anew, however small that is. */
  readonly log: number;
}

export const defaultStoreLimits: StoreLimits = {
  tentative: 4096,
  tail: 64,
  recent: 1024,
  recentWeight: 1_000_000,
  piece: 65_536,
  batch: 4,
  log: 262_144,
};
