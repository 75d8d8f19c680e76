/**
 * A started server: what its user asks for, and the mailbox between the driver of the core and the callbacks.
 *
 * @module
 */
import {
  type Caller,
  type Delivery,
  findPeer,
  type Medium,
  type PeerId,
  type PeerState,
  type Result,
  sameToken,
  type Token,
} from "@gen-leader/protocol";
import { CallbackRunner, type Run } from "./callback-runner.js";
import type { Callbacks } from "./callbacks.js";
import { type Configured, preferenceOf } from "./configure.js";
import { type Diagnostics, diagnose } from "./diagnostics.js";
import { createDriver, type Driver } from "./driver.js";
import type { Election } from "./election.js";
import { BadArgumentError, CallTimeoutError, NameTakenError, PeerDownError, ServerEndedError, UncloneableError } from "./errors.js";
import { FairTurns } from "./fair-turns.js";
import { callListener } from "./listeners.js";
import { Mailbox, type Task } from "./mailbox.js";
import { type OpenCall, OpenCalls, sameCaller } from "./open-calls.js";
import { describe, settledValue } from "./outcome.js";
import { PendingCalls } from "./pending-calls.js";
import { deferred } from "./promises.js";
import { Recorder } from "./recorder.js";
import type { CallOptions, Exit, LeaderCallOptions, ServerStatus, StartOptions } from "./server.js";
import { StepDowns } from "./step-downs.js";
import { createSys } from "./sys.js";
import { createElection } from "./view.js";

/** What waits for the callbacks: with the tenure and the caller that it belongs to, so that it can be taken back. */
interface Message extends Task {
  readonly kind: Delivery["type"] | "call" | "cast" | "info" | "sys";
  /** Set for what only the leader of that tenure may run. */
  readonly tenure: Token | null;
  readonly caller: Caller | null;
}

/** Options of a server that has run its `init`. */
export type RunOptions = Omit<StartOptions, "args">;

export class RunningServer {
  readonly name: string;
  readonly #medium: Medium;
  readonly #options: RunOptions;
  readonly #driver: Driver;
  readonly #mailbox: Mailbox<Message, Message>;
  readonly #turns: FairTurns;
  readonly #calls: PendingCalls;
  readonly #recorder: Recorder;
  readonly #open: OpenCalls;
  readonly #runner: CallbackRunner;
  readonly #subscribers = new Set<(status: ServerStatus) => void>();
  readonly #unwatchLifecycle: () => void;
  readonly #exit: { readonly promise: Promise<Exit>; resolve(exit: Exit): void };
  readonly #named: { readonly promise: Promise<void>; resolve(): void; reject(error: unknown): void };
  readonly election: Election;
  readonly sys: ReturnType<typeof createSys>;
  readonly diagnostics = (): Diagnostics => diagnose(this, this.#driver.state, this.#medium.clock);
  /** Whether `init` has made a state: only then is there something to terminate. */
  #begun = false;
  #draining: Token | null = null;
  #ended: Exit | null = null;
  readonly #stepDowns = new StepDowns();
  readonly #sysCalls = new Set<(error: unknown) => void>();
  #lastSeen: PeerState | null = null;

  constructor(name: string, callbacks: Callbacks, configured: Configured, options: RunOptions) {
    const { config, medium, peer } = configured;
    this.name = name;
    this.#medium = medium;
    this.#options = options;
    this.#calls = new PendingCalls(medium.clock, medium.hold);
    this.#recorder = new Recorder(options.debug, () => medium.clock.wall(), options.logger);
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
        stepDownRefused: (request) => this.#stepDowns.refuse(request),
        handOverAbandoned: (successor) => {
          this.#draining = null;
          this.#stepDowns.abandon(successor);
        },
        nameTaken: (other) => this.#nameTaken(other),
        failed: (error) => void this.#end(error, true),
        note: (note) => this.#recorder.note(this.election.self, note),
        trace: (happened) => this.#recorder.traced(this.#driver.state.self, happened),
        settled: () => this.#settled(),
      },
      preferenceOf(options.prefer, lifecycle?.visible ?? false),
    );
    this.election = createElection(
      () => this.#driver.state,
      () => this.#runner.applied,
    );
    this.#mailbox = new Mailbox(
      () => this.#servesLocal(),
      () => this.#checkDrained(),
    );
    this.#turns = new FairTurns(medium, this.#mailbox);
    this.#open = new OpenCalls(
      (call, result) => this.#answer(call, result),
      (value) => this.#clone(value, "The reply"),
      (from) => this.#recorder.record(this.election.self, "late-reply", () => `late reply to ${from.peer}!${from.call}`),
    );
    this.#runner = this.#createRunner(callbacks, config.version);
    this.sys = createSys({
      runner: this.#runner,
      mailbox: this.#mailbox,
      recorder: this.#recorder,
      between: (run) => this.#between(run),
      statistics: () => this.#recorder.statistics(this.#driver.traffic, this.#calls.size),
    });
    this.#unwatchLifecycle =
      lifecycle?.watch({
        suspend: () => this.#driver.close(),
        resume: () => {
          if (this.#ended === null) this.#driver.open().catch((error: unknown) => void this.#end(error, true));
        },
        visible: (visible) => {
          this.#driver.dispatch({ type: "preference", preference: preferenceOf(options.prefer, visible) });
          if (visible) this.#driver.dispatch({ type: "look" });
        },
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
    this.#runner.state = state;
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
    this.#queueLocal("info", () => this.#runner.info(message));
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
    return this.#stepDowns
      .open(state.token, to, (request) => this.#driver.dispatch({ type: "step-down", request, to: successor, backOffMs, alone: "refuse" }))
      .finally(release);
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

  /** Lets something run between two callbacks that says itself when it is done. */
  #between<R>(run: (done: (value: R) => void) => Run): Promise<R> {
    if (this.#ended !== null) return Promise.reject(this.#endedError());
    let giveUp = (_error: unknown): void => {};
    return new Promise<R>((resolve, reject) => {
      giveUp = reject;
      const guarded = () => {
        try {
          return run(resolve);
        } catch (error) {
          reject(error);
        }
      };
      this.#sysCalls.add(giveUp);
      this.#queue({ kind: "sys", tenure: null, caller: null, whileSuspended: "always", run: guarded });
      this.#mailbox.pump();
    }).finally(() => this.#sysCalls.delete(giveUp));
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

  /** Whether a call of this peer's user may have begun to run somewhere: unless it waits for a leader, or in this peer's own mailbox. */
  #hasBegun(id: number): boolean {
    const { calls, self } = this.#driver.state;
    if (calls.get(id)?.sent === null) return false;
    const own: Caller = { peer: self, call: id, serial: 0 };
    return (
      !this.#mailbox.someWaiting(({ caller }) => sameCaller(caller, own)) &&
      !this.#mailbox.someLocalWaiting(({ caller }) => sameCaller(caller, own))
    );
  }

  #cancel(caller: Caller): void {
    const fits = (message: Message) => (message.kind === "leader-call" || message.kind === "call") && sameCaller(message.caller, caller);
    this.#mailbox.removeWhere(fits);
    this.#mailbox.removeLocalWhere(fits);
    this.#open.cancel(caller);
  }

  // --- what the core delivers ---

  #deliver(delivery: Delivery): void {
    const runner = this.#runner;
    const message = (run: () => Run, tenure: Token | null = null, caller: Caller | null = null) =>
      this.#queue({ kind: delivery.type, tenure, caller, run });
    switch (delivery.type) {
      case "elected":
        if (delivery.joiner === null) this.#beginEpoch();
        return message(() => runner.elected(delivery), delivery.token);
      case "surrendered":
        this.#beginEpoch();
        return message(() => runner.surrendered(delivery));
      case "from-leader":
        return message(() => runner.fromLeader(delivery));
      case "leader-call":
        return message(() => runner.leaderCall(delivery), delivery.token, delivery.caller);
      case "leader-cast":
        return message(() => runner.leaderCast(delivery), delivery.token);
      case "down":
        return message(() => runner.down(delivery), delivery.token);
      case "peer-call":
        return this.#queueCall(delivery.caller, delivery.request);
      case "peer-cast":
        return this.#queueLocal("cast", () => runner.cast(delivery.payload));
      case "snapshot":
        return message(() => runner.snapshot(delivery));
      case "advance":
        return message(() => runner.advance(delivery.sequence));
      case "settle":
        // A reply comes after what it depends on. That there will be none depends on nothing.
        if (delivery.outcome.type !== "result") return this.#settle(delivery);
        return this.#queue({ kind: "settle", tenure: null, caller: null, whileSuspended: "next", run: () => this.#settle(delivery) });
    }
  }

  /** A new leader is on its way to the callbacks: what the last one began is over. */
  #beginEpoch(): void {
    this.#runner.endEpoch();
    this.#recorder.elections += 1;
  }

  #settle({ call, outcome }: Extract<Delivery, { type: "settle" }>): void {
    try {
      this.#calls.resolve(call, settledValue(outcome));
    } catch (error) {
      this.#calls.reject(call, error);
    }
    if (outcome.type === "result" && outcome.peer === this.#driver.state.self) this.#turns.answered();
  }

  /** A call to this peer, its own or another's. */
  #queueCall(caller: Caller, request: unknown): void {
    this.#queueLocal("call", () => this.#runner.call(caller, request), caller);
  }

  #answer({ caller, tenure }: OpenCall, result: Result): void {
    if (tenure === null) this.#driver.dispatch({ type: "peer-answered", caller, result });
    else this.#runner.inOrder(() => this.#driver.dispatch({ type: "answered", token: tenure, caller, result }));
  }

  #createRunner(callbacks: Callbacks, version: number): CallbackRunner {
    const state = () => this.#driver.state;
    const hasEnded = () => this.#ended !== null;
    return new CallbackRunner(
      {
        election: this.election,
        recorder: this.#recorder,
        get state() {
          return state();
        },
        get hasEnded() {
          return hasEnded();
        },
        clone: (value) => this.#medium.clone(value),
        dispatch: (happening) => this.#driver.dispatch(happening),
        answer: (call, result) => this.#answer(call, result),
        end: (reason, backOffMs) => void this.#end(reason, false, backOffMs),
      },
      this.#open,
      callbacks,
      version,
    );
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

  #queueLocal(kind: Message["kind"], run: () => Run, caller: Caller | null = null): void {
    this.#mailbox.pushLocal({ kind, tenure: null, caller, run });
  }

  /** Whether calls, casts and infos to this peer may run: as in gen_leader, when it knows a leader. */
  #servesLocal(): boolean {
    if (this.#options.localCalls === "always") return true;
    return this.election.leader !== null && sameToken(this.#runner.ledIn, this.#driver.state.token);
  }

  // --- changes of leadership ---

  #tenureEnded(token: Token): void {
    this.#runner.endEpoch();
    if (this.#draining !== null && sameToken(this.#draining, token)) this.#draining = null;
    const dropped = this.#mailbox.removeWhere(({ tenure }) => sameToken(tenure, token) && tenure !== null);
    const begun = this.#open.endTenure(token);
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

  #nameTaken(peer: PeerId): void {
    const error = new NameTakenError(peer);
    this.#named.reject(error);
    void this.#end(error, true);
  }

  /** Everything that follows from one happening has been handled: run callbacks, tell who waits or listens. */
  #settled(): void {
    this.#mailbox.pump();
    this.#checkDrained();
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
    this.#stepDowns.look(state);
    this.#publish();
  }

  /** Says so once a leader that hands over owes nobody anything any more. */
  #checkDrained(): void {
    const token = this.#draining;
    if (token === null) return;
    const isWork = ({ kind }: Message) => kind === "leader-call" || kind === "leader-cast";
    const { running } = this.#mailbox;
    // A callback of this tenure runs, perhaps `elected`, which holds broadcasts and answers back. One of this peer's own may wait for the hand-over itself.
    const isBusy = running !== null && running.tenure !== null;
    if (isBusy || this.#open.owesLeaderReplies || this.#mailbox.someWaiting(isWork)) return;
    this.#draining = null;
    this.#driver.dispatch({ type: "drained", token });
  }

  #publish(): void {
    const status = { election: this.election, running: this.running };
    for (const subscriber of [...this.#subscribers]) callListener(() => subscriber(status), this.#options.logger);
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
    this.#runner.endWelcome();
    this.#driver.close(backOffMs);
    this.#ended = { reason };
    this.#runner.endEpoch();
    for (const message of this.#mailbox.close()) if (message.kind === "settle") void message.run();
    if (running !== null) await this.#callbackEnd();
    try {
      if (this.#begun) await this.#runner.terminate(reason);
    } catch (error) {
      this.#options.logger?.error(`gen-leader: terminate of "${this.name}" threw`, error);
    }
    this.#open.clear();
    this.#calls.rejectAll(() => this.#endedError());
    this.#named.reject(this.#endedError());
    this.#stepDowns.end(({ reject }) => reject(this.#endedError()));
    for (const reject of this.#sysCalls) reject(this.#endedError());
    this.#sysCalls.clear();
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
