/**
 * The behaviour under a store: commands run on the leader, their commits reach the others as broadcasts, everybody acknowledges how far it is,
 * and what is far enough everywhere is committed.
 *
 * @module
 */
import {
  type Behaviour,
  type CallContext,
  type Context,
  type ElectedContext,
  type Election,
  type From,
  type NoReply,
  noreply,
  ok,
  type PeerId,
  type Reply,
  reply,
  sync,
  type Token,
} from "gen-leader";
import { type Acknowledgement, type Acknowledgements, createAcknowledgements } from "./acknowledgements.js";
import { cloned } from "./cloned.js";
import { type Commands, type Effect, runSteps, type Step } from "./commands.js";
import { type ErrorClass, type SentError, sendError } from "./error-transfer.js";
import { NotPersistedError, StoreOverloadedError, UnsupportedStateError } from "./errors.js";
import { findUnsupported } from "./find-unsupported.js";
import { type Ledger, latestOf, receiveLedger, type SentLedger, sendLedger, withCommitted, withTentative } from "./ledger.js";
import { holds, markOf } from "./lineage.js";
import { type Origin, recall } from "./memory.js";
import { createRecentCommits } from "./recent-commits.js";
import type { Commit, Durability, Replica } from "./replica.js";
import type { Keeper, StorageReport } from "./storage/persistence.js";

/** What a client asks of the leader. */
export interface RunRequest {
  readonly origin: Origin;
  /** Whether it may have been asked for before, of a leader that died. */
  readonly isRepeated: boolean;
  readonly steps: readonly Step[];
  readonly durability: Durability;
}

/** What the leader says to it. */
export type RunAnswer =
  | { readonly type: "done"; readonly values: readonly unknown[] }
  | { readonly type: "refused"; readonly error: SentError }
  /** It may have taken effect; nobody remembers. */
  | { readonly type: "forgotten" };

/** What callers get: nothing where all that they wait for is that it comes. */
export type Answer = RunAnswer | undefined;

/** What the leader broadcasts. */
export type Entry =
  | { readonly type: "made"; readonly commit: Commit }
  /** Everything up to there is committed. */
  | { readonly type: "committed"; readonly position: number };

export interface StoreTypes<S> {
  readonly state: Ledger<S>;
  readonly sync: SentLedger<S>;
  readonly broadcast: Entry;
  readonly leaderCalls: {
    run(request: RunRequest): RunAnswer;
    /** Answered when all that the leader has is committed. Who has the answer has it all as well. */
    barrier(): void;
  };
  /** To whoever led when it was sent. Casts to the leader would wait while it hands over, and it waits for these. */
  readonly casts: Notice;
}

/** What the leader is told: how far a peer is, by that peer, and how far the storage is, by itself. */
export type Notice = ({ readonly type: "applied" } & Acknowledgement) | ({ readonly type: "stored" } & StorageReport);

/** What the behaviour needs of the store around it. */
export interface StoreHost<S> {
  /** Readers are to see this from now on: these commits have made it of what they saw. */
  showCommits(replica: Replica<S>, commits: readonly Commit[]): void;
  /** Readers are to see this from now on: a leader's. `lost` is what they had seen and it does not have, as far as that is known; `null` if nothing was lost. */
  showTakenOver(replica: Replica<S>, lost: readonly Commit[] | null): void;
  /** Says so to the leader that it names, after everything that this peer has sent before. */
  acknowledge(acknowledgement: Acknowledgement): void;
  /** What keeps the store as long as this peer leads; `null` if nothing does. */
  readonly keeper: Keeper<S> | null;
  /** As `acknowledge`, of the storage and to this peer. */
  report(report: StorageReport): void;
  /** Answers a call that was left open. */
  answer(from: From<Answer>, answer: Answer): void;
}

/** How many commits may be tentative: while a peer hangs, they grow. */
export const tentativeLimit = 4096;

interface Waiting {
  readonly position: number;
  readonly from: From<Answer>;
  readonly answer: Answer;
  /** Whether it is to be told if that is not stored. */
  readonly isPersisted: boolean;
}

type CallResult<S> = Reply<Ledger<S>, Answer, Entry> | NoReply<Ledger<S>, Entry>;
type RunContext<S> = CallContext<StoreTypes<S>, Answer>;

/** `first` is what this peer has before it hears of a leader. `errors` are the classes that callers know. */
export function createStoreBehaviour<S extends object>(
  first: Replica<S>,
  commands: Commands<S>,
  errors: readonly ErrorClass[],
  host: StoreHost<S>,
): Behaviour<StoreTypes<S>> {
  let acknowledgements: Acknowledgements | null = null;
  /** Who is answered when what stands up to a position is committed. */
  let waiting: Waiting[] = [];
  const recent = createRecentCommits();
  const { keeper } = host;
  /** As whom this peer had a leader's copy, or led: it comes back as somebody else when it was away. */
  let inStepAs: PeerId | null = null;
  /** Whether what is made in this tenure is stored. */
  let isKept = false;

  function acknowledgementsOf(election: Election): Acknowledgements {
    acknowledgements ??= createAcknowledgements(election);
    return acknowledgements;
  }

  /** Another tenure begins: nobody waits for anything of the last. */
  function beginTenure(election: Election): void {
    acknowledgementsOf(election).clear();
    waiting = [];
    inStepAs = election.self;
  }

  /** The ledger of a peer that goes on with what others may not have. */
  function begin(ledger: Ledger<S>): Ledger<S> {
    recent.clear();
    for (const { commit } of ledger.tentative) recent.add(commit);
    return ledger;
  }

  /** What a peer that has won goes on with: its own ledger, or what is stored if that is more. */
  async function takeOverStorage(
    storage: Keeper<S>,
    ledger: Ledger<S>,
    { self, token, signal }: ElectedContext<StoreTypes<S>>,
  ): Promise<Ledger<S>> {
    try {
      const restored = await storage.takeOver(token, latestOf(ledger), recent.after, host.report);
      isKept = true;
      if (restored === null || signal.aborted) return ledger;
      host.showTakenOver(restored, null);
      return begin({ committed: restored, tentative: [] });
    } catch (error) {
      // Who was in step has all that anybody was promised; who was not may lack what is stored.
      if (inStepAs !== self) throw error;
      return ledger;
    }
  }

  function acknowledge(self: PeerId, token: Token, ledger: Ledger<S>): void {
    host.acknowledge({ peer: self, token, position: latestOf(ledger).position });
  }

  // --- the leader ---

  function run(ledger: Ledger<S>, request: RunRequest, ctx: RunContext<S>): CallResult<S> | Promise<CallResult<S>> {
    const latest = latestOf(ledger);
    const isPersisted = request.durability === "persisted";
    if (request.isRepeated) {
      const known = recall(latest, request.origin);
      if (known === "unknown") return reply(ledger, { type: "forgotten" });
      if (known !== "new") return answerWhenCommitted(ledger, known.position, { type: "done", values: known.values }, ctx, isPersisted);
    }
    const refuse = (error: unknown): CallResult<S> =>
      // It may have seen what is not committed yet, and so does its caller.
      answerWhenCommitted(ledger, latest.position, refusal(error), ctx);
    try {
      if (ledger.tentative.length >= tentativeLimit) throw new StoreOverloadedError(tentativeLimit);
      if (isPersisted && !isKept) throw new NotPersistedError("not-started", { cause: keeper?.failure });
      const effect = runSteps(commands, latest.state, request.steps);
      if (!(effect instanceof Promise)) return make(ledger, effect, request, ctx);
      // What is returned of a tenure that has ended meanwhile is discarded, and must have done nothing.
      return effect.then((settled) => (ctx.signal.aborted ? noreply(ledger) : make(ledger, settled, request, ctx))).catch(refuse);
    } catch (error) {
      return refuse(error);
    }
  }

  /** Makes the commit of what commands did, and sends it. @throws if it cannot be sent, or not be applied */
  function make(ledger: Ledger<S>, effect: Effect, { origin, steps, durability }: RunRequest, ctx: RunContext<S>): CallResult<S> {
    const names = steps.map(({ name }) => name);
    const latest = latestOf(ledger);
    // What everybody will get: the leader goes on with that as well.
    const values = cloned(effect.values, `What ${listed(names)} returned`);
    const patches = cloned(effect.patches, `What ${listed(names)} put into the state`);
    const done: RunAnswer = { type: "done", values };
    const isPersisted = durability === "persisted";
    if (patches.length === 0) return answerWhenCommitted(ledger, latest.position, done, ctx, isPersisted);
    const unsupported = findUnsupported(patches);
    if (unsupported !== null) throw new UnsupportedStateError(listed(names), unsupported);
    const { election, self } = ctx;
    const token = election.token;
    if (token === null) return noreply(ledger);
    const position = latest.position + 1;
    const commit: Commit = { position, token, origin, commands: names, patches, values, durability };
    const next = withTentative(ledger, commit);
    ctx.broadcast({ type: "made", commit });
    acknowledge(self, token, next);
    recent.add(commit);
    keeper?.keep(commit, latestOf(next));
    return answerWhenCommitted(next, position, done, ctx, isPersisted);
  }

  function answerWhenCommitted(
    ledger: Ledger<S>,
    position: number,
    answer: Answer,
    { from, election }: RunContext<S>,
    isPersisted = false,
  ): CallResult<S> {
    const isThere = position <= ledger.committed.position && (!isPersisted || position <= acknowledgementsOf(election).stored());
    if (isThere) return reply(ledger, answer);
    waiting.push({ position, from, answer, isPersisted });
    return noreply(ledger);
  }

  /** Commits what may be, says so, and answers who waited for it. */
  function commit(ledger: Ledger<S>, ctx: Pick<Context<StoreTypes<S>>, "election" | "broadcast">): Ledger<S> {
    const acknowledged = acknowledgementsOf(ctx.election);
    const reached: Readonly<Record<Durability, number>> = {
      leader: acknowledged.own(),
      replicated: acknowledged.replicated(),
      persisted: Math.min(acknowledged.replicated(), acknowledged.stored()),
    };
    const firstOpen = ledger.tentative.find((tentative) => tentative.commit.position > reached[tentative.commit.durability]);
    const position = firstOpen === undefined ? latestOf(ledger).position : firstOpen.commit.position - 1;
    let next = ledger;
    if (position > ledger.committed.position) {
      next = withCommitted(ledger, position);
      host.showCommits(next.committed, commitsUpTo(ledger, position));
      ctx.broadcast({ type: "committed", position });
    }
    answerUpTo(next.committed.position, acknowledged);
    return next;
  }

  /** Answers who waited for what stands up to a position. */
  function answerUpTo(position: number, acknowledged: Acknowledgements): void {
    const isOver = (one: Waiting): boolean => one.position <= position && (!one.isPersisted || one.position <= acknowledged.stored());
    const answered = waiting.filter(isOver);
    if (answered.length === 0) return;
    waiting = waiting.filter((one) => !isOver(one));
    for (const { from, answer, isPersisted, position: at } of answered) {
      const isLacking = isPersisted && !acknowledged.isStored(at);
      host.answer(from, isLacking ? refusal(new NotPersistedError("unknown", { cause: keeper?.failure })) : answer);
    }
  }

  function refusal(error: unknown): RunAnswer {
    return { type: "refused", error: sendError(error, errors) };
  }

  return {
    init: () => ok({ committed: first, tentative: [] }),

    elected(ledger, joiner, ctx) {
      const { election, self, token } = ctx;
      if (joiner !== null) return sync(ledger, sendLedger(ledger));
      isKept = false;
      const lead = (own: Ledger<S>) => {
        beginTenure(election);
        // What a leader before was to store is not waited for.
        if (!isKept) acknowledgementsOf(election).note({ type: "stored", token, position: latestOf(own).position, isStored: false });
        // What it was left with is committed when all have it, whether or not anybody asks for anything.
        acknowledge(self, token, own);
        return sync(own, sendLedger(own));
      };
      return keeper === null ? lead(ledger) : takeOverStorage(keeper, ledger, ctx).then(lead);
    },

    handleLeaderCall(ledger, request, ctx) {
      return request.type === "run" ? run(ledger, request, ctx) : answerWhenCommitted(ledger, latestOf(ledger).position, undefined, ctx);
    },

    handleCast(ledger, notice, ctx) {
      if (!ctx.election.isLeader) return ok(ledger);
      acknowledgementsOf(ctx.election).note(notice);
      return ok(commit(ledger, ctx));
    },

    handleDown(ledger, _peer, { election, self }) {
      // One fewer to wait for. It is committed in a callback whose result counts whatever becomes of the tenure.
      if (election.token !== null) acknowledge(self, election.token, ledger);
      return ok(ledger);
    },

    // --- the others ---

    surrendered(before, sent, { election, self, token, lost }) {
      beginTenure(election);
      const ledger = begin(receiveLedger(before.committed, sent));
      const isKept = holds(latestOf(ledger), markOf(before.committed));
      host.showTakenOver(ledger.committed, isKept ? null : commitsOf(lost).filter(({ position }) => position <= before.committed.position));
      acknowledge(self, token, ledger);
      return ok(ledger);
    },

    snapshot: sendLedger,

    // What was made is written, before anybody else leads.
    terminate: () => keeper?.close(),

    fromLeader(ledger, entry, { self, token }) {
      if (entry.type === "made") {
        const next = withTentative(ledger, entry.commit);
        recent.add(entry.commit);
        if (entry.commit.durability !== "leader") acknowledge(self, token, next);
        return ok(next);
      }
      const next = withCommitted(ledger, entry.position);
      host.showCommits(next.committed, commitsUpTo(ledger, entry.position));
      return ok(next);
    },
  };
}

/** The tentative commits of a ledger up to a position. */
function commitsUpTo<S>({ tentative }: Ledger<S>, position: number): readonly Commit[] {
  return tentative.flatMap(({ commit }) => (commit.position <= position ? [commit] : []));
}

function commitsOf(entries: readonly Entry[]): readonly Commit[] {
  return entries.flatMap((entry) => (entry.type === "made" ? [entry.commit] : []));
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
