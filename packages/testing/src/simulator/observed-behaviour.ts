/**
 * A behaviour under observation: runs the user's callbacks and keeps, beside their state, which broadcasts went into it. What
 * travels between peers is put into an envelope that names it: a broadcast, a sync, a request (`NumberedRequest`).
 *
 * @module
 */
import type { PeerId, Token } from "@gen-leader/protocol";
import { printToken, sameToken } from "@gen-leader/protocol";
import type { BroadcastId } from "./history.js";

/** The user's state, and how it came about. */
export interface Observed {
  readonly inner: unknown;
  /** Every broadcast that went into it, in order. */
  readonly log: readonly BroadcastId[];
  /** The number of the last of them within `token`. */
  readonly token: Token | null;
  readonly number: number;
}

/** Callbacks whose types are forgotten: every behaviour fits. */
export interface AnyCallbacks {
  init(args: unknown): unknown;
  elected(state: unknown, joiner: PeerId | null, ctx: unknown): unknown;
  surrendered(state: unknown, sync: unknown, ctx: unknown): unknown;
  fromLeader?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleLeaderCall?(state: unknown, request: unknown, ctx: unknown): unknown;
  handleLeaderCast?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleDown?(state: unknown, peer: PeerId, ctx: unknown): unknown;
  handleCall?(state: unknown, request: unknown, ctx: unknown): unknown;
  handleCast?(state: unknown, message: unknown, ctx: unknown): unknown;
  handleInfo?(state: unknown, message: unknown, ctx: unknown): unknown;
  terminate?(state: unknown, reason: unknown): unknown;
  codeChange?(state: unknown, fromVersion: number, ctx: unknown): unknown;
  snapshot?(state: unknown): unknown;
}

/** What is told of the callbacks of one server. */
export interface BehaviourObserver {
  callback(name: string, edge: "begin" | "end", token: Token | null): void;
  elected(token: Token, log: readonly BroadcastId[]): void;
  surrendered(token: Token, before: readonly BroadcastId[], after: readonly BroadcastId[], told: readonly BroadcastId[]): void;
  applied(id: BroadcastId, after: { readonly token: Token | null; readonly number: number }): void;
  executed(token: Token | null, call: number): void;
  broadcast(id: BroadcastId, call: number | null): void;
  /** The log that this peer has from now on. */
  holds(log: readonly BroadcastId[]): void;
}

/** A broadcast in its envelope. */
interface Numbered {
  readonly simulated: BroadcastId;
  readonly token: Token;
  readonly number: number;
  readonly payload: unknown;
}

/** A request in its envelope. */
export interface NumberedRequest {
  readonly simulatedCall: number;
  readonly request: unknown;
}

/** Callbacks that run on the leader alone: what others put into `broadcast` goes nowhere. */
const broadcasters: ReadonlySet<string> = new Set(["handleLeaderCall", "handleLeaderCast", "handleDown"]);

type AnyContext = Readonly<Record<string, unknown>>;

/** What can be read of a context without knowing its behaviour. */
interface Read {
  readonly token: Token | null;
  readonly broadcast: (message: unknown, options?: unknown) => void;
  readonly lost: readonly unknown[];
}

/** Numbers the broadcasts of the tenure that runs on a server. Outlives a change of its code. */
export interface Numbering {
  tenure: Token | null;
  last: number;
}

/** The callbacks of one server under observation. */
export function observeBehaviour(callbacks: AnyCallbacks, observer: BehaviourObserver, numbering: Numbering): AnyCallbacks {
  function envelop(payload: unknown, token: Token, call: number | null): Numbered {
    numbering.last += 1;
    const number = numbering.last;
    const id: BroadcastId = `${printToken(token)}/${number}`;
    observer.broadcast(id, call);
    return { simulated: id, token, number, payload };
  }

  /** Runs a callback on the state within, and puts what it returns back around. */
  function run(
    name: string,
    state: Observed,
    ctx: unknown,
    call: number | null,
    invoke: (inner: unknown, ctx: AnyContext) => unknown,
    around: (result: Readonly<Record<string, unknown>>, token: Token | null) => Observed = () => state,
  ): unknown {
    const { token, broadcast } = readContext(ctx);
    const inTenure = token !== null && sameToken(numbering.tenure, token) ? token : null;
    observer.callback(name, "begin", token);
    const own: AnyContext = {
      ...asRecord(ctx),
      // With receivers of its own it is outside of the numbering.
      broadcast: (message: unknown, options?: unknown) =>
        broadcast(options === undefined && inTenure !== null ? envelop(message, inTenure, call) : message, options),
    };
    const finish = (result: unknown): unknown => {
      observer.callback(name, "end", token);
      if (!isRecord(result) || !("state" in result)) return result;
      let next = around(result, token);
      const options = isRecord(result.options) ? result.options : null;
      const said = broadcasters.has(name) ? (result.broadcast ?? options?.broadcast) : undefined;
      if (said === undefined || inTenure === null) return { ...result, state: keep(next, result.state) };
      const numbered = envelop(said, inTenure, call);
      next = { ...next, log: [...next.log, numbered.simulated], token: inTenure, number: numbered.number };
      const wrapped = { ...result, state: keep(next, result.state) };
      return options === null ? { ...wrapped, broadcast: numbered } : { ...wrapped, options: { ...options, broadcast: numbered } };
    };
    const returned = invoke(state.inner, own);
    return isPromise(returned) ? returned.then(finish) : finish(returned);
  }

  function keep(observed: Observed, inner: unknown): Observed {
    observer.holds(observed.log);
    return { ...observed, inner };
  }

  const {
    fromLeader,
    handleLeaderCall,
    handleLeaderCast,
    handleDown,
    handleCall,
    handleCast,
    handleInfo,
    terminate,
    codeChange,
    snapshot,
  } = callbacks;
  const blank: Observed = { inner: null, log: [], token: null, number: 0 };

  return {
    init: (args) => run("init", blank, {}, null, () => callbacks.init(args)),
    elected(state, joiner, ctx) {
      const before = asObserved(state);
      const { token } = readContext(ctx);
      if (joiner === null && token !== null) {
        numbering.tenure = token;
        numbering.last = 0;
        observer.elected(token, before.log);
      }
      const began: Observed = joiner === null ? { ...before, token, number: 0 } : before;
      const wrap = (result: unknown): unknown => {
        if (!isRecord(result) || result.type !== "sync") return result;
        const observed = asObserved(result.state);
        const carried: Observed = { ...observed, inner: result.sync };
        // The others get the sync as a broadcast of its own.
        const { tenure } = numbering;
        if (result.to !== "all" || joiner === null || tenure === null) return { ...result, sync: carried };
        const numbered = envelop(result.sync, tenure, null);
        const next: Observed = { ...observed, log: [...observed.log, numbered.simulated], token: tenure, number: numbered.number };
        observer.holds(next.log);
        return { ...result, state: next, sync: { ...next, inner: result.sync, asBroadcast: numbered } };
      };
      const returned = run(
        "elected",
        began,
        ctx,
        null,
        (inner, own) => callbacks.elected(inner, joiner, own),
        () => began,
      );
      return isPromise(returned) ? returned.then(wrap) : wrap(returned);
    },
    surrendered(state, sync, ctx) {
      const before = asObserved(state);
      const taken = asObserved(sync);
      const { token, lost } = readContext(ctx);
      const told = lost.flatMap((message) => (isNumbered(message) ? [message.simulated] : []));
      if (token !== null) observer.surrendered(token, before.log, taken.log, told);
      const payloads = lost.map((message) => (isNumbered(message) ? message.payload : message));
      return run(
        "surrendered",
        before,
        { ...asRecord(ctx), lost: payloads },
        null,
        (inner, own) => callbacks.surrendered(inner, taken.inner, own),
        () => taken,
      );
    },
    fromLeader(state, message, ctx) {
      const before = asObserved(state);
      const numbered = broadcastIn(message);
      const invoke = (payload: unknown) => (inner: unknown, own: AnyContext) =>
        fromLeader === undefined ? { type: "ok", state: inner } : fromLeader(inner, payload, own);
      if (numbered === null) return run("fromLeader", before, ctx, null, invoke(message));
      observer.applied(numbered.simulated, { token: before.token, number: before.number });
      const next: Observed = { ...before, log: [...before.log, numbered.simulated], token: numbered.token, number: numbered.number };
      return run("fromLeader", before, ctx, null, invoke(numbered.payload), () => next);
    },
    ...(handleLeaderCall && {
      handleLeaderCall(state: unknown, request: unknown, ctx: unknown) {
        const { call, inner: bare } = requestIn(request);
        if (call !== null) observer.executed(readContext(ctx).token, call);
        return run("handleLeaderCall", asObserved(state), ctx, call, (inner, own) => handleLeaderCall(inner, bare, own));
      },
    }),
    ...(handleLeaderCast && {
      handleLeaderCast: (state: unknown, message: unknown, ctx: unknown) =>
        run("handleLeaderCast", asObserved(state), ctx, null, (inner, own) => handleLeaderCast(inner, message, own)),
    }),
    ...(handleDown && {
      handleDown: (state: unknown, peer: PeerId, ctx: unknown) =>
        run("handleDown", asObserved(state), ctx, null, (inner, own) => handleDown(inner, peer, own)),
    }),
    ...(handleCall && {
      handleCall: (state: unknown, request: unknown, ctx: unknown) =>
        run("handleCall", asObserved(state), ctx, null, (inner, own) => handleCall(inner, requestIn(request).inner, own)),
    }),
    ...(handleCast && {
      handleCast: (state: unknown, message: unknown, ctx: unknown) =>
        run("handleCast", asObserved(state), ctx, null, (inner, own) => handleCast(inner, message, own)),
    }),
    ...(handleInfo && {
      handleInfo: (state: unknown, message: unknown, ctx: unknown) =>
        run("handleInfo", asObserved(state), ctx, null, (inner, own) => handleInfo(inner, message, own)),
    }),
    ...(codeChange && {
      codeChange: (state: unknown, fromVersion: number, ctx: unknown) =>
        run("codeChange", asObserved(state), ctx, null, (inner, own) => codeChange(inner, fromVersion, own)),
    }),
    ...(snapshot && {
      snapshot(state: unknown) {
        const observed = asObserved(state);
        const wrap = (inner: unknown): Observed => ({ ...observed, inner });
        const made = snapshot(observed.inner);
        return isPromise(made) ? made.then(wrap) : wrap(made);
      },
    }),
    terminate(state, reason) {
      observer.callback("terminate", "begin", null);
      const returned = terminate?.(asObserved(state).inner, reason);
      const finish = (): void => observer.callback("terminate", "end", null);
      return isPromise(returned) ? returned.then(finish) : finish();
    },
  };
}

/** The state within: what a user sees of an observed one. */
export function innerState(state: unknown): unknown {
  return asObserved(state).inner;
}

/** The state around another one within. */
export function withInnerState(state: unknown, inner: unknown): Observed {
  return { ...asObserved(state), inner };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function asRecord(value: unknown): AnyContext {
  return isRecord(value) ? value : {};
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}

function isToken(value: unknown): value is Token {
  return isRecord(value) && typeof value.epoch === "number" && typeof value.leader === "string";
}

function isObserved(value: unknown): value is Observed {
  return isRecord(value) && "inner" in value && Array.isArray(value.log) && typeof value.number === "number";
}

/** @throws TypeError if it is none: then it did not come from a peer of this simulation */
function asObserved(value: unknown): Observed {
  if (isObserved(value)) return value;
  throw new TypeError("A state or sync reached a callback that no simulated peer has made.");
}

function isNumbered(value: unknown): value is Numbered {
  return isRecord(value) && typeof value.simulated === "string" && typeof value.number === "number" && isToken(value.token);
}

/** The broadcast that a message is; a sync that is broadcast carries it within. */
function broadcastIn(message: unknown): Numbered | null {
  if (isNumbered(message)) return message;
  return isObserved(message) && "asBroadcast" in message && isNumbered(message.asBroadcast) ? message.asBroadcast : null;
}

function requestIn(request: unknown): { readonly call: number | null; readonly inner: unknown } {
  if (!isRecord(request) || typeof request.simulatedCall !== "number") return { call: null, inner: request };
  return { call: request.simulatedCall, inner: request.request };
}

function readContext(ctx: unknown): Read {
  const { token, election, broadcast, lost } = asRecord(ctx);
  const known = isToken(token) ? token : isRecord(election) && isToken(election.token) ? election.token : null;
  return {
    token: known,
    broadcast:
      typeof broadcast === "function" ? (message, options) => void Reflect.apply(broadcast, undefined, [message, options]) : () => {},
    lost: Array.isArray(lost) ? lost : [],
  };
}
