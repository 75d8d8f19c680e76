/**
 * Runs the user's callbacks: hands them the state and what has come, takes what they return, and ends the server when
 * they fail. Which of them runs when is decided by the mailbox.
 *
 * @module
 */
import {
  type Caller,
  type Delivery,
  type DownReason,
  type PeerId,
  type PeerState,
  type Result,
  sameToken,
  type Token,
} from "@gen-leader/protocol";
import type { From } from "./behaviour.js";
import {
  type AnyResult,
  type Callbacks,
  type CheckedCallback,
  checkResult,
  type Going,
  goesOn,
  isStop,
  type ResultOf,
} from "./callbacks.js";
import type { Happening } from "./driver.js";
import type { Election } from "./election.js";
import { UncloneableError } from "./errors.js";
import type { OpenCall, OpenCalls } from "./open-calls.js";
import { describe } from "./outcome.js";
import { isPromise } from "./promises.js";
import type { Recorder } from "./recorder.js";

/** What running a callback comes to: nothing, or a promise until it has ended. */
export type Run = void | Promise<void>;

/** The server around the callbacks. */
export interface CallbackHost {
  readonly election: Election;
  readonly recorder: Recorder;
  readonly state: PeerState;
  readonly hasEnded: boolean;
  clone<V>(value: V): V;
  dispatch(happening: Happening): void;
  answer(call: OpenCall, result: Result): void;
  /** Ends the server for `reason`; everybody then waits `backOffMs` before the next is elected. */
  end(reason: unknown, backOffMs: number): void;
}

type DeliveryOf<Type extends Delivery["type"]> = Extract<Delivery, { readonly type: Type }>;

export class CallbackRunner {
  readonly #host: CallbackHost;
  readonly #calls: OpenCalls;
  #callbacks: Callbacks;
  #version: number;
  #state: unknown = null;
  #applied = 0;
  #ledIn: Token | null = null;
  #aborter = new AbortController();
  /** Whose context belongs to the `elected` that makes a joiner's sync at this moment. */
  #welcoming: object | null = null;
  /**
   * Broadcasts through contexts of other callbacks meanwhile: the sync may lack what they tell, and the joiner is not there
   * to hear it, so they wait, and with them the answers that follow them.
   */
  readonly #delayed: (() => void)[] = [];

  constructor(host: CallbackHost, calls: OpenCalls, callbacks: Callbacks, version: number) {
    this.#host = host;
    this.#calls = calls;
    this.#callbacks = callbacks;
    this.#version = version;
  }

  /** What `init` made, and every callback since. */
  get state(): unknown {
    return this.#state;
  }

  set state(state: unknown) {
    this.#state = state;
  }

  /** Sequence of the last broadcast that has been applied. */
  get applied(): number {
    return this.#applied;
  }

  /** The tenure whose `elected` or `surrendered` has run: until then there is no leader for local messages. */
  get ledIn(): Token | null {
    return this.#ledIn;
  }

  /** What a tenure began on this peer is over: its signal aborts. */
  endEpoch(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    this.endWelcome();
  }

  advance(sequence: number): void {
    this.#applied = sequence;
  }

  elected({ token, joiner, mayHaveLost }: DeliveryOf<"elected">): Run {
    const owner = {};
    const ctx = { ...this.#context(token, owner), token, mayHaveLost };
    if (joiner !== null) this.#welcoming = owner;
    const running = this.#invoke(
      "elected",
      token,
      () => this.#callbacks.elected(this.#state, joiner, ctx),
      (result) => {
        this.#state = result.state;
        const sync = this.#cloneOf(result.sync, "The sync that elected returned");
        if (joiner === null) {
          this.#ledIn = token;
          this.#applied = 0;
        }
        this.#host.dispatch({ type: "synced", token, joiner, sync, to: result.to });
      },
    );
    const end = () => {
      if (this.#welcoming === owner) this.endWelcome();
    };
    return running === undefined ? end() : running.then(end);
  }

  /** What was held back while a joiner's sync was made goes out, after that sync if there is one. */
  endWelcome(): void {
    this.#welcoming = null;
    for (const act of this.#delayed.splice(0)) act();
  }

  /** Does something that must not overtake a broadcast: an answer. */
  inOrder(act: () => void): void {
    if (this.#delayed.length === 0) act();
    else this.#delayed.push(act);
  }

  surrendered(delivery: DeliveryOf<"surrendered">): Run {
    const { token, version, lost, deposed, sequence } = delivery;
    const ctx = { ...this.#context(null), token, version, lost, deposed };
    return this.#invoke(
      "surrendered",
      null,
      () => this.#callbacks.surrendered(this.#state, this.#host.clone(delivery.sync), ctx),
      (result) => {
        this.#state = result.state;
        this.#ledIn = token;
        this.#applied = sequence;
      },
    );
  }

  fromLeader(delivery: DeliveryOf<"from-leader">): Run {
    const { token, version, payload, sequence } = delivery;
    const ctx = { ...this.#context(null), token, version };
    // The payload stays in the history: callbacks get a copy, so that none can change what others are caught up with.
    const done = () => {
      this.#applied = Math.max(this.#applied, sequence);
    };
    if (this.#callbacks.fromLeader === undefined) return done();
    return this.#invoke(
      "fromLeader",
      null,
      () => this.#callbacks.fromLeader?.(this.#state, this.#host.clone(payload), ctx),
      (result) => {
        this.#state = result.state;
        done();
      },
    );
  }

  leaderCall({ token, caller, request }: DeliveryOf<"leader-call">): Run {
    const open = { caller, tenure: token };
    if (this.#callbacks.handleLeaderCall === undefined) return this.#host.answer(open, notImplemented("handleLeaderCall"));
    const from = this.#calls.open(open);
    const ctx = { ...this.#context(token), from };
    return this.#invoke(
      "handleLeaderCall",
      token,
      () => this.#callbacks.handleLeaderCall?.(this.#state, request, ctx),
      (result) => this.#callResult(result, from, token),
      from,
    );
  }

  leaderCast({ token, payload }: DeliveryOf<"leader-cast">): Run {
    return this.#notify("handleLeaderCast", () => this.#callbacks.handleLeaderCast?.(this.#state, payload, this.#context(token)), token);
  }

  down({ token, peer, reason }: DeliveryOf<"down">): Run {
    const ctx: { reason: DownReason } = { ...this.#context(token), reason };
    return this.#notify("handleDown", () => this.#callbacks.handleDown?.(this.#state, peer, ctx), token);
  }

  snapshot({ requester, campaign }: DeliveryOf<"snapshot">): Run {
    const send = (sync: unknown) =>
      this.#host.dispatch({ type: "snapshotted", requester, campaign, sync: this.#cloneOf(sync, "The sync that snapshot returned") });
    try {
      const made = this.#callbacks.snapshot?.(this.#state);
      if (!isPromise(made)) return send(made);
      return Promise.resolve(made)
        .then(send)
        .catch((error: unknown) => this.#host.end(error, 0));
    } catch (error) {
      this.#host.end(error, 0);
    }
  }

  /** A call to this peer, its own or another's. */
  call(caller: Caller, request: unknown): Run {
    const open = { caller, tenure: null };
    if (this.#callbacks.handleCall === undefined) return this.#host.answer(open, notImplemented("handleCall"));
    const from = this.#calls.open(open);
    const ctx = { ...this.#context(null), from };
    return this.#invoke(
      "handleCall",
      null,
      () => this.#callbacks.handleCall?.(this.#state, request, ctx),
      (result) => this.#callResult(result, from, null),
      from,
    );
  }

  cast(message: unknown): Run {
    return this.#notify("handleCast", () => this.#callbacks.handleCast?.(this.#state, message, this.#context(null)));
  }

  info(message: unknown): Run {
    return this.#notify("handleInfo", () => this.#callbacks.handleInfo?.(this.#state, message, this.#context(null)));
  }

  /** Goes on with other callbacks. Resolves `done` once `codeChange` has run. */
  replace(callbacks: Callbacks, version: number | undefined, done: () => void): Run {
    const fromVersion = this.#version;
    this.#callbacks = callbacks;
    this.#version = version ?? fromVersion;
    this.#host.dispatch({ type: "code-changed", version: this.#version, snapshots: callbacks.snapshot !== undefined });
    if (callbacks.codeChange === undefined) return done();
    return this.#invoke(
      "codeChange",
      null,
      () => callbacks.codeChange?.(this.#state, fromVersion, this.#context(null)),
      (result) => {
        this.#state = result.state;
        done();
      },
    );
  }

  terminate(reason: unknown): unknown {
    this.#aborter.abort();
    return this.#callbacks.terminate?.(this.#state, reason);
  }

  #callResult(result: Extract<AnyResult, { type: "reply" | "noreply" }>, from: From, tenure: Token | null): void {
    this.#goOn(result, tenure);
    if (result.type === "reply") this.#calls.reply(from, result.reply);
  }

  #stopResult(result: Extract<AnyResult, { type: "stop" }>, tenure: Token | null, from: From | null): void {
    const { reason, options } = result;
    this.#state = result.state;
    if (options !== undefined) this.#broadcastOf(options, tenure);
    if (from !== null) {
      if (options !== undefined && "reply" in options) this.#calls.reply(from, options.reply);
      else this.#calls.fail(from, reason);
    }
    this.#host.end(reason, 0);
  }

  #broadcastOf(result: { readonly broadcast?: unknown }, tenure: Token | null): void {
    if (tenure === null || result.broadcast === undefined) return;
    this.#host.dispatch({ type: "broadcast", token: tenure, payload: this.#cloneOf(result.broadcast, "The broadcast"), to: null });
  }

  /** Runs a callback that may be left out and that answers nobody. */
  #notify(name: "handleLeaderCast" | "handleDown" | "handleCast" | "handleInfo", run: () => unknown, tenure: Token | null = null): Run {
    if (this.#callbacks[name] === undefined) return;
    return this.#invoke(name, tenure, run, (result) => this.#goOn(result, tenure));
  }

  /** Goes on with the state that a callback returned, unless the tenure turns out to be over: what nobody heard of has not happened. */
  #goOn(result: { readonly state: unknown; readonly broadcast?: unknown }, tenure: Token | null): void {
    const before = this.#state;
    this.#state = result.state;
    this.#broadcastOf(result, tenure);
    if (this.#isOver(tenure)) this.#state = before;
  }

  /**
   * Runs a callback and takes what it returns, unless the tenure that it belongs to has ended meanwhile. A throw, a
   * rejection and a value that is none of its results end the server.
   */
  #invoke<Name extends CheckedCallback>(
    name: Name,
    tenure: Token | null,
    run: () => unknown,
    accept: (result: Going<ResultOf<Name>>) => void,
    from: From | null = null,
  ): Run {
    this.#host.recorder.callbacks += 1;
    const take = (value: unknown) => {
      if (this.#isOver(tenure)) return;
      try {
        const result = checkResult(name, value);
        if (isStop(result)) this.#stopResult(result, tenure, from);
        else if (goesOn(result)) accept(result);
      } catch (error) {
        fail(error);
      }
    };
    const fail = (error: unknown) => {
      if (this.#isOver(tenure))
        return this.#host.recorder.record(
          this.#host.election.self,
          "discarded",
          () => `${name} failed after its tenure: ${describe(error)}`,
        );
      this.#failCallback(name, error);
    };
    try {
      const value = run();
      if (!isPromise(value)) return take(value);
      return Promise.resolve(value).then(take, fail);
    } catch (error) {
      fail(error);
    }
  }

  /** Whether what a callback does for this tenure does not count any more. */
  #isOver(tenure: Token | null): boolean {
    if (this.#host.hasEnded) return true;
    if (tenure === null) return false;
    const { phase, token } = this.#host.state;
    const electing = phase.type === "contending" && phase.stage.type === "electing" && sameToken(phase.stage.token, tenure);
    return !electing && !(phase.type === "leading" && sameToken(token, tenure));
  }

  #failCallback(name: string, error: unknown): void {
    this.#calls.failAll(error);
    // Everybody runs the same code: the next candidate is given time, lest one fault kill them all in turn.
    const backOffMs = name === "elected" || name === "handleDown" ? this.#host.state.config.limits.backOffMs : 0;
    this.#host.end(error, backOffMs);
  }

  #context(tenure: Token | null, owner: object | null = null) {
    return {
      self: this.#host.election.self,
      election: this.#host.election,
      signal: this.#aborter.signal,
      broadcast: (message: unknown, options: { readonly to?: PeerId | readonly PeerId[] } = {}) => {
        const token = tenure ?? this.#host.state.token;
        if (token === null || this.#host.hasEnded) return;
        const { to } = options;
        const payload = this.#cloneOf(message, "The message of ctx.broadcast");
        const receivers = to === undefined ? null : typeof to === "string" ? [to] : to;
        const broadcast = () => this.#host.dispatch({ type: "broadcast", token, payload, to: receivers });
        if (this.#welcoming === null || this.#welcoming === owner) broadcast();
        else this.#delayed.push(broadcast);
      },
    };
  }

  #cloneOf<V>(value: V, what: string): V {
    try {
      return this.#host.clone(value);
    } catch (error) {
      throw new UncloneableError(what, { cause: error });
    }
  }
}

function notImplemented(callback: string): Result {
  return { type: "error", code: "not-implemented", message: callback };
}
