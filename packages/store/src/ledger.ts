/**
 * What a peer has of a store: a committed part, which no crash that leaves one of those in step can take away, and which readers see; and
 * tentative commits on top, which nobody sees and nobody was told of.
 *
 * @module
 */
import { holds, markOf } from "./lineage.js";
import { applied, type Commit, type Replica } from "./replica.js";

export interface Ledger<S> {
  readonly committed: Replica<S>;
  /** What follows, oldest first, each with what it makes. */
  readonly tentative: readonly TentativeCommit<S>[];
}

export interface TentativeCommit<S> {
  readonly commit: Commit;
  readonly replica: Replica<S>;
}

/** A ledger on its way to another peer. */
export interface SentLedger<S> {
  readonly committed: Replica<S>;
  readonly tentative: readonly Commit[];
}

/** What the next commit is made on. */
export function latestOf<S>({ committed, tentative }: Ledger<S>): Replica<S> {
  return tentative.at(-1)?.replica ?? committed;
}

/** The ledger with one more tentative commit. @throws if it does not fit */
export function withTentative<S extends object>(ledger: Ledger<S>, commit: Commit): Ledger<S> {
  return { ...ledger, tentative: [...ledger.tentative, { commit, replica: applied(latestOf(ledger), commit) }] };
}

/** The ledger in which everything up to `position` is committed. */
export function withCommitted<S>(ledger: Ledger<S>, position: number): Ledger<S> {
  const last = ledger.tentative.findLast(({ commit }) => commit.position <= position);
  if (last === undefined) return ledger;
  return { committed: last.replica, tentative: ledger.tentative.filter(({ commit }) => commit.position > position) };
}

export function sendLedger<S>({ committed, tentative }: Ledger<S>): SentLedger<S> {
  return { committed, tentative: tentative.map(({ commit }) => commit) };
}

/**
 * What a peer with `before` makes of a leader's ledger. What it knows to be committed stays so, although the leader may not have heard of
 * that; unless the leader does not have it at all.
 */
export function receiveLedger<S extends object>(before: Replica<S>, { committed, tentative }: SentLedger<S>): Ledger<S> {
  const received = tentative.reduce<Ledger<S>>(withTentative, { committed, tentative: [] });
  if (!holds(latestOf(received), markOf(before))) return received;
  const ledger = withCommitted(received, before.position);
  // The same commits have made the same: readers keep the very objects that they have.
  return ledger.committed.position === before.position ? { ...ledger, committed: before } : ledger;
}

/** The tentative commits of a ledger up to a position. */
export function commitsUpTo<S>({ tentative }: Ledger<S>, position: number): readonly Commit[] {
  return tentative.flatMap(({ commit }) => (commit.position <= position ? [commit] : []));
}
