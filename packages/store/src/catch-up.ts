/**
 * How a peer comes to have what its leader has: by the last commits in the leader's offer, as a rule; else by what it asks for, which is sent in
 * pieces while everybody goes on. Until then it is *behind*: it shows what it has, and applies what it hears meanwhile later.
 *
 * @module
 */
import type { PeerId, Token } from "gen-leader";
import { commitsUpTo, type Ledger, latestOf, receiveLedger, sendLedger, withCommitted, withTentative } from "./ledger.js";
import type { StoreLimits } from "./limits.js";
import { holds, type Mark, markOf } from "./lineage.js";
import { acceptOffer, type Offer } from "./offer.js";
import { type Assembly, createAssembly, type Piece } from "./pieces.js";
import type { RecentCommits } from "./recent-commits.js";
import type { Commit } from "./replica.js";
import type { StoreHost } from "./store-host.js";
import type { Entry, Parcel } from "./store-types.js";
import { createTransfers } from "./transfers.js";

/** Who this peer is, and in which tenure. */
export interface Place {
  readonly self: PeerId;
  readonly token: Token;
}

export interface CatchUp<S> {
  /** Whether this peer lacks what others have. */
  readonly isBehind: boolean;
  /** Another tenure begins. `lost` is what the leader does not have of what this peer has applied; `hadAll` whether this peer had everything in the last one. */
  begin(lost: readonly Entry[], hadAll: boolean): void;
  /** A leader has said what it has; `null` if it is itself behind. If this peer cannot have all of it now, it is behind from then on. */
  take(ledger: Ledger<S>, offer: Offer | null, place: Place): Ledger<S>;
  /** The leader has broadcast something. */
  hear(ledger: Ledger<S>, entry: Entry): Ledger<S>;
  /** Asks a peer for what this one lacks. */
  ask(ledger: Ledger<S>, of: PeerId, place: Place): void;
  /** What was asked for has come, a part of it. True if all of it is there. */
  receive(pieces: readonly Piece[], request: number, place: Place): boolean;
  /** Has all that was received, and what was heard since. */
  finish(ledger: Ledger<S>, token: Token): Ledger<S>;
  /** This peer leads, and nobody has more than it. */
  lead(token: Token): void;
  /** Sends to a peer what it lacks that has committed up to the mark. */
  supply(ledger: Ledger<S>, to: PeerId, mark: Mark, request: number, token: Token): void;
  /** Sends more of it. */
  supplyMore(to: PeerId, token: Token): void;
  /** A peer is gone. */
  forget(peer: PeerId): void;
}

export function createCatchUp<S extends object>(recent: RecentCommits, limits: StoreLimits, host: StoreHost<S>): CatchUp<S> {
  const transfers = createTransfers(limits);
  let isBehind = false;
  /** What was heard since. */
  let early: Entry[] = [];
  let assembly: Assembly = createAssembly();
  /** Who sends the parts, and in answer to which request. */
  let source: PeerId | null = null;
  let request = 0;
  let lost: readonly Entry[] = [];
  let wasInStep = false;

  function fallBehind(): void {
    isBehind = true;
    host.showInStep(null);
  }

  function comeUp(token: Token): void {
    isBehind = false;
    host.showInStep(token);
  }

  function apply(ledger: Ledger<S>, entry: Entry): Ledger<S> {
    if (entry.type === "made") {
      const { commit } = entry;
      if (commit.position <= latestOf(ledger).position) return ledger;
      recent.add(commit);
      return withTentative(ledger, commit);
    }
    return entry.type === "committed" ? withCommitted(ledger, entry.position) : ledger;
  }

  /** From now on this peer has `next`, which ends in these commits, and not `before`: what the leader with this token has. */
  function goOn(before: Ledger<S>, next: Ledger<S>, commits: readonly Commit[], token: Token): Ledger<S> {
    const seen = before.committed;
    const latest = latestOf(next);
    // Of what this peer had, only what the leader has as well.
    if (holds(latest, markOf(seen))) recent.cut(seen.position);
    else recent.clear();
    const shared = before.tentative.flatMap(({ commit, replica }) => (holds(latest, markOf(replica)) ? [commit] : []));
    for (const commit of [...shared, ...commits]) if (commit.position > seen.position) recent.add(commit);
    recent.cut(latest.position);
    const ledger = early.reduce(apply, next);
    early = [];
    const isKept = holds(latestOf(ledger), markOf(seen));
    host.showTakenOver(ledger.committed, isKept ? null : commitsOf(lost).filter(({ position }) => position <= seen.position));
    comeUp(token);
    return ledger;
  }

  const catchUp: CatchUp<S> = {
    get isBehind() {
      return isBehind;
    },
    begin(entries, hadAll) {
      transfers.clear();
      early = [];
      lost = entries;
      wasInStep = hadAll;
    },
    take(ledger, offer, place) {
      const accepted = offer === null ? null : acceptOffer(ledger, offer);
      if (accepted !== null) return goOn(ledger, accepted, offer?.tail ?? [], place.token);
      fallBehind();
      if (offer === null)
        host.send(place.token.leader, {
          type: "has",
          token: place.token,
          peer: place.self,
          mark: markOf(latestOf(ledger)),
          wasInStep,
        });
      else catchUp.ask(ledger, place.token.leader, place);
      return ledger;
    },
    hear(ledger, entry) {
      if (!isBehind) {
        const next = apply(ledger, entry);
        if (entry.type === "committed") host.showCommits(next.committed, commitsUpTo(ledger, entry.position));
        return next;
      }
      early.push(entry);
      return ledger;
    },
    ask(ledger, of, { self, token }) {
      fallBehind();
      assembly = createAssembly();
      source = of;
      request += 1;
      host.send(of, { type: "wants", token, peer: self, mark: markOf(ledger.committed), request });
    },
    receive(pieces, answered, { self, token }) {
      // What was asked for before may still come.
      if (!isBehind || source === null || answered !== request) return false;
      for (const piece of pieces) assembly.add(piece);
      if (!assembly.isComplete) host.send(source, { type: "goes on", token, peer: self });
      return assembly.isComplete;
    },
    finish(ledger, token) {
      source = null;
      const parcel = assembly.value as Parcel<S>;
      if (parcel.type === "ledger") {
        recent.clear();
        return goOn(ledger, receiveLedger(ledger.committed, parcel.ledger), parcel.ledger.tentative, token);
      }
      const { committed } = ledger;
      const next = parcel.commits.reduce<Ledger<S>>(withTentative, { committed, tentative: [] });
      return goOn(ledger, withCommitted(next, parcel.committed), parcel.commits, token);
    },
    lead(token) {
      early = [];
      source = null;
      comeUp(token);
    },
    supply(ledger, to, mark, answered, token) {
      const latest = latestOf(ledger);
      const commits = holds(latest, mark) ? recent.after(mark.position, latest.position) : null;
      const parcel: Parcel<S> =
        commits === null
          ? { type: "ledger", ledger: sendLedger(ledger) }
          : { type: "commits", commits, committed: ledger.committed.position };
      transfers.begin(to, answered, parcel);
      catchUp.supplyMore(to, token);
    },
    supplyMore(to, token) {
      const next = transfers.next(to);
      if (next !== null) host.send(to, { type: "pieces", token, ...next });
    },
    forget: transfers.end,
  };
  return catchUp;
}

function commitsOf(entries: readonly Entry[]): readonly Commit[] {
  return entries.flatMap((entry) => (entry.type === "made" ? [entry.commit] : []));
}
