/**
 * The callback module of the recordings (`tcb`), as far as it can be told from them: it keeps a dictionary, and requests are data
 * that say what it returns. What a callback does that no request tells (a module option of the test) is learned: see `manners.ts`.
 *
 * @module
 */
import { type Dictionary, isMap, isTuple, listOf, nodeOf, same, type Term, tagOf } from "./term.js";

/** What the module does, in Erlang's words. A state stands in a term as `["state", dictionary]`. */
export type Answer = { readonly does: "return"; readonly term: Term } | { readonly does: "raise"; readonly raise: Term };

/** What the module does besides returning something. */
export type Deed =
  /** Stay in the callback for so long. */
  | { readonly deed: "sleep"; readonly ms: number }
  /** Send oneself `["late", From, [kind, value]]` after so long. */
  | { readonly deed: "later"; readonly ms: number; readonly payload: Term }
  /** Answer the caller at once. */
  | { readonly deed: "answer"; readonly value: Term }
  /** Answer whoever asked then. */
  | { readonly deed: "answer-late"; readonly from: Term; readonly value: Term };

export interface Reaction {
  readonly answer: Answer;
  readonly deeds: readonly Deed[];
}

/** One run of a callback: its name, its arguments without state and election, and the dictionary before. */
export interface Run {
  readonly cb: string;
  readonly args: readonly Term[];
  readonly state: Dictionary;
  /** This node, and its queries. */
  readonly node: string;
  readonly queries: Term;
}

/** What no request tells: the learned answer, or `null` where the vocabulary holds. */
export interface Learned {
  of(run: Run): Answer | null;
}

export function react(run: Run, manners: Learned): Reaction {
  const { cb, args, state } = run;
  const learned = manners.of(run);
  if (learned !== null) return { answer: learned, deeds: [] };
  const [first = null] = args;
  switch (cb) {
    case "elected":
      return returned(["ok", ["sync", state], kept(state)]);
    case "surrendered":
      return returned(["ok", kept(isTuple(first) && isMap(first[1]) ? first[1] : state)]);
    case "handle_leader_call":
      return call(run, first, (stored, message) => ["reply", "ok", message, kept(stored)]);
    case "handle_call":
      return call(run, first, (stored) => ["reply", "ok", kept(stored)]);
    case "handle_leader_cast":
    case "handle_cast":
      return cast(run, first);
    case "from_leader":
      return tagOf(first) === "bad" ? obey(run, first) : returned(["ok", kept(change(state, first) ?? state)]);
    case "handle_info":
      return { ...returned(["ok", kept(state)]), deeds: late(first) };
    case "terminate":
      return returned("ok");
    default:
      return returned(["ok", kept(state)]);
  }
}

/** The state, where a result carries it. */
export function kept(state: Dictionary): Term {
  return ["state", state];
}

function returned(term: Term, ...deeds: readonly Deed[]): Reaction {
  return { answer: { does: "return", term }, deeds };
}

/** The dictionary after a message that changes it; `null` if it is no such message. */
export function change(state: Dictionary, message: Term): Dictionary | null {
  if (!isTuple(message)) return null;
  const [tag, key, value = null] = message;
  if (typeof key !== "string" && typeof key !== "number") return null;
  if (tag === "store") return { ...state, [key]: value };
  if (tag === "append") return { ...state, [key]: { list: [...(listOf(state[key]) ?? []), value] } };
  return null;
}

function call(run: Run, request: Term, stores: (stored: Dictionary, message: Term) => Term): Reaction {
  const { state } = run;
  const changed = change(state, request);
  if (changed !== null) return returned(stores(changed, request));
  const [, one = null, two = null] = isTuple(request) ? request : [];
  switch (tagOf(request)) {
    case "lookup":
      return returned(["reply", state[String(one)] ?? "not_found", kept(state)]);
    case "dict":
      return returned(["reply", state, kept(state)]);
    case "query":
      return returned(["reply", run.queries, kept(state)]);
    case "self":
      return returned(["reply", run.node, kept(state)]);
    case "sleep":
      return returned(["reply", two, kept(state)], { deed: "sleep", ms: Number(one) });
    case "later":
      return returned(["noreply", kept(state)], {
        deed: "later",
        ms: Number(one),
        payload: run.cb === "handle_call" ? ["plain", two] : two,
      });
    case "dup":
      return returned(["reply", one, kept(state)], { deed: "answer", value: one });
    case "noreply_ok":
      return returned(["ok", kept(state)]);
    case "noreply":
      return returned(["noreply", kept(state)]);
    case "ok_bcast":
      return returned(["ok", one, kept(state)]);
    case "bcast4":
      return returned(["reply", one, two, kept(state)]);
    default:
      return obey(run, request);
  }
}

function cast(run: Run, message: Term): Reaction {
  const { state } = run;
  const changed = change(state, message);
  if (changed !== null) return returned(run.cb === "handle_leader_cast" ? ["ok", message, kept(changed)] : ["ok", kept(changed)]);
  switch (tagOf(message)) {
    case "noreply":
      return returned(["noreply", kept(state)]);
    case "bcast":
    case "bcast_only":
      return returned(["ok", (isTuple(message) ? message[1] : undefined) ?? null, kept(state)]);
    default:
      return obey(run, message);
  }
}

/** Requests that any callback obeys: what to return, raise or stop with. */
function obey({ state }: Run, request: Term): Reaction {
  const [, one = null, two = null] = isTuple(request) ? request : [];
  switch (tagOf(request)) {
    case "bad":
      return returned(one);
    case "throw":
      return { answer: { does: "raise", raise: ["throw", thrown(one, state)] }, deeds: [] };
    case "exit":
    case "error":
      return { answer: { does: "raise", raise: [tagOf(request), one] }, deeds: [] };
    case "stop3":
      return returned(["stop", one, kept(state)]);
    case "stop4":
      return returned(["stop", one, two, kept(state)]);
    default:
      return returned(["ok", kept(state)]);
  }
}

/** A throw may name what would have been a fine result. */
function thrown(what: Term, state: Dictionary): Term {
  if (what === "$noreply") return ["noreply", kept(state)];
  if (isTuple(what) && what[0] === "$reply") return ["reply", what[1] ?? null, kept(state)];
  return what;
}

function late(message: Term): readonly Deed[] {
  if (!isTuple(message) || message[0] !== "late") return [];
  const [, from = null, payload] = message;
  return isTuple(payload) && nodeOf(from) !== null ? [{ deed: "answer-late", from, value: payload[1] ?? null }] : [];
}

/** Whether two answers are the same, whatever the order of a map's keys. */
export function sameAnswer(a: Answer, b: Answer): boolean {
  if (a.does === "return") return b.does === "return" && same(a.term, b.term);
  return b.does === "raise" && same(a.raise, b.raise);
}
