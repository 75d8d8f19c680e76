/**
 * A started server: its callbacks, one at a time, between the mailbox and the driver of the core.
 *
 * @module
 */
import {
  type Caller,
  type Delivery,
  type DownReason,
  findPeer,
  type Medium,
  type Note,
  type PeerId,
  type PeerState,
  printDelivery,
  printEvent,
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
  isPromise,
  isStop,
  type ResultOf,
} from "./callbacks.js";
import { type Configured, preferenceOf } from "./configure.js";
import { createDriver, type Driver, type Traced } from "./driver.js";
import type { Election } from "./election.js";
import { BadArgumentError, CallTimeoutError, NameTakenError, PeerDownError, ServerEndedError, UncloneableError } from "./errors.js";
import { Mailbox, type Task } from "./mailbox.js";
import { describe, failedResult, settledValue } from "./outcome.js";
import { PendingCalls } from "./pending-calls.js";
import { Recorder } from "./recorder.js";
import type { CallOptions, Exit, LeaderCallOptions, ServerEvent, ServerStatus, StartOptions } from "./server.js";
import { createElection } from "./view.js";

/** What waits for the callbacks: with the tenure and the caller that it belongs to, so that it can be taken back. */
interface Message extends Task {
  readonly kind: Delivery["type"] | "call" | "cast" | "info" | "sys";
  /** Set for what only the leader of that tenure may run. */
  readonly tenure: Token | null;
  readonly caller: Caller | null;
}

/** A call that was handed to a callback and is not answered. */
interface Outstanding {
  readonly caller: Caller;
  /** The tenure that it has to be answered in, or `null` for a call to this peer. */
  readonly tenure: Token | null;
}

/** Options of a server that has run its `init`. */
export type RunOptions = Omit<StartOptions, "args">;

/** Who answers a `From` in this realm. */
const answerers = new WeakMap<From, RunningServer>();

/**
 * Answers a call that a callback left open with `noreply`, from anywhere in the realm that handled it. A second
 * answer, and one after the tenure has ended, are counted and do nothing. Erlang's `reply/2`.
 */
export function replyTo<R>(from: From<R>, value: R): void {
  answerers.get(from)?.reply(from, value);
}

export class RunningServer {
  readonly name: string;
  readonly #medium: Medium;
  readonly #options: RunOptions;
  readonly #driver: Driver;
  readonly #mailbox: Mailbox<Message, Message>;
  readonly #calls: PendingCalls;
  readonly #recorder: Recorder;
  readonly #outstanding = new Map<From, Outstanding>();
  readonly #subscribers = new Set<(status: ServerStatus) => void>();
  readonly #unwatchLifecycle: () => void;
  readonly #exit: { readonly promise: Promise<Exit>; resolve(exit: Exit): void };
  readonly #named: { readonly promise: Promise<void>; resolve(): void; reject(error: unknown): void };
  readonly election: Election;
  #callbacks: Callbacks;
  #version: number;
  #state: unknown = null;
  /** Whether `init` has made a state: only then is there something to terminate. */
  #begun = false;
  #applied = 0;
  /** The tenure whose `elected` or `surrendered` has run: until then there is no leader for local messages. */
  #ledIn: Token | null = null;
  #aborter = new AbortController();
  #draining: Token | null = null;
  #ended: Exit | null = null;
  #stepDowns: { resolve(): void; reject(error: unknown): void }[] = [];
  #lastSeen: PeerState | null = null;

  constructor(name: string, callbacks: Callbacks, configured: Configured, options: RunOptions) {
    const { config, medium, peer } = configured;
    this.name = name;
    this.#callbacks = callbacks;
    this.#version = config.version;
    this.#medium = medium;
    this.#options = options;
    this.#calls = new PendingCalls(medium.clock, medium.hold);
    this.#recorder = new Recorder(
      options.debug,
      () => medium.clock.wall(),
      (event) => this.#trace(event),
    );
    this.#exit = deferred<Exit>();
    this.#named = deferred<void>();
    this.#named.promise.catch(() => {});
    const { lifecycle } = medium;
    this.#driver = createDriver(
      peer,
      config,
      medium,
      {
        deliver: (delivery) => this.#deliver(delivery),
        cancel: (caller) => this.#cancel(caller),
        tenureEnded: (token) => this.#tenureEnded(token),
        drain: (token) => {
          this.#draining = token;
        },
        stepDownRefused: (to) => this.#refuseStepDown(to),
        nameTaken: (other) => this.#nameTaken(other),
        failed: (error) => void this.#end(error, true),
        note: (note) => this.#note(note),
        trace: (happened) => this.#record(happened),
        settled: () => this.#settled(),
      },
      preferenceOf(options.prefer, lifecycle?.visible ?? false),
    );
    this.election = createElection(
      () => this.#driver.state,
      () => this.#applied,
    );
    this.#mailbox = new Mailbox(() => this.#servesLocal());
    this.#unwatchLifecycle =
      lifecycle?.watch({
        suspend: () => this.#driver.close(),
        resume: () => {
          if (this.#ended === null) this.#driver.open().catch((error: unknown) => void this.#end(error, true));
        },
        visible: (visible) => this.#driver.dispatch({ type: "preference", preference: preferenceOf(options.prefer, visible) }),
      }) ?? (() => {});
  }

  get guarantees() {
    return this.#medium.guarantees;
  }

  get exited(): Promise<Exit> {
    return this.#exit.promise;
  }

  get running(): boolean {
    return this.#ended === null;
  }

  /** Joins the cluster with the state that `init` made. Resolves once the others can hear this peer. */
  async join(state: unknown): Promise<void> {
    this.#state = state;
    this.#begun = true;
    await this.#driver.open();
    // A name that was chosen may be taken; whoever has it says so at once.
    if (this.#options.peer === undefined) return;
    const giveUp = this.#medium.clock.schedule(() => this.#named.resolve(), this.#driver.state.config.limits.responseMs);
    await this.#named.promise.finally(giveUp);
  }

  // --- what users call ---

  leaderCall(request: object, options: LeaderCallOptions = {}): Promise<unknown> {
    return this.#call("leaderCall", request, options, "The leader", (call, copy) =>
      this.#driver.dispatch({ type: "call", call, request: copy, retry: options.retry ?? false }),
    );
  }

  leaderCast(message: unknown): void {
    const payload = this.#clone(message, "The message of leaderCast");
    if (this.#ended === null) this.#driver.dispatch({ type: "cast", payload });
  }

  call(request: object, options: CallOptions & { readonly to?: string } = {}): Promise<unknown> {
    const { to } = options;
    const { self, peers } = this.#driver.state;
    const peer = to === undefined ? self : findPeer([self, ...peers.keys()], to);
    if (peer === null) return Promise.reject(this.#ended === null ? new PeerDownError(String(to), "not-started") : this.#endedError());
    if (peer === self)
      return this.#call("call", request, options, `The server "${this.name}" on this peer`, (call, copy) => {
        this.#queueCall({ peer: self, call, serial: 0 }, copy);
        this.#mailbox.pump();
      });
    return this.#call("call", request, options, `The peer ${peer}`, (call, copy) =>
      this.#driver.dispatch({ type: "peer-call", call, to: peer, request: copy }),
    );
  }

  cast(message: unknown, options: { readonly to?: string } = {}): void {
    const payload = this.#clone(message, "The message of cast");
    if (this.#ended !== null) return;
    const { self, peers } = this.#driver.state;
    const peer = options.to === undefined ? self : findPeer([self, ...peers.keys()], options.to);
    if (peer !== null) this.#driver.dispatch({ type: "peer-cast", to: peer, payload });
  }

  info(message: unknown): void {
    if (this.#ended !== null) return;
    this.#queueLocal("info", () =>
      this.#notify("handleInfo", () => this.#callbacks.handleInfo?.(this.#state, message, this.#context(null))),
    );
    this.#mailbox.pump();
  }

  stepDown(options: { readonly to?: string; readonly backOffMs?: number } = {}): Promise<void> {
    if (this.#ended !== null) return Promise.reject(this.#endedError());
    const { state } = this.#driver;
    const { to } = options;
    const backOffMs = options.backOffMs ?? state.config.limits.backOffMs;
    if (!(backOffMs >= 0 && Number.isSafeInteger(backOffMs)))
      return Promise.reject(new BadArgumentError("backOffMs must be a whole number that is not negative."));
    if (state.phase.type !== "leading") return Promise.resolve();
    const successor = to === undefined ? null : findPeer(state.members.keys(), to);
    if (to !== undefined && successor === null) return Promise.reject(new PeerDownError(to, "not-started"));
    const release = this.#medium.hold?.();
    return new Promise<void>((resolve, reject) => {
      this.#stepDowns.push({ resolve, reject });
      this.#driver.dispatch({ type: "step-down", to: successor, backOffMs, alone: "refuse" });
    }).finally(release);
  }

  stop(reason: unknown = "normal"): Promise<Exit> {
    void this.#end(reason, true);
    return this.exited;
  }

  subscribe(listener: (status: ServerStatus) => void): () => void {
    const own = (status: ServerStatus) => listener(status);
    this.#subscribers.add(own);
    own({ election: this.election, running: this.running });
    return () => this.#subscribers.delete(own);
  }

  // --- sys ---

  readonly sys = {
    suspend: () => this.#system(() => this.#mailbox.suspend()),
    resume: () => this.#mailbox.resume(),
    getState: () => this.#system(() => this.#state),
    replaceState: (change: (state: unknown) => unknown) =>
      this.#system(() => {
        this.#state = change(this.#state);
        return this.#state;
      }),
    replaceBehaviour: (callbacks: Callbacks, version?: number) => this.#replaceBehaviour(callbacks, version),
    trace: (listener: (event: ServerEvent) => void) => this.#recorder.listen(listener),
    log: () => this.#recorder.log(),
    statistics: () => this.#recorder.statistics(this.#driver.traffic, this.#calls.size),
  };

  /** Runs something between two callbacks. */
  #system<R>(run: () => R): Promise<R> {
    if (this.#ended !== null) return Promise.reject(this.#endedError());
    return new Promise((resolve, reject) => {
      this.#queue({
        kind: "sys",
        tenure: null,
        caller: null,
        run: () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error);
          }
        },
      });
      this.#exit.promise.then(
        () => reject(this.#endedError()),
        () => {},
      );
      this.#mailbox.pump();
    });
  }

  #replaceBehaviour(callbacks: Callbacks, version = this.#version): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#endedError());
      this.#exit.promise.then(
        () => reject(this.#endedError()),
        () => {},
      );
      this.#queue({
        kind: "sys",
        tenure: null,
        caller: null,
        run: () => {
          const fromVersion = this.#version;
          this.#callbacks = callbacks;
          this.#version = version;
          if (callbacks.codeChange === undefined) return resolve();
          return this.#invoke(
            "codeChange",
            null,
            () => callbacks.codeChange?.(this.#state, fromVersion, this.#context(null)),
            (result) => {
              this.#state = result.state;
              resolve();
            },
          );
        },
      });
      this.#mailbox.pump();
    });
  }

  // --- calls ---

  #call(what: string, request: object, options: CallOptions, who: string, begin: (id: number, copy: unknown) => void): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#endedError());
    let copy: unknown;
    try {
      copy = this.#clone(request, `The request of ${what}`);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#calls.open(
      options,
      (id) => begin(id, copy),
      (id, timeoutMs) => {
        const begun = this.#hasBegun(id);
        const { self } = this.#driver.state;
        this.#cancel({ peer: self, call: id, serial: 0 });
        this.#driver.dispatch({ type: "cancel", call: id });
        return timeoutMs === null ? undefined : new CallTimeoutError(timeoutMs, begun ? "unknown" : "not-started", who);
      },
    );
  }

  /** Whether a call of this peer's user may have begun to run somewhere. */
  #hasBegun(id: number): boolean {
    const { calls, peerCalls, self } = this.#driver.state;
    const pending = calls.get(id);
    const waitsHere = (message: Message) => message.caller?.peer === self && message.caller.call === id && message.caller.serial === 0;
    if (pending !== undefined) return pending.sent !== null && !(pending.serial === 0 && this.#mailbox.someWaiting(waitsHere));
    return (
      peerCalls.has(id) ||
      [...this.#outstanding.values()].some(({ caller, tenure }) => tenure === null && caller.peer === self && caller.call === id)
    );
  }

  #cancel(caller: Caller): void {
    const fits = (message: Message) =>
      (message.kind === "leader-call" || message.kind === "call") &&
      message.caller?.peer === caller.peer &&
      message.caller.call === caller.call &&
      message.caller.serial === caller.serial;
    this.#mailbox.removeWhere(fits);
    this.#mailbox.removeLocalWhere(fits);
    // A caller that does not wait is not owed an answer, so that a hand-over does not wait for one.
    for (const [from, { caller: open }] of this.#outstanding)
      if (open.peer === caller.peer && open.call === caller.call && open.serial === caller.serial) this.#outstanding.delete(from);
  }

  /** Answers an open call, once. */
  reply(from: From, value: unknown): void {
    const open = this.#outstanding.get(from);
    if (open === undefined) return this.#recorder.record(this.election.self, "late-reply", () => `late reply to ${from.peer}!${from.call}`);
    this.#outstanding.delete(from);
    let result: Result;
    try {
      result = { type: "value", value: this.#clone(value, "The reply") };
    } catch (error) {
      result = failedResult(error, (reason) => this.#medium.clone(reason));
    }
    this.#answer(open, result);
  }

  #answer({ caller, tenure }: Outstanding, result: Result): void {
    if (tenure === null) this.#driver.dispatch({ type: "peer-answered", caller, result });
    else this.#driver.dispatch({ type: "answered", token: tenure, caller, result });
  }

  // --- what the core delivers ---

  #deliver(delivery: Delivery): void {
    const message = (run: () => void | Promise<void>, tenure: Token | null = null, caller: Caller | null = null) =>
      this.#queue({ kind: delivery.type, tenure, caller, run });
    switch (delivery.type) {
      case "elected":
        if (delivery.joiner === null) this.#beginEpoch();
        return message(() => this.#elected(delivery), delivery.token);
      case "surrendered":
        this.#beginEpoch();
        return message(() => this.#surrendered(delivery));
      case "from-leader":
        return message(() => this.#fromLeader(delivery));
      case "leader-call":
        return message(() => this.#leaderCall(delivery), delivery.token, delivery.caller);
      case "leader-cast":
        return message(() => this.#leaderCast(delivery), delivery.token);
      case "down":
        return message(() => this.#down(delivery), delivery.token);
      case "peer-call":
        return this.#queueCall(delivery.caller, delivery.request);
      case "peer-cast":
        return this.#queueLocal("cast", () =>
          this.#notify("handleCast", () => this.#callbacks.handleCast?.(this.#state, delivery.payload, this.#context(null))),
        );
      case "snapshot":
        return message(() => this.#snapshot(delivery));
      case "advance":
        return message(() => {
          this.#applied = delivery.sequence;
        });
      case "settle":
        // A reply comes after what it depends on. That there will be none depends on nothing.
        return delivery.outcome.type === "result" ? message(() => this.#settle(delivery)) : this.#settle(delivery);
    }
  }

  /** A new leader is on its way to the callbacks: what the last one began is over. */
  #beginEpoch(): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    this.#recorder.elections += 1;
  }

  #elected({ token, joiner, mayHaveLost }: Extract<Delivery, { type: "elected" }>): void | Promise<void> {
    const ctx = { ...this.#context(token), token, mayHaveLost };
    return this.#invoke(
      "elected",
      token,
      () => this.#callbacks.elected(this.#state, joiner, ctx),
      (result) => {
        this.#state = result.state;
        const sync = this.#clone(result.sync, "The sync that elected returned");
        if (joiner === null) {
          this.#ledIn = token;
          this.#applied = 0;
        }
        this.#driver.dispatch({ type: "synced", token, joiner, sync, to: result.to });
      },
    );
  }

  #surrendered(delivery: Extract<Delivery, { type: "surrendered" }>): void | Promise<void> {
    const { token, version, lost, deposed, sequence } = delivery;
    const ctx = { ...this.#context(null), token, version, lost, deposed };
    return this.#invoke(
      "surrendered",
      null,
      () => this.#callbacks.surrendered(this.#state, this.#medium.clone(delivery.sync), ctx),
      (result) => {
        this.#state = result.state;
        this.#ledIn = token;
        this.#applied = sequence;
      },
    );
  }

  #fromLeader(delivery: Extract<Delivery, { type: "from-leader" }>): void | Promise<void> {
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
      () => this.#callbacks.fromLeader?.(this.#state, this.#medium.clone(payload), ctx),
      (result) => {
        this.#state = result.state;
        done();
      },
    );
  }

  #leaderCall({ token, caller, request }: Extract<Delivery, { type: "leader-call" }>): void | Promise<void> {
    const open = { caller, tenure: token };
    if (this.#callbacks.handleLeaderCall === undefined) return this.#answer(open, notImplemented("handleLeaderCall"));
    const from = this.#from(open);
    const ctx = { ...this.#context(token), from };
    return this.#invoke(
      "handleLeaderCall",
      token,
      () => this.#callbacks.handleLeaderCall?.(this.#state, request, ctx),
      (result) => this.#callResult(result, from, token),
      from,
    );
  }

  #leaderCast({ token, payload }: Extract<Delivery, { type: "leader-cast" }>): void | Promise<void> {
    return this.#notify("handleLeaderCast", () => this.#callbacks.handleLeaderCast?.(this.#state, payload, this.#context(token)), token);
  }

  #down({ token, peer, reason }: Extract<Delivery, { type: "down" }>): void | Promise<void> {
    const ctx: { reason: DownReason } = { ...this.#context(token), reason };
    return this.#notify("handleDown", () => this.#callbacks.handleDown?.(this.#state, peer, ctx), token);
  }

  #snapshot({ requester, campaign }: Extract<Delivery, { type: "snapshot" }>): void | Promise<void> {
    const send = (sync: unknown) =>
      this.#driver.dispatch({ type: "snapshotted", requester, campaign, sync: this.#clone(sync, "The sync that snapshot returned") });
    try {
      const made = this.#callbacks.snapshot?.(this.#state);
      if (!isPromise(made)) return send(made);
      return Promise.resolve(made)
        .then(send)
        .catch((error: unknown) => void this.#end(error, false));
    } catch (error) {
      void this.#end(error, false);
    }
  }

  #settle({ call, outcome }: Extract<Delivery, { type: "settle" }>): void {
    try {
      this.#calls.resolve(call, settledValue(outcome));
    } catch (error) {
      this.#calls.reject(call, error);
    }
  }

  /** A call to this peer, its own or another's. */
  #queueCall(caller: Caller, request: unknown): void {
    this.#queueLocal(
      "call",
      () => {
        const open = { caller, tenure: null };
        if (this.#callbacks.handleCall === undefined) return this.#answer(open, notImplemented("handleCall"));
        const from = this.#from(open);
        const ctx = { ...this.#context(null), from };
        return this.#invoke(
          "handleCall",
          null,
          () => this.#callbacks.handleCall?.(this.#state, request, ctx),
          (result) => this.#callResult(result, from, null),
          from,
        );
      },
      caller,
    );
  }

  #from(open: Outstanding): From {
    const from: From = { peer: open.caller.peer, call: open.caller.call };
    this.#outstanding.set(from, open);
    answerers.set(from, this);
    return from;
  }

  #callResult(result: Extract<AnyResult, { type: "reply" | "noreply" }>, from: From, tenure: Token | null): void {
    this.#state = result.state;
    this.#broadcastOf(result, tenure);
    if (result.type === "reply") this.reply(from, result.reply);
  }

  #stopResult(result: Extract<AnyResult, { type: "stop" }>, tenure: Token | null, from: From | null): void {
    const { reason, options } = result;
    this.#state = result.state;
    if (options !== undefined) this.#broadcastOf(options, tenure);
    if (from !== null) {
      if (options !== undefined && "reply" in options) this.reply(from, options.reply);
      else this.#failOpen(from, reason);
    }
    void this.#end(reason, false);
  }

  #failOpen(from: From, reason: unknown): void {
    const open = this.#outstanding.get(from);
    if (open === undefined) return;
    this.#outstanding.delete(from);
    this.#answer(
      open,
      failedResult(reason, (value) => this.#medium.clone(value)),
    );
  }

  #broadcastOf(result: { readonly broadcast?: unknown }, tenure: Token | null): void {
    if (tenure === null || result.broadcast === undefined) return;
    this.#driver.dispatch({ type: "broadcast", token: tenure, payload: this.#clone(result.broadcast, "The broadcast"), to: null });
  }

  /** Runs a callback that may be left out and that answers nobody. */
  #notify(
    name: "handleLeaderCast" | "handleDown" | "handleCast" | "handleInfo",
    run: () => unknown,
    tenure: Token | null = null,
  ): void | Promise<void> {
    if (this.#callbacks[name] === undefined) return;
    return this.#invoke(name, tenure, run, (result) => {
      this.#state = result.state;
      this.#broadcastOf(result, tenure);
    });
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
  ): void | Promise<void> {
    this.#recorder.callbacks += 1;
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
        return this.#recorder.record(this.election.self, "discarded", () => `${name} failed after its tenure: ${describe(error)}`);
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
    if (this.#ended !== null) return true;
    if (tenure === null) return false;
    const { phase, token } = this.#driver.state;
    const electing = phase.type === "contending" && phase.stage.type === "electing" && sameToken(phase.stage.token, tenure);
    return !electing && !(phase.type === "leading" && sameToken(token, tenure));
  }

  #failCallback(name: string, error: unknown): void {
    for (const from of [...this.#outstanding.keys()]) this.#failOpen(from, error);
    // Everybody runs the same code: the next candidate is given time, lest one fault kill them all in turn.
    const backOffMs = name === "elected" || name === "handleDown" ? this.#driver.state.config.limits.backOffMs : 0;
    void this.#end(error, false, backOffMs);
  }

  // --- contexts ---

  #context(tenure: Token | null) {
    return {
      self: this.election.self,
      election: this.election,
      signal: this.#aborter.signal,
      broadcast: (message: unknown, options: { readonly to?: PeerId | readonly PeerId[] } = {}) => {
        const token = tenure ?? this.#driver.state.token;
        if (token === null || this.#ended !== null) return;
        const { to } = options;
        const payload = this.#clone(message, "The message of ctx.broadcast");
        this.#driver.dispatch({ type: "broadcast", token, payload, to: to === undefined ? null : typeof to === "string" ? [to] : to });
      },
    };
  }

  #clone<V>(value: V, what: string): V {
    try {
      return this.#medium.clone(value);
    } catch (error) {
      throw new UncloneableError(what, { cause: error });
    }
  }

  // --- the mailbox ---

  #queue(message: Message): void {
    this.#mailbox.push(message);
  }

  #queueLocal(kind: Message["kind"], run: () => void | Promise<void>, caller: Caller | null = null): void {
    this.#mailbox.pushLocal({ kind, tenure: null, caller, run });
  }

  /** Whether calls, casts and infos to this peer may run: as in gen_leader, when it knows a leader. */
  #servesLocal(): boolean {
    if (this.#options.localCalls === "always") return true;
    return this.election.leader !== null && sameToken(this.#ledIn, this.#driver.state.token);
  }

  // --- changes of leadership ---

  #tenureEnded(token: Token): void {
    this.#aborter.abort();
    this.#aborter = new AbortController();
    if (this.#draining !== null && sameToken(this.#draining, token)) this.#draining = null;
    const dropped = this.#mailbox.removeWhere(({ tenure }) => sameToken(tenure, token) && tenure !== null);
    const begun: Caller[] = [];
    for (const [from, { caller, tenure }] of this.#outstanding) {
      if (tenure === null || !sameToken(tenure, token)) continue;
      this.#outstanding.delete(from);
      begun.push(caller);
    }
    const waiting = dropped.flatMap(({ kind, caller }) => (kind === "leader-call" && caller !== null ? [caller] : []));
    this.#driver.dispatch({ type: "abandoned", begun, waiting });
    const { running } = this.#mailbox;
    if (running?.tenure == null || !sameToken(running.tenure, token)) return;
    // The callback that still runs is waited for, but not for ever.
    const stuck = running;
    this.#medium.clock.schedule(() => {
      if (this.#mailbox.running === stuck) this.#mailbox.abandonRunning();
    }, this.#driver.state.config.limits.abandonMs);
  }

  #refuseStepDown(to: PeerId | null): void {
    this.#draining = null;
    const waiting = this.#stepDowns;
    this.#stepDowns = [];
    for (const { reject } of waiting) reject(new PeerDownError(to ?? "no other candidate", "not-started"));
  }

  #nameTaken(peer: PeerId): void {
    const error = new NameTakenError(peer);
    this.#named.reject(error);
    void this.#end(error, true);
  }

  #note(note: Note): void {
    this.#recorder.record(this.election.self, note.type, () => JSON.stringify(note));
    if (note.type === "lists-differ")
      this.#options.logger?.warn(
        `gen-leader: ${note.peer} was started with other candidates or workers than ${this.election.self}. Give every peer the same lists.`,
      );
    else this.#options.logger?.info(`gen-leader: ${JSON.stringify(note)}`);
  }

  #record(happened: Traced): void {
    const { self } = this.#driver.state;
    switch (happened.type) {
      case "event":
        return this.#recorder.record(self, happened.event.type, () => printEvent(happened.event));
      case "delivery":
        return this.#recorder.record(self, happened.delivery.type, () => printDelivery(happened.delivery));
      case "dropped":
        return this.#recorder.record(self, "dropped", () => `dropped ${happened.reason} from ${happened.from ?? "?"}`);
    }
  }

  #trace(event: ServerEvent): void {
    this.#options.logger?.debug(`${event.peer} ${event.text}`);
  }

  /** Everything that follows from one happening has been handled: run callbacks, tell who waits or listens. */
  #settled(): void {
    this.#mailbox.pump();
    if (this.#draining !== null) this.#checkDrained(this.#draining);
    const { state } = this.#driver;
    const seen = this.#lastSeen;
    this.#lastSeen = state;
    if (state.phase.type === "following" || state.phase.type === "leading" || state.phase.type === "halted") this.#named.resolve();
    if (
      seen !== null &&
      seen.phase === state.phase &&
      seen.members === state.members &&
      seen.peers === state.peers &&
      seen.token === state.token &&
      seen.gone === state.gone
    )
      return;
    if (state.phase.type === "following" && this.#stepDowns.length > 0) {
      const waiting = this.#stepDowns;
      this.#stepDowns = [];
      for (const { resolve } of waiting) resolve();
    }
    this.#publish();
  }

  #checkDrained(token: Token): void {
    const owes = [...this.#outstanding.values()].some(({ tenure }) => tenure !== null);
    const isWork = ({ kind }: Message) => kind === "leader-call" || kind === "leader-cast";
    const { running } = this.#mailbox;
    if (owes || (running !== null && isWork(running)) || this.#mailbox.someWaiting(isWork)) return;
    this.#draining = null;
    this.#driver.dispatch({ type: "drained", token });
  }

  #publish(): void {
    const status = { election: this.election, running: this.running };
    for (const subscriber of [...this.#subscribers]) subscriber(status);
  }

  // --- the end ---

  #endedError(): ServerEndedError {
    const reason = this.#ended?.reason;
    return new ServerEndedError(this.name, `it ended with ${describe(reason)}`, { cause: reason });
  }

  /**
   * Ends this server: leadership is given up at once, `terminate` runs after the callback that runs now, then
   * everybody who waits is told.
   */
  async #end(reason: unknown, waitForRunning: boolean, backOffMs = 0): Promise<void> {
    if (this.#ended !== null) return;
    const release = this.#medium.hold?.();
    const running = waitForRunning ? this.#mailbox.running : null;
    // Answers that are already owed to nobody but this peer's own callers still reach them.
    this.#unwatchLifecycle();
    this.#driver.close(backOffMs);
    this.#ended = { reason };
    this.#aborter.abort();
    for (const message of this.#mailbox.close()) if (message.kind === "settle") void message.run();
    if (running !== null) await this.#callbackEnd();
    try {
      if (this.#begun) await this.#callbacks.terminate?.(this.#state, reason);
    } catch (error) {
      this.#options.logger?.error(`gen-leader: terminate of "${this.name}" threw`, error);
    }
    this.#outstanding.clear();
    this.#calls.rejectAll(() => this.#endedError());
    this.#named.reject(this.#endedError());
    for (const { reject } of this.#stepDowns) reject(this.#endedError());
    this.#stepDowns = [];
    this.#exit.resolve({ reason });
    this.#publish();
    this.#subscribers.clear();
    release?.();
  }

  /** Resolves when the callback that runs has ended, or has been given up. */
  #callbackEnd(): Promise<void> {
    return new Promise((resolve) => {
      const giveUp = this.#medium.clock.schedule(resolve, this.#driver.state.config.limits.abandonMs);
      this.#mailbox.whenIdle(() => {
        giveUp();
        resolve();
      });
    });
  }
}

function notImplemented(callback: string): Result {
  return { type: "error", code: "not-implemented", message: callback };
}

function deferred<V>() {
  let resolve: (value: V) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<V>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
