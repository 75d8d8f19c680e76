/**
 * What the leader does with commands: runs them one after another, sends what they have made, and answers when it is committed.
 *
 * @module
 */
import {
  type CallContext,
  type Context,
  type Election,
  type From,
  type NoReply,
  noreply,
  type PeerId,
  type Reply,
  reply,
  type Token,
} from "gen-leader";
import { type Acknowledgements, createAcknowledgements } from "./acknowledgements.js";
import { cloned } from "./cloned.js";
import { type Commands, type Effect, runSteps } from "./commands.js";
import { type ErrorClass, sendError } from "./error-transfer.js";
import { NotPersistedError, StoreOverloadedError, UnsupportedStateError } from "./errors.js";
import { findUnsupported } from "./find-unsupported.js";
import { commitsUpTo, type Ledger, latestOf, withCommitted, withTentative } from "./ledger.js";
import type { RecentCommits } from "./recent-commits.js";
import { recall } from "./remembered-results.js";
import type { Commit, Durability } from "./replica.js";
import type { StoreHost } from "./store-host.js";
import type { Answer, Entry, RunAnswer, RunRequest, StoreTypes } from "./store-types.js";

export type CallResult<S> = Reply<Ledger<S>, Answer, Entry> | NoReply<Ledger<S>, Entry>;
export type RunContext<S> = CallContext<StoreTypes<S>, Answer>;

export interface Leader<S> {
  /** Another tenure begins: nobody waits for anything of the last. */
  begin(election: Election): void;
  /** How far everybody is, in the tenure of the peer with this view of the cluster. */
  acknowledgements(election: Election): Acknowledgements;
  /** Whether what is made in this tenure is stored. */
  isKept: boolean;
  run(ledger: Ledger<S>, request: RunRequest, ctx: RunContext<S>): CallResult<S> | Promise<CallResult<S>>;
  /** Answers when all that the leader has is committed. */
  awaitAll(ledger: Ledger<S>, ctx: RunContext<S>): CallResult<S>;
  /** Commits what may be, says so, and answers who waited for it. */
  commit(ledger: Ledger<S>, ctx: Pick<Context<StoreTypes<S>>, "election" | "broadcast">): Ledger<S>;
  /** Says how far this peer is. */
  acknowledge(self: PeerId, token: Token, ledger: Ledger<S>): void;
}

interface Waiting {
  readonly position: number;
  readonly token: Token | null;
  readonly from: From<Answer>;
  readonly answer: RunAnswer | null;
  /** Whether it is to be told if that is not stored. */
  readonly isPersisted: boolean;
}

/** `limit` is how many commits may be tentative. */
export function createLeader<S extends object>(
  commands: Commands<S>,
  errors: readonly ErrorClass[],
  recent: RecentCommits,
  limit: number,
  { keeper, send, answer: answerTo, showCommits }: StoreHost<S>,
): Leader<S> {
  let acknowledgements: Acknowledgements | null = null;
  /** Who is answered when what stands up to a position is committed. */
  let waiting: Waiting[] = [];

  function acknowledgementsOf(election: Election): Acknowledgements {
    acknowledgements ??= createAcknowledgements(election);
    return acknowledgements;
  }

  /** Makes the commit of what commands did, and sends it. @throws if it cannot be sent, or not be applied */
  function make(ledger: Ledger<S>, effect: Effect, { origin, steps, durability }: RunRequest, ctx: RunContext<S>): CallResult<S> {
    // What is returned of a tenure that has ended meanwhile is discarded, and must have done nothing.
    if (ctx.signal.aborted) return noreply(ledger);
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
    leader.acknowledge(self, token, next);
    recent.add(commit);
    keeper?.keep(commit, latestOf(next));
    return answerWhenCommitted(next, position, done, ctx, isPersisted);
  }

  function answerWhenCommitted(
    ledger: Ledger<S>,
    position: number,
    answer: RunAnswer | null,
    { from, election }: RunContext<S>,
    isPersisted = false,
  ): CallResult<S> {
    const isThere = position <= ledger.committed.position && (!isPersisted || position <= acknowledgementsOf(election).stored());
    const { token } = election;
    if (isThere) return reply(ledger, { position, token, answer: answerAt(position, answer, isPersisted, acknowledgementsOf(election)) });
    waiting.push({ position, token, from, answer, isPersisted });
    return noreply(ledger);
  }

  /** Answers who waited for what stands up to a position. */
  function answerUpTo(position: number, acknowledged: Acknowledgements): void {
    const isOver = (one: Waiting): boolean => one.position <= position && (!one.isPersisted || one.position <= acknowledged.stored());
    const answered = waiting.filter(isOver);
    if (answered.length === 0) return;
    waiting = waiting.filter((one) => !isOver(one));
    for (const { from, answer, isPersisted, position: at, token } of answered)
      answerTo(from, { position: at, token, answer: answerAt(at, answer, isPersisted, acknowledged) });
  }

  /** The answer, or that what it tells of is not stored. */
  function answerAt(position: number, answer: RunAnswer | null, isPersisted: boolean, acknowledged: Acknowledgements): RunAnswer | null {
    if (!isPersisted || acknowledged.isStored(position)) return answer;
    return refusal(new NotPersistedError("unknown", { cause: keeper?.failure }));
  }

  function refusal(error: unknown): RunAnswer {
    return { type: "refused", error: sendError(error, errors) };
  }

  const leader: Leader<S> = {
    begin(election) {
      acknowledgementsOf(election).clear();
      waiting = [];
    },
    acknowledgements: acknowledgementsOf,
    isKept: false,
    run(ledger, request, ctx) {
      const latest = latestOf(ledger);
      const isPersisted = request.durability === "persisted";
      if (request.isRepeated) {
        const known = recall(latest, request.origin);
        if (known === "unknown") return reply(ledger, { position: 0, token: null, answer: { type: "forgotten" } });
        if (known !== "new") return answerWhenCommitted(ledger, known.position, { type: "done", values: known.values }, ctx, isPersisted);
      }
      const refuse = (error: unknown): CallResult<S> =>
        // It may have seen what is not committed yet, and so does its caller.
        answerWhenCommitted(ledger, latest.position, refusal(error), ctx);
      try {
        if (ledger.tentative.length >= limit) throw new StoreOverloadedError(limit);
        if (isPersisted && !leader.isKept) throw new NotPersistedError("not-started", { cause: keeper?.failure });
        const effect = runSteps(commands, latest.state, request.steps);
        if (!(effect instanceof Promise)) return make(ledger, effect, request, ctx);
        return effect.then((settled) => make(ledger, settled, request, ctx)).catch(refuse);
      } catch (error) {
        return refuse(error);
      }
    },
    awaitAll: (ledger, ctx) => answerWhenCommitted(ledger, latestOf(ledger).position, null, ctx),
    commit(ledger, ctx) {
      const acknowledged = acknowledgementsOf(ctx.election);
      const reached: Readonly<Record<Durability, number>> = {
        leader: acknowledged.own(),
        replicated: acknowledged.replicated(),
        persisted: Math.min(acknowledged.replicated(), acknowledged.stored()),
      };
      const firstOpen = ledger.tentative.find(({ commit }) => commit.position > reached[commit.durability]);
      const position = firstOpen === undefined ? latestOf(ledger).position : firstOpen.commit.position - 1;
      let next = ledger;
      if (position > ledger.committed.position) {
        next = withCommitted(ledger, position);
        showCommits(next.committed, commitsUpTo(ledger, position));
        ctx.broadcast({ type: "committed", position });
      }
      answerUpTo(next.committed.position, acknowledged);
      return next;
    },
    acknowledge: (self, token, ledger) => send(token.leader, { type: "applied", peer: self, token, position: latestOf(ledger).position }),
  };
  return leader;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
