/**
 * The recorded module as a behaviour of gen-leader: Erlang's results are said in our words where a callback may say them here, and
 * are handed over as they are where it may not, which is a bad result there and here.
 *
 * @module
 */
import {
  BadReturnValueError,
  type Behaviour,
  type From,
  ignore,
  type NoReply,
  nameOf,
  noreply,
  ok,
  type Reply,
  reply,
  replyTo,
  type Stop,
  stop,
  sync,
} from "gen-leader";
import type { Manners } from "./manners.js";
import { type Deed, type Run, react } from "./recorded-module.js";
import type { Observation } from "./records.js";
import { type Dictionary, isMap, isTuple, same, stateIn, type Term, toTerm } from "./term.js";

export type RecordedTypes = {
  state: Dictionary;
  sync: Term;
  broadcast: Term;
  leaderCalls: { ask(request: { term: Term }): Term };
  calls: { ask(request: { term: Term }): Term };
  leaderCasts: Term;
  casts: Term;
  infos: Term;
};

export interface Surroundings {
  readonly node: string;
  readonly manners: Manners;
  readonly syncToAll: boolean;
  see(what: Observation): void;
  /** What the module's queries answer now. */
  queries(): Term;
  wait(ms: number): Promise<void>;
  /** Sends a plain message to this very server, after so long. */
  sendLater(message: Term, ms: number): void;
}

/** What a program without types may return: anything. */
function untyped(value: unknown): never;
function untyped(value: unknown): unknown {
  return value;
}

export function createRecordedBehaviour(around: Surroundings): Behaviour<RecordedTypes> {
  const { node, manners, syncToAll, see } = around;
  const asked = new Map<string, From<Term>>();
  let askedSoFar = 0;

  function run(cb: string, state: Dictionary, args: readonly Term[], queries: Term = null): ReturnType<typeof react> {
    const ran: Run = { cb, args, state, node, queries };
    const reaction = react(ran, manners);
    const first = reaction.deeds.find(({ deed }) => deed === "sleep");
    // As in the recordings, a callback is written down when it is over: one that never is, is not.
    if (first === undefined) see({ type: "callback", cb, args, state });
    if (reaction.answer.does === "raise") throw isTuple(reaction.answer.raise) ? reaction.answer.raise[1] : reaction.answer.raise;
    return reaction;
  }

  /** Carries out what the module does besides; answers to whoever asked this, if anybody did. */
  async function carryOut(deeds: readonly Deed[], from: From<Term> | null, caller: Term): Promise<void> {
    for (const deed of deeds) {
      if (deed.deed === "sleep") await around.wait(deed.ms);
      if (deed.deed === "answer" && from !== null) replyTo(from, deed.value);
      if (deed.deed === "answer-late") {
        const who = isTuple(deed.from) ? asked.get(String(deed.from[1])) : undefined;
        if (who !== undefined) replyTo(who, deed.value);
      }
      if (deed.deed === "later" && from !== null) {
        askedSoFar += 1;
        asked.set(`ref ${askedSoFar}`, from);
        around.sendLater(["late", [caller, `ref ${askedSoFar}`], deed.payload], deed.ms);
      }
    }
  }

  /** What the module answers to a call, once it has done what it does besides. */
  async function answered(cb: string, state: Dictionary, request: Term, from: From<Term>): Promise<Term> {
    const caller = `pid:${nameOf(from.peer)}`;
    const { answer, deeds } = run(cb, state, [request, [caller, "ref"]], around.queries());
    await carryOut(deeds, from, caller);
    if (deeds.some(({ deed }) => deed === "sleep")) see({ type: "callback", cb, args: [request, [caller, "ref"]], state });
    return answer.does === "return" ? answer.term : null;
  }

  function goOn(cb: string, state: Dictionary, args: readonly Term[]) {
    const { answer, deeds } = run(cb, state, args);
    const going = carryOut(deeds, null, null);
    const term = answer.does === "return" ? answer.term : null;
    const next = stateIn(term);
    const result = (): ReturnType<typeof ok<Dictionary>> | ReturnType<typeof stop<Dictionary>> => {
      if (!isTuple(term) || next === null) return untyped(term);
      const [tag, first = null] = term;
      if ((tag === "ok" || tag === "noreply") && term.length === 2) return ok(next);
      if (tag === "stop" && term.length === 3) return stop(next, first);
      return untyped(term);
    };
    return deeds.length === 0 ? result() : going.then(result);
  }

  /** As `goOn`, for callbacks that may broadcast. */
  function goOnLeading(cb: string, state: Dictionary, args: readonly Term[]) {
    const { answer } = run(cb, state, args);
    const term = answer.does === "return" ? answer.term : null;
    const next = stateIn(term);
    if (!isTuple(term) || next === null) return untyped(term);
    const [tag, first = null] = term;
    if ((tag === "ok" || tag === "noreply") && term.length === 2) return ok(next);
    if (tag === "ok" && term.length === 3) return ok(next, { broadcast: first });
    if (tag === "stop" && term.length === 3) return stop(next, first);
    return untyped(term);
  }

  return {
    init() {
      const { answer } = run("init", {}, []);
      const term = answer.does === "return" ? answer.term : null;
      const state = stateIn(term);
      if (term === "ignore") return ignore();
      if (isTuple(term) && term[0] === "ok" && state !== null) return ok(state);
      if (isTuple(term) && term[0] === "stop") return stop(null, term[1] ?? null);
      return untyped(term);
    },
    elected(state, joiner) {
      const who = joiner === null ? null : nameOf(joiner);
      const { answer } = run("elected", state, [who]);
      const term = answer.does === "return" ? answer.term : null;
      const next = stateIn(term);
      if (!isTuple(term) || next === null || term.length !== 3) return untyped(term);
      const [tag, synced = null] = term;
      if (tag === "ok") return sync(next, synced, { to: syncToAll && who !== null ? "all" : "joiner" });
      // {reply, Synch, State} is for the joiner alone.
      if (tag === "reply" && who !== null) return sync(next, synced, { to: "joiner" });
      return untyped(term);
    },
    surrendered: (state, synced) => goOn("surrendered", state, [synced]),
    fromLeader: (state, message) => goOn("from_leader", state, [message]),
    async handleLeaderCall(state, { term: request }, { from }) {
      const term = await answered("handle_leader_call", state, request, from);
      const next = stateIn(term);
      if (!isTuple(term) || next === null || term.length !== 4 || term[0] !== "reply") return callResult(term);
      return reply(next, term[1] ?? null, { broadcast: term[2] ?? null });
    },
    handleCall: async (state, { term }, { from }) => callResult(await answered("handle_call", state, term, from)),
    handleLeaderCast: (state, message) => goOnLeading("handle_leader_cast", state, [message]),
    handleDown: (state, peer) => goOnLeading("handle_DOWN", state, [nameOf(peer)]),
    handleCast: (state, message) => goOn("handle_cast", state, [message]),
    handleInfo: (state, message) => goOn("handle_info", state, [message]),
    terminate(state, reason) {
      see({ type: "callback", cb: "terminate", args: [reasonTerm(reason)], state });
    },
  };
}

/** What both call handlers may say. {ok, State} says the same there as {noreply, State}. */
function callResult(term: Term): Reply<Dictionary, Term> | NoReply<Dictionary> | Stop<Dictionary, Term> {
  const next = stateIn(term);
  if (!isTuple(term) || next === null) return untyped(term);
  const [tag, first = null, second = null] = term;
  if ((tag === "ok" || tag === "noreply") && term.length === 2) return noreply(next);
  if (tag === "reply" && term.length === 3) return reply(next, first);
  if (tag === "stop" && term.length === 3) return stop(next, first);
  if (tag === "stop" && term.length === 4) return stop(next, first, { reply: unwrapped(second) });
  return untyped(term);
}

/** A reply in Erlang's own wrapping `{leader, reply, Value}` is that value: here nobody needs to wrap. */
export function unwrapped(value: Term): Term {
  return isTuple(value) && value.length === 3 && same(value[0], "leader") && same(value[1], "reply") ? (value[2] ?? null) : value;
}

/** The reason of an end, in the words of the recordings. */
export function reasonTerm(reason: unknown): Term {
  if (reason instanceof BadReturnValueError) return ["bad_return_value", toTerm(reason.value)];
  const term = toTerm(reason);
  return isMap(term) && typeof term.message === "string" ? term.message : term;
}
