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
import { StoreOverloadedError, UnsupportedStateError } from "./errors.js";
import { findUnsupported } from "./find-unsupported.js";
import { type Ledger, latestOf, receiveLedger, type SentLedger, sendLedger, withCommitted, withTentative } from "./ledger.js";
import { holds, markOf } from "./lineage.js";
import { type Origin, recall } from "./memory.js";
import { blankReplica, type Commit, type Replica } from "./replica.js";

/** When a command is committed: seen, and answered. */
export type Durability =
  /** Once the leader has run it, and sent it to the others. It is lost with a leader that dies before one of them has it. */
  | "leader"
  /** Once every candidate that the leader counts on has applied it: it outlives any crash that leaves one of them. */
  | "replicated";

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
  readonly casts: Acknowledgement;
}

/** What the behaviour needs of the store around it. */
export interface StoreHost<S> {
  /** Readers are to see this from now on: these commits have made it of what they saw. */
  showCommits(replica: Replica<S>, commits: readonly Commit[]): void;
  /** Readers are to see this from now on: a leader's. `lost` is what they had seen and it does not have, as far as that is known; `null` if nothing was lost. */
  showTakenOver(replica: Replica<S>, lost: readonly Commit[] | null): void;
  /** Says so to the leader that it names, after everything that this peer has sent before. */
  acknowledge(acknowledgement: Acknowledgement): void;
  /** Answers a call that was left open. */
  answer(from: From<Answer>, answer: Answer): void;
}

/** How many commits may be tentative: while a peer hangs, they grow. */
export const tentativeLimit = 4096;

type CallResult<S> = Reply<Ledger<S>, Answer, Entry> | NoReply<Ledger<S>, Entry>;
type RunContext<S> = CallContext<StoreTypes<S>, Answer>;

/** `errors` are the classes that callers know. */
export function createStoreBehaviour<S extends object>(
  initial: S,
  commands: Commands<S>,
  errors: readonly ErrorClass[],
  host: StoreHost<S>,
): Behaviour<StoreTypes<S>> {
  let acknowledgements: Acknowledgements | null = null;
  /** Who is answered when what stands up to a position is committed. */
  let waiting: { readonly position: number; readonly from: From<Answer>; readonly answer: Answer }[] = [];

  function acknowledgementsOf(election: Election): Acknowledgements {
    acknowledgements ??= createAcknowledgements(election);
    return acknowledgements;
  }

  /** Another tenure begins: nobody waits for anything of the last. */
  function beginTenure(election: Election): void {
    acknowledgementsOf(election).clear();
    waiting = [];
  }

  function acknowledge(self: PeerId, token: Token, ledger: Ledger<S>): void {
    host.acknowledge({ peer: self, token, position: latestOf(ledger).position });
  }

  // --- the leader ---

  function run(ledger: Ledger<S>, request: RunRequest, ctx: RunContext<S>): CallResult<S> | Promise<CallResult<S>> {
    const latest = latestOf(ledger);
    if (request.isRepeated) {
      const known = recall(latest, request.origin);
      if (known === "unknown") return reply(ledger, { type: "forgotten" });
      if (known !== "new") return answerWhenCommitted(ledger, known.position, { type: "done", values: known.values }, ctx);
    }
    const refuse = (error: unknown): CallResult<S> =>
      // It may have seen what is not committed yet, and so does its caller.
      answerWhenCommitted(ledger, latest.position, { type: "refused", error: sendError(error, errors) }, ctx);
    try {
      if (ledger.tentative.length >= tentativeLimit) throw new StoreOverloadedError(tentativeLimit);
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
    if (patches.length === 0) return answerWhenCommitted(ledger, latest.position, done, ctx);
    const unsupported = findUnsupported(patches);
    if (unsupported !== null) throw new UnsupportedStateError(listed(names), unsupported);
    const { election, self } = ctx;
    const token = election.token;
    if (token === null) return noreply(ledger);
    const position = latest.position + 1;
    const commit: Commit = { position, token, origin, commands: names, patches, values, isAwaited: durability === "replicated" };
    const next = withTentative(ledger, commit);
    ctx.broadcast({ type: "made", commit });
    acknowledge(self, token, next);
    return answerWhenCommitted(next, position, done, ctx);
  }

  function answerWhenCommitted(ledger: Ledger<S>, position: number, answer: Answer, { from }: RunContext<S>): CallResult<S> {
    if (position <= ledger.committed.position) return reply(ledger, answer);
    waiting.push({ position, from, answer });
    return noreply(ledger);
  }

  /** Commits what may be, says so, and answers who waited for it. */
  function commit(ledger: Ledger<S>, ctx: Pick<Context<StoreTypes<S>>, "election" | "broadcast">): Ledger<S> {
    const acknowledged = acknowledgementsOf(ctx.election);
    const [replicated, own] = [acknowledged.replicated(), acknowledged.own()];
    const isDone = ({ position, isAwaited }: Commit): boolean => position <= (isAwaited ? replicated : own);
    const firstOpen = ledger.tentative.find((tentative) => !isDone(tentative.commit));
    const position = firstOpen === undefined ? latestOf(ledger).position : firstOpen.commit.position - 1;
    if (position <= ledger.committed.position) return ledger;
    const next = withCommitted(ledger, position);
    host.showCommits(next.committed, commitsUpTo(ledger, position));
    ctx.broadcast({ type: "committed", position });
    const answered = waiting.filter((one) => one.position <= position);
    waiting = waiting.filter((one) => one.position > position);
    for (const { from, answer } of answered) host.answer(from, answer);
    return next;
  }

  return {
    init: () => ok({ committed: blankReplica(initial), tentative: [] }),

    elected(ledger, joiner, { election, self, token }) {
      if (joiner === null) {
        beginTenure(election);
        // What it was left with is committed when all have it, whether or not anybody asks for anything.
        acknowledge(self, token, ledger);
      }
      return sync(ledger, sendLedger(ledger));
    },

    handleLeaderCall(ledger, request, ctx) {
      return request.type === "run" ? run(ledger, request, ctx) : answerWhenCommitted(ledger, latestOf(ledger).position, undefined, ctx);
    },

    handleCast(ledger, acknowledgement, ctx) {
      if (!ctx.election.isLeader) return ok(ledger);
      acknowledgementsOf(ctx.election).note(acknowledgement);
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
      const ledger = receiveLedger(before.committed, sent);
      const isKept = holds(latestOf(ledger), markOf(before.committed));
      host.showTakenOver(ledger.committed, isKept ? null : commitsOf(lost).filter(({ position }) => position <= before.committed.position));
      acknowledge(self, token, ledger);
      return ok(ledger);
    },

    snapshot: sendLedger,

    fromLeader(ledger, entry, { self, token }) {
      if (entry.type === "made") {
        const next = withTentative(ledger, entry.commit);
        if (entry.commit.isAwaited) acknowledge(self, token, next);
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
