/**
 * What a leader tells those who surrender to it: not what it has, which may be large, but what that is made of, and the last commits. As in
 * Raft, whoever has the same commit at the same position has the same before it.
 *
 * @module
 */
import { type Ledger, latestOf, withCommitted, withTentative } from "./ledger.js";
import { holds, type Lineage, markOf } from "./lineage.js";
import type { RecentCommits } from "./recent-commits.js";
import type { Commit, Replica } from "./replica.js";
import { weigh } from "./weight.js";

export interface Offer {
  /** Of the leader's last commit. */
  readonly position: number;
  readonly lineage: Lineage;
  /** Up to where the leader's commits are committed. */
  readonly committed: number;
  /** The leader's last commits. */
  readonly tail: readonly Commit[];
}

/** What the last commits in an offer may weigh: it goes to everybody, and most lack few. */
const tailWeight = 16_384;

/** With at most `length` commits. */
export function offerOf<S>(ledger: Ledger<S>, recent: RecentCommits, length: number): Offer {
  const { position, lineage } = latestOf(ledger);
  let tail = recent.last(length, position);
  while (weigh(tail, tailWeight) > tailWeight) tail = tail.slice(Math.ceil(tail.length / 2));
  return { position, lineage, committed: ledger.committed.position, tail };
}

/** What a peer makes of a leader's offer: `null` if it has to ask for more. What it knows to be committed stays so, although the leader may not have heard of that. */
export function acceptOffer<S extends object>(before: Ledger<S>, { tail, ...leader }: Offer): Ledger<S> | null {
  const isShared = (replica: Replica<S>): boolean => holds(leader, markOf(replica));
  if (!isShared(before.committed)) return null;
  const tentative = before.tentative.filter(({ replica }) => isShared(replica));
  const shared = { committed: before.committed, tentative };
  const missing = tail.filter(({ position }) => position > latestOf(shared).position);
  if (latestOf(shared).position + missing.length !== leader.position) return null;
  return withCommitted(missing.reduce<Ledger<S>>(withTentative, shared), Math.max(leader.committed, before.committed.position));
}
