import { _ as Role, a as FenceEvent, d as MediumFactory, g as PeerId, h as Member, i as Fence, l as Logger, m as Transport, n as DownReason, o as Guarantees, p as Random, r as FailureDetector, s as Lifecycle, t as Clock, u as Medium, v as incarnationOf, x as nameOf } from "./shared/ports.js";
import { a as compareTokens, n as Token } from "./shared/token.js";

//#region ../behaviour/src/election.d.ts
/** What a peer is doing about leadership. */
type ElectionPhase = /** Looking for a leader, or waiting for a better candidate to lead. */"joining" /** Trying to lead. */ | "contending" /** Has acknowledged a contender and waits for its announcement. */ | "halted" /** Follows `leader`. */ | "following" /** Leads. */ | "leading" /** Suspended in the back/forward cache or frozen, or ended. */ | "away";
/**
 * The cluster as this peer knows it: live, and as true on followers as on the leader, which broadcasts every
 * change. Erlang's `alive/1`, `down/1`, `candidates/1`, `workers/1` and `leader_node/1`.
 */
interface Election {
  /** This peer. Changes when it comes back as a new incarnation. */
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  /** Who leads, or `null` while nobody is known to. */
  readonly leader: PeerId | null;
  /** Whether this peer leads. */
  readonly isLeader: boolean;
  /** Fencing token of the current leader, or of the last one while none is known; `null` before the first. */
  readonly token: Token | null;
  /** Number of that won election; 0 before the first. At every peer it only grows. */
  readonly epoch: number;
  /** Every peer that is up, this one included, in order of rank. */
  readonly alive: readonly PeerId[];
  /** Peers that went down, latest first, and candidates on the list that are not up. No peer twice. */
  readonly down: readonly PeerId[];
  /** Peers that may lead, in order of rank. */
  readonly candidates: readonly PeerId[];
  /** Peers that may never lead. */
  readonly workers: readonly PeerId[];
  /** The peers that the leader counts on, itself included. */
  readonly inStep: readonly PeerId[];
  /** What is known of every peer that is up, in order of rank. */
  readonly members: readonly Member[];
  /** Position of the last broadcast that this peer has applied within `token`. */
  readonly applied: number;
}
//#endregion
//#region ../behaviour/src/results.d.ts
/**
 * What callbacks return, a union told apart by `type`: one tagged object per outcome (`Ok`, `Reply`, `NoReply`, `Stop`, `Sync`,
 * `Ignore`), each made by a helper (`ok`, `reply`, `noreply`, `stop`, `sync`, `ignore`), so that a state is never taken for a reply.
 *
 * @module
 */
/** Go on with `state`. Returned by every callback but the call handlers and `elected`. */
interface Ok<S, B = never> {
  readonly type: "ok";
  readonly state: S;
  readonly broadcast?: B;
}
/** Answer the caller and go on with `state`. The broadcast is posted first. */
interface Reply<S, R, B = never> {
  readonly type: "reply";
  readonly state: S;
  readonly reply: R;
  readonly broadcast?: B;
}
/** Go on with `state` and answer later, with `replyTo`. Returned by call handlers only. */
interface NoReply<S, B = never> {
  readonly type: "noreply";
  readonly state: S;
  readonly broadcast?: B;
}
/** End this peer's server with `reason`, after `terminate`. A call handler may answer its caller first. */
interface Stop<S, R = never, B = never> {
  readonly type: "stop";
  readonly state: S;
  readonly reason: unknown;
  readonly options?: {
    readonly reply?: R;
    readonly broadcast?: B;
  };
}
/** A `stop` of any callback, as the driver sees it. */
type Stopped = Stop<unknown, unknown, unknown>;
/** Hand `sync` to the peers that surrender and go on with `state`. Returned by `elected` only. */
interface Sync<S, Y> {
  readonly type: "sync";
  readonly state: S;
  readonly sync: Y;
  /** For a joiner: whether the others get the sync too, through `fromLeader`. */
  readonly to: "joiner" | "all";
}
/** Do not start here: `start` resolves to a server that has already ended with reason `"ignored"`. Returned by `init` only. */
interface Ignore {
  readonly type: "ignore";
}
/** {@link Ok}: go on with `state`, and on the leader broadcast. */
declare function ok<S>(state: S): Ok<S>;
declare function ok<S, B>(state: S, options: {
  readonly broadcast?: B;
}): Ok<S, B>;
/** {@link Reply}: answer the caller with `value`. */
declare function reply<S, R>(state: S, value: R): Reply<S, R>;
declare function reply<S, R, B>(state: S, value: R, options: {
  readonly broadcast?: B;
}): Reply<S, R, B>;
/** {@link NoReply}: the caller waits for `replyTo`. */
declare function noreply<S>(state: S): NoReply<S>;
declare function noreply<S, B>(state: S, options: {
  readonly broadcast?: B;
}): NoReply<S, B>;
/** {@link Stop}: end this server with `reason`. In `init` the state is `null`. */
declare function stop<S>(state: S, reason: unknown): Stop<S>;
declare function stop<S, R = never, B = never>(state: S, reason: unknown, options: {
  readonly reply?: R;
  readonly broadcast?: B;
}): Stop<S, R, B>;
/** {@link Sync}: hand `value` to who surrenders; `to` defaults to the joiner. */
declare function sync<S, Y>(state: S, value: Y, options?: {
  readonly to?: "joiner" | "all";
}): Sync<S, Y>;
/** {@link Ignore}: do not start here. */
declare function ignore(): Ignore;
//#endregion
//#region ../behaviour/src/behaviour.d.ts
/**
 * The types of one behaviour. `state` and `sync` are required; what is left out cannot be used.
 *
 * `leaderCalls` and `calls` are written as methods: the name becomes the request's `type`, the parameter
 * its other fields, the return type the reply.
 *
 * @example
 * ```ts
 * type Counter = {
 *   state: number;
 *   sync: number;
 *   broadcast: { type: "added"; by: number };
 *   leaderCalls: { add(request: { by: number }): number; read(): number };
 * };
 * ```
 */
interface BehaviourTypes {
  readonly args?: unknown;
  readonly state: unknown;
  readonly sync: unknown;
  readonly broadcast?: unknown;
  readonly leaderCalls?: object;
  readonly leaderCasts?: unknown;
  readonly calls?: object;
  readonly casts?: unknown;
  readonly infos?: unknown;
}
/** What a callback may return: the result, or a promise of it. While the promise is pending the next message waits. */
type Async<T> = T | Promise<T>;
/** A field of the types record, or `never` where it was left out. */
type Field<T, K extends PropertyKey> = K extends keyof T ? Exclude<T[K], undefined> : never;
/** The call methods in a field: none where it was left out, so that no name is one of them. */
type CallField<T, K extends PropertyKey> = K extends keyof T ? Exclude<T[K], undefined> : Record<never, never>;
type ArgsOf<T extends BehaviourTypes> = "args" extends keyof T ? T["args"] : void;
type BroadcastOf<T extends BehaviourTypes> = Field<T, "broadcast">;
type LeaderCallsOf<T extends BehaviourTypes> = CallField<T, "leaderCalls">;
type CallsOf<T extends BehaviourTypes> = CallField<T, "calls">;
type LeaderCastOf<T extends BehaviourTypes> = Field<T, "leaderCasts">;
type CastOf<T extends BehaviourTypes> = Field<T, "casts">;
type InfoOf<T extends BehaviourTypes> = Field<T, "infos">;
/** The request that goes with one method of `leaderCalls` or `calls`; the union of them for several names. */
type RequestOf<Calls, K extends keyof Calls> = K extends keyof Calls ? Calls[K] extends (() => unknown) ? {
  readonly type: K;
} : Calls[K] extends ((request: infer Request) => unknown) ? {
  readonly type: K;
} & Request : never : never;
/** Every request that a record of call methods describes: a union told apart by `type`. */
type AnyRequest<Calls> = { [K in keyof Calls]: RequestOf<Calls, K> }[keyof Calls];
/** The reply to one method of `leaderCalls` or `calls`. */
type ReplyOf<Calls, K extends keyof Calls> = Calls[K] extends ((...request: never) => infer R) ? R : never;
/** Every reply that a record of call methods describes. */
type AnyReply<Calls> = { [K in keyof Calls]: ReplyOf<Calls, K> }[keyof Calls];
/**
 * Who waits for a reply: handed to `handleCall` and `handleLeaderCall` as `ctx.from`, and to `replyTo`.
 * Opaque; valid in this realm, during the tenure in which it was handed out.
 */
interface From<R = unknown> {
  /** The peer on which the call was made. */
  readonly peer: PeerId;
  /** The number of the call among those of that peer. */
  readonly call: number;
  /** Never present: carries the reply's type. */
  reply?(value: R): void;
}
/** What every callback gets last. */
interface Context<T extends BehaviourTypes> {
  /** This peer. */
  readonly self: PeerId;
  /** The cluster as this peer knows it: live, read-only. */
  readonly election: Election;
  /** Aborts when the tenure in which the callback was started ends on this peer, or the server does. Then what the callback returns is discarded. */
  readonly signal: AbortSignal;
  /**
   * On the leader: sends `message` to every follower, where `fromLeader` runs with it. Numbered, ordered and
   * kept for catch-up, unless `to` names single peers; then it is neither. Prefer the `broadcast` field of a
   * result, which belongs to the transition. After the tenure has ended, and on a follower, a counted no-op.
   */
  broadcast(message: BroadcastOf<T>, options?: {
    readonly to?: PeerId | readonly PeerId[];
  }): void;
}
/** The context of `elected`. */
interface ElectedContext<T extends BehaviourTypes> extends Context<T> {
  /** The fencing token of this tenure: `(epoch, leader)`. */
  readonly token: Token;
  /** True when a peer that may have known more stayed silent past `abandonMs` and this one led without it. */
  readonly mayHaveLost: boolean;
}
/** The context of `surrendered`. */
interface SurrenderedContext<T extends BehaviourTypes> extends Context<T> {
  /** The fencing token of the leader that is surrendered to. */
  readonly token: Token;
  /** The leader's version of the behaviour. */
  readonly version: number;
  /** Broadcasts that this peer had applied and that the new leader does not have, oldest first; empty as a rule. */
  readonly lost: readonly BroadcastOf<T>[];
  /** Whether this peer led until now and lost leadership to the new one. */
  readonly deposed: boolean;
}
/** The context of `fromLeader`. */
interface FromLeaderContext<T extends BehaviourTypes> extends Context<T> {
  readonly token: Token;
  /** The leader's version of the behaviour. */
  readonly version: number;
}
/** The context of `handleLeaderCall` and `handleCall`. */
interface CallContext<T extends BehaviourTypes, R> extends Context<T> {
  /** Who waits for the reply: to be answered by the result, or later with `replyTo`. */
  readonly from: From<R>;
}
/**
 * A leader-elected server, as in Erlang's `gen_leader`: callbacks that run one at a time on each peer. State
 * comes first, then the payload, then the context. A callback that throws, rejects or returns anything else
 * than the listed results ends this peer's server with that reason, after `terminate`.
 */
interface Behaviour<T extends BehaviourTypes> {
  /** Runs first, once, on every peer, before it joins. `stop` makes `start` reject, `ignore` makes it resolve to an ended server. */
  init(args: ArgsOf<T>): Async<Ok<T["state"]> | Stop<null> | Ignore>;
  /**
   * Runs on the leader: when it has won (`joiner` is null), before any `handleLeader*`; and once for every peer
   * that joins later. The sync goes to the peers that surrender: all of them, or the joiner.
   */
  elected(state: T["state"], joiner: PeerId | null, ctx: ElectedContext<T>): Async<Sync<T["state"], T["sync"]> | Stop<T["state"]>>;
  /** Runs on a follower when it accepts a leader, or is brought back in step, before any `fromLeader` of that token. */
  surrendered(state: T["state"], sync: T["sync"], ctx: SurrenderedContext<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on every follower with each broadcast: in order, once, without a gap. Default: ignored. */
  fromLeader?(state: T["state"], message: BroadcastOf<T>, ctx: FromLeaderContext<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on the leader for every `leaderCall`. Default: the call rejects with `NotImplementedError`. */
  handleLeaderCall?(state: T["state"], request: AnyRequest<LeaderCallsOf<T>>, ctx: CallContext<T, AnyReply<LeaderCallsOf<T>>>): Async<Reply<T["state"], AnyReply<LeaderCallsOf<T>>, BroadcastOf<T>> | NoReply<T["state"], BroadcastOf<T>> | Stop<T["state"], AnyReply<LeaderCallsOf<T>>, BroadcastOf<T>>>;
  /** Runs on the leader for every `leaderCast`. Default: ignored. */
  handleLeaderCast?(state: T["state"], message: LeaderCastOf<T>, ctx: Context<T>): Async<Ok<T["state"], BroadcastOf<T>> | Stop<T["state"], never, BroadcastOf<T>>>;
  /** Runs on the leader when a follower is gone, and after `elected` for the leader before. Default: ignored. */
  handleDown?(state: T["state"], peer: PeerId, ctx: Context<T> & {
    readonly reason: DownReason;
  }): Async<Ok<T["state"], BroadcastOf<T>> | Stop<T["state"], never, BroadcastOf<T>>>;
  /** Runs on the peer asked for every `call`. Default: the call rejects with `NotImplementedError`. */
  handleCall?(state: T["state"], request: AnyRequest<CallsOf<T>>, ctx: CallContext<T, AnyReply<CallsOf<T>>>): Async<Reply<T["state"], AnyReply<CallsOf<T>>> | NoReply<T["state"]> | Stop<T["state"], AnyReply<CallsOf<T>>>>;
  /** Runs on the peer asked for every `cast`. Default: ignored. */
  handleCast?(state: T["state"], message: CastOf<T>, ctx: Context<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on this peer for every `info`. Default: ignored. */
  handleInfo?(state: T["state"], message: InfoOf<T>, ctx: Context<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs last, on every peer on which `init` made a state, before its server ends in a controlled way. What it returns is ignored; a throw is logged. */
  terminate?(state: T["state"], reason: unknown): Async<unknown>;
  /** Runs when the behaviour's code was replaced (hot reload, `server.sys.replaceBehaviour`). Default: the state stays. */
  codeChange?(state: T["state"], fromVersion: number, ctx: Context<T>): Async<Ok<T["state"]>>;
  /**
   * Makes a sync of a follower's state, so that a peer may bring another up to date although it no longer
   * keeps all broadcasts since the last sync. Default: such a peer is caught up by electing its source.
   */
  snapshot?(state: T["state"]): Async<T["sync"]>;
}
//#endregion
//#region ../behaviour/src/server-event.d.ts
/** Something that happened, as kept by `debug: ["log"]` and shown in timelines. */
interface ServerEvent {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly peer: PeerId;
  readonly type: string;
  /** One line for people, in the notation of the transcripts. */
  readonly text: string;
}
//#endregion
//#region ../behaviour/src/statistics.d.ts
/**
 * What a server counts.
 *
 * @module
 */
/** Counters of one server. */
interface Statistics {
  readonly startedAt: number;
  readonly framesIn: number;
  readonly framesOut: number;
  readonly callbacks: number;
  readonly elections: number;
  /** Calls of this peer's user that wait for their reply now. */
  readonly pendingCalls: number;
  /** Dropped frames by reason: `"malformed"`, `"foreign"`, `"stale"`, `"unfenced"` … */
  readonly dropped: Readonly<Record<string, number>>;
}
//#endregion
//#region ../behaviour/src/diagnostics.d.ts
/** A peer that is up, as another one knows it. */
interface DiagnosedMember extends Member {
  /** Whether the leader counts on it: then what was acknowledged has reached it. */
  readonly inStep: boolean;
  /** Whether its end would be noticed here: each peer watches only those that matter to it. */
  readonly watched: boolean;
}
/** What `server.diagnostics()` returns: plain data of that moment, which can be cloned, sent and printed as JSON. */
interface Diagnostics {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name of the server. */
  readonly name: string;
  readonly running: boolean;
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  /** Whom this peer follows, or itself if it leads; `null` while it knows of no leader. */
  readonly leader: PeerId | null;
  /** Fencing token of that leader, or of the last one; `null` before the first. */
  readonly token: Token | null;
  /** Whom this peer waits for: last seen to hold the fence, to ask for the halt, or named as the successor; `null` if nobody. */
  readonly holder: PeerId | null;
  /** Whom this peer suspects to hang, and how far that has got; `null` if nobody. */
  readonly suspicion: {
    readonly accused: PeerId;
    readonly stage: string;
  } | null;
  /** Who is up and has introduced itself, best candidate first, workers last: who would lead next. */
  readonly members: readonly DiagnosedMember[];
  /**
   * Who went down since this peer has its present id, latest first, and how. `left` said good-bye, or is not counted on by the leader
   * any more for a reason that only those learn who watch it.
   */
  readonly down: readonly {
    readonly id: PeerId;
    readonly reason: DownReason;
  }[];
  /** What this peer waits for, by the name of the deadline, in milliseconds from `at`; negative if it is overdue. */
  readonly deadlines: Readonly<Record<string, number>>;
  /** What this medium promises, and what not. */
  readonly guarantees: Guarantees;
  /** Counters, among them calls that wait, and dropped and stale messages by reason. */
  readonly statistics: Statistics;
  /** The last events, oldest first. Empty unless the server was started with `debug: ["log"]`. */
  readonly log: readonly ServerEvent[];
}
//#endregion
//#region ../behaviour/src/server.d.ts
/** Time limits, in milliseconds. All may be left out. */
interface TimeLimits {
  /** How long a newcomer without a census listens before it believes to be alone. @default 150 */
  readonly discoveryMs?: number;
  /** How long a candidate waits for a better one to ask for the halt. @default 250 */
  readonly responseMs?: number;
  /** How long a contender waits for acknowledgements before the silent are given up. @default 1000 */
  readonly acknowledgeMs?: number;
  /** How long a halted peer waits for the announcement. @default 5000 */
  readonly electionMs?: number;
  /** How long a blank candidate waits for a silent member before it leads without it, and an unfinished callback of an ended tenure is waited for. @default 10000 */
  readonly abandonMs?: number;
  /** After how long without a reply a waiting call makes its peer challenge the leader. @default 750 */
  readonly challengeMs?: number;
  /** After how long an unanswered challenge costs the leader its fence. @default 1500 */
  readonly unresponsiveMs?: number;
  /** A gap in one's own running above which one doubts oneself before others. @default 500 */
  readonly suspectMs?: number;
  /** How long after the last activity positions are compared, once. @default 250 */
  readonly settleMs?: number;
  /** How long whoever stepped down or failed to lead ranks last. @default 5000 */
  readonly backOffMs?: number;
}
/** Options of `start`, each with its default. */
interface StartOptions<T extends BehaviourTypes = BehaviourTypes> {
  /** What `init` gets. */
  readonly args?: ArgsOf<T>;
  /** Whether this peer may lead. @default "candidate", or as the lists say */
  readonly role?: Role;
  /** Names of the peers that may lead, best first, the same on every peer. A peer on neither list is ignored. @default open membership */
  readonly candidates?: readonly string[];
  /** Names of the peers that may never lead. Only with `candidates`. */
  readonly workers?: readonly string[];
  /** This peer's name, without `#`. @default random */
  readonly peer?: string;
  /** Larger leads first. @default 0 */
  readonly priority?: number;
  /** What else makes a candidate better: a visible page. @default undefined */
  readonly prefer?: "visible";
  /** Separates clusters of one name: several in one process or origin, one per signed-in user, parallel tests. @default "" */
  readonly namespace?: string;
  /** The behaviour's own version, an integer; others see it as `ctx.version`. @default 0 */
  readonly version?: number;
  /** The largest epoch that is known from before, by a resource that refuses smaller tokens and outlives all peers: this peer leads under larger ones. @default 0 */
  readonly epoch?: number;
  /** Whether this peer keeps its page from being frozen (it does so by its lock). @default true */
  readonly keepAwake?: boolean;
  /** How long `init` may take. @default Infinity */
  readonly initTimeoutMs?: number;
  /** Whether calls and casts to this peer itself wait for a leader, as in gen_leader, or are served at once. @default "when-led" */
  readonly localCalls?: "when-led" | "always";
  /** Broadcasts kept for peers that missed some. @default 1024 */
  readonly historyLimit?: number;
  /** Limits of the election. */
  readonly limits?: TimeLimits;
  /** What to record for `server.sys`. @default [] */
  readonly debug?: readonly ("trace" | "log" | "statistics")[];
  /** The platform. @default what fits the runtime */
  readonly medium?: MediumFactory;
  /** Replaces the medium's transport. */
  readonly transport?: Transport;
  /** Replaces the medium's failure detector. */
  readonly failureDetector?: FailureDetector;
  /** Replaces the medium's fence; `null` goes without. */
  readonly fence?: Fence | null;
  /** Replaces the medium's clock. */
  readonly clock?: Clock;
  /** Where the server reports what it does. @default nowhere */
  readonly logger?: Logger;
  /** Whether open handles keep a Node process alive. @default false */
  readonly keepProcessAlive?: boolean;
}
/** Options of a call. */
interface CallOptions {
  /** How long to wait for the reply. @default 5000; `Infinity` waits until the server ends */
  readonly timeoutMs?: number;
  /** Aborts the call: it rejects with the signal's reason, and does not run if it has not begun to. */
  readonly signal?: AbortSignal;
}
/** Options of `leaderCall`. */
interface LeaderCallOptions extends CallOptions {
  /** Send again to the next leader when this one dies, although it may have run. @default false */
  readonly retry?: boolean;
}
/** Why a server ended, and whether that is an error. */
interface Exit {
  /** `"normal"` after `stop()`, `"ignored"`, what `stop` in a callback said, or what was thrown. */
  readonly reason: unknown;
}
/** What `subscribe` listeners get: the present state, always whole. */
interface ServerStatus {
  readonly election: Election;
  readonly running: boolean;
}
/** OTP's `sys`: look into a running server and change it. */
interface Sys<T extends BehaviourTypes> {
  /** Stops handling messages after the present callback; they wait. The election goes on. */
  suspend(): Promise<void>;
  resume(): void;
  getState(): Promise<T["state"]>;
  replaceState(change: (state: T["state"]) => T["state"]): Promise<T["state"]>;
  /** Replaces the callbacks and runs `codeChange`, as hot reload does. */
  replaceBehaviour(behaviour: Behaviour<T>, version?: number): Promise<void>;
  /** Calls `listener` for everything that happens from now on. Returns what ends it. */
  trace(listener: (event: ServerEvent) => void): () => void;
  /** The last events, oldest first; at most 200. Needs `debug: ["log"]`. */
  log(): readonly ServerEvent[];
  statistics(): Statistics;
}
/** A started server on this peer. */
interface Server<T extends BehaviourTypes> {
  readonly name: string;
  /** The cluster as this peer knows it: live, read-only. */
  readonly election: Election;
  /** What this medium promises, as data. */
  readonly guarantees: Guarantees;
  /** Settles when this server has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Calls whoever leads, now or next. @throws LeaderDiedError, CallTimeoutError, CallFailedError, ServerEndedError, UncloneableError */
  leaderCall<K extends keyof LeaderCallsOf<T>>(request: {
    readonly type: K;
  } & RequestOf<LeaderCallsOf<T>, K>, options?: LeaderCallOptions): Promise<Awaited<ReplyOf<LeaderCallsOf<T>, K>>>;
  /** Sends a message to whoever leads, now or next. Never throws for want of a leader. @throws UncloneableError */
  leaderCast(message: LeaderCastOf<T>): void;
  /** Calls this peer, or the peer named in `to` (an id, or a name). @throws PeerDownError and as `leaderCall` */
  call<K extends keyof CallsOf<T>>(request: {
    readonly type: K;
  } & RequestOf<CallsOf<T>, K>, options?: CallOptions & {
    readonly to?: string;
  }): Promise<Awaited<ReplyOf<CallsOf<T>, K>>>;
  /** Sends a message to this peer, or to the peer named in `to`. */
  cast(message: CastOf<T>, options?: {
    readonly to?: string;
  }): void;
  /** Hands a message of any other kind to this peer's `handleInfo`. */
  info(message: InfoOf<T>): void;
  /**
   * Hands leadership over without dropping a call: resolves once another leads, at once if this peer does not.
   * `to` names the successor (default: the best candidate), `backOffMs` how long this peer then ranks last.
   * @throws PeerDownError if `to` is not an eligible peer that is up
   */
  stepDown(options?: {
    readonly to?: string;
    readonly backOffMs?: number;
  }): Promise<void>;
  /** Ends this server: `terminate` runs, leadership is given up at once. Idempotent. @default reason "normal" */
  stop(reason?: unknown): Promise<Exit>;
  /**
   * Calls `listener` now with the present status and again at every change of it. Returns what ends it.
   */
  subscribe(listener: (status: ServerStatus) => void): () => void;
  /** Everything that this peer knows about leadership at this moment, as plain data. Also after the end. */
  diagnostics(): Diagnostics;
  readonly sys: Sys<T>;
}
/** A request of any kind that this behaviour's leader takes. */
type LeaderRequest<T extends BehaviourTypes> = AnyRequest<LeaderCallsOf<T>>;
//#endregion
//#region ../behaviour/src/configure.d.ts
/** The options that a peer needs, whatever is built on it. */
type PeerOptions = Pick<StartOptions, "role" | "candidates" | "workers" | "peer" | "priority" | "prefer" | "namespace" | "version" | "epoch" | "historyLimit" | "limits" | "keepAwake" | "keepProcessAlive" | "medium" | "transport" | "failureDetector" | "fence" | "clock" | "logger">;
//#endregion
//#region ../behaviour/src/errors.d.ts
/** The codes of all errors of this library. */
type ErrorCode = "already-started" | "bad-argument" | "bad-return-value" | "call-failed" | "call-timeout" | "leader-died" | "name-taken" | "no-successor" | "not-implemented" | "peer-down" | "server-ended" | "start-timeout" | "uncloneable" | "unsupported-runtime";
/** The root of all errors of this library: `code` tells which, in every realm and bundle. */
declare abstract class GenLeaderError extends Error {
  abstract readonly code: ErrorCode;
  constructor(message: string, options?: ErrorOptions);
}
/** Whether a call that failed had begun to run. `"not-started"`: it has no effect. `"unknown"`: it may have one. */
type Outcome = "not-started" | "unknown";
/** A name may be started once in a realm and namespace; `whereis(name)` finds the first. */
declare class AlreadyStartedError extends GenLeaderError {
  readonly server: string;
  readonly code = "already-started";
  constructor(server: string);
}
/** An argument has a value that cannot work; found before anything else happens. */
declare class BadArgumentError extends GenLeaderError {
  readonly code = "bad-argument";
}
/** A callback returned something that is none of its results. Ends the server with this reason. */
declare class BadReturnValueError extends GenLeaderError {
  readonly callback: string;
  readonly value: unknown;
  readonly code = "bad-return-value";
  constructor(callback: string, value: unknown, expected: string);
}
/** The callback that handled a call ended the server that ran it. `cause` is the reason, where it can be told. */
declare class CallFailedError extends GenLeaderError {
  readonly peer: PeerId;
  readonly code = "call-failed";
  readonly outcome: Outcome;
  constructor(peer: PeerId, reason: string, options?: ErrorOptions);
}
/** No reply came within `timeoutMs`. The call is cancelled if it has not begun to run. */
declare class CallTimeoutError extends GenLeaderError {
  readonly timeoutMs: number;
  readonly outcome: Outcome;
  readonly code = "call-timeout";
  constructor(timeoutMs: number, outcome: Outcome, who: string);
}
/** The leader that had the call died, left or was deposed before it replied. */
declare class LeaderDiedError extends GenLeaderError {
  readonly leader: PeerId | null;
  readonly token: Token | null;
  readonly outcome: Outcome;
  readonly code = "leader-died";
  constructor(leader: PeerId | null, token: Token | null, outcome: Outcome);
}
/** Another live peer of the cluster has the same `peer` name. */
declare class NameTakenError extends GenLeaderError {
  readonly peer: PeerId;
  readonly code = "name-taken";
  constructor(peer: PeerId);
}
/** `stepDown` found no other candidate, or the one that was to lead did not: this peer goes on leading. */
declare class NoSuccessorError extends GenLeaderError {
  readonly code = "no-successor";
  constructor();
}
/** The behaviour has no handler for what was called. */
declare class NotImplementedError extends GenLeaderError {
  readonly code = "not-implemented";
  constructor(callback: string);
}
/** The peer named in `to` is not up, or went down before it replied. */
declare class PeerDownError extends GenLeaderError {
  readonly peer: string;
  readonly outcome: Outcome;
  readonly code = "peer-down";
  constructor(peer: string, outcome: Outcome);
}
/** The server has ended, or never was (`noproc`). */
declare class ServerEndedError extends GenLeaderError {
  readonly server: string;
  readonly code = "server-ended";
  constructor(server: string, reason: string, options?: ErrorOptions);
}
/** `init` did not settle within `initTimeoutMs`. */
declare class StartTimeoutError extends GenLeaderError {
  readonly code = "start-timeout";
  constructor(server: string, initTimeoutMs: number);
}
/** A value cannot be sent: structured clone refused it. */
declare class UncloneableError extends GenLeaderError {
  readonly code = "uncloneable";
  constructor(what: string, options?: ErrorOptions);
}
/** This runtime lacks, or denies this page, what every medium needs. What the platform said is the `cause`. */
declare class UnsupportedRuntimeError extends GenLeaderError {
  readonly code = "unsupported-runtime";
}
//#endregion
//#region ../behaviour/src/hot.d.ts
/**
 * What to do with a new version of a module: `select` finds the behaviour in it, and the server goes on with that. Vite looks for
 * `import.meta.hot.accept` in the text of the module, so that it has to stand there.
 *
 * @example
 * ```ts
 * import.meta.hot?.accept(acceptBehaviour(server, (module) => module.dictionary));
 * ```
 */
declare function acceptBehaviour<T extends BehaviourTypes, Module>(server: Server<T>, select: (module: Module) => Behaviour<T>, version?: (module: Module) => number): (module: Module | undefined) => void;
//#endregion
//#region ../behaviour/src/lead.d.ts
/** What the function gets when its peer is elected. */
interface LeadContext {
  /** Aborts when leadership ends: by `stepDown` or `close`, by the page going away, or because it was taken. */
  readonly signal: AbortSignal;
  /** Number of this tenure: larger than that of every tenure before. */
  readonly epoch: number;
  /** Fencing token of this tenure, for resources that compare tokens. */
  readonly token: Token;
}
/** What to do at the end of leadership; awaited up to a second before another may lead. */
type CleanUp = () => void | PromiseLike<void>;
/**
 * Runs on the peer that leads, once per tenure. Leadership lasts until the signal aborts: returning does not end it. A
 * throw steps aside, with back-off.
 */
type LeadFunction = (context: LeadContext) => void | CleanUp | PromiseLike<void | CleanUp>;
/** A hold on leadership under one name. */
interface Leadership {
  readonly isLeader: boolean;
  readonly election: Election;
  readonly guarantees: Guarantees;
  /**
   * Why this peer takes no part: what the platform refused it with, or a `NameTakenError`. `null` while it does. `subscribe`
   * tells of the change.
   */
  readonly error: unknown;
  /** Lets another peer lead; resolves when one does, at once if this peer does not lead. `to` names it. Alone, this peer leads again after `backOffMs`. */
  stepDown(options?: {
    readonly to?: string;
    readonly backOffMs?: number;
  }): Promise<void>;
  /** Calls `listener` now with the present state and again at every change of it. Returns what ends it. */
  subscribe(listener: (leadership: Leadership) => void): () => void;
  /** Ends this hold: the function's clean-up runs, and if this was the last hold of the name in this realm its peer leaves. Idempotent. */
  close(): Promise<void>;
}
/** Options of `lead`. */
type LeadOptions = PeerOptions;
/**
 * Competes for leadership of `name`, and runs `run` whenever this peer has it. A second `lead` of a name in one realm
 * shares the peer and replaces the function. @throws BadArgumentError, UnsupportedRuntimeError
 */
type Lead = (name: string, run: LeadFunction, options?: LeadOptions) => Leadership;
declare function createLead(defaultMedium: MediumFactory | null): Lead;
//#endregion
//#region ../behaviour/src/open-calls.d.ts
/**
 * Answers a call that a callback left open with `noreply`, from anywhere in the realm that handled it. A second
 * answer, and one after the tenure has ended, are counted and do nothing. Erlang's `reply/2`.
 */
declare function replyTo<R>(from: From<R>, value: R): void;
//#endregion
//#region ../behaviour/src/start.d.ts
/** Options of `start`, with `args` required where `init` takes any. */
type OptionsOf<T extends BehaviourTypes> = [ArgsOf<T>] extends [void] ? [options?: StartOptions<T>] : [options: StartOptions<T> & {
  readonly args: ArgsOf<T>;
}];
/** A link to a parent: when its signal aborts, the server ends. The other way round, `exited` tells. */
interface Link {
  readonly signal: AbortSignal;
}
/** The doors of one realm: a tab, a worker, a thread. Names are unique within it. */
interface Realm {
  /**
   * Starts a server under `name` on this peer. Resolves once `init` has run and the others can hear this peer; there
   * need not be a leader yet. Erlang's `start/6`.
   *
   * @throws AlreadyStartedError if the name runs in this realm and namespace
   * @throws NameTakenError if another live peer has the name given in `peer`
   * @throws BadArgumentError, StartTimeoutError, UnsupportedRuntimeError
   * @throws the reason that `init` stopped with or threw
   */
  start<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, ...options: OptionsOf<T>): Promise<Server<T>>;
  /** As `start`, linked to its parent: the server ends with the signal's reason when it aborts. Its own end is told by `exited`. Erlang's `start_link/6`. */
  startLink<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, options: StartOptions<T> & Link): Promise<Server<T>>;
  /** The server that runs under this name in this realm, if one does. */
  whereis(name: string, options?: {
    readonly namespace?: string;
  }): Server<BehaviourTypes> | undefined;
}
/** A realm of its own, on a platform. Programs use the one of `gen-leader`; tests make several to have several peers in one thread. */
declare function createRealm(defaultMedium: MediumFactory | null): Realm;
//#endregion
//#region ../behaviour/src/supervise.d.ts
/** Options of `supervise`. */
interface SuperviseOptions<T extends BehaviourTypes> {
  /** When to start again: always, or only after an abnormal end (anything but `"normal"`, `"shutdown"` and `"ignored"`). @default "transient" */
  readonly restart?: "permanent" | "transient";
  /** How many restarts are tolerated … @default 3 */
  readonly intensity?: number;
  /** … within this time, in milliseconds. One more ends the supervisor. @default 5000 */
  readonly periodMs?: number;
  /** Called with every server that was started, the first included. */
  readonly onStart?: (server: Server<T>) => void;
}
/** A supervised server. */
interface Supervisor<T extends BehaviourTypes> {
  /** The server that runs now; after the end, the last one. */
  readonly server: Server<T>;
  readonly restarts: number;
  /** Settles when the server has ended for good: stopped, ended normally, or restarted too often. */
  readonly exited: Promise<Exit>;
  /** Ends the server, and does not start it again. */
  stop(reason?: unknown): Promise<Exit>;
}
/** OTP's reason for too many restarts. */
declare const restartIntensityReached = "reached_max_restart_intensity";
//#endregion
//#region src/lead.d.ts
/**
 * Competes for leadership of `name`, and runs a function whenever this peer has it. A second `lead` of a name in one realm
 * shares the peer and replaces the function.
 *
 * @example
 * ```ts
 * const leadership = lead("sync-socket", ({ signal }) => {
 *   const socket = new WebSocket(url);
 *   return () => socket.close();
 * });
 * ```
 */
declare const lead: Lead;
//#endregion
//#region src/measure-elections.d.ts
/** What tells of its view of the cluster: a server, or what `lead` returns. */
interface Observable {
  subscribe(listener: (status: {
    readonly election: Election;
  }) => void): () => void;
}
/** What the entries tell in their `detail`. */
interface ElectionDetail {
  /** The peer that saw it. */
  readonly self: string;
  readonly token: Token;
  /** The track of the performance panel in which the entry is shown, as Chromium reads it. */
  readonly devtools: {
    readonly track: string;
  };
}
/**
 * Has every election that this peer sees appear in the performance panel, by the User Timing API: as a measure from when no leader was known
 * to when one was, or as a mark where one leader followed another without a gap. Entries are called `gen-leader <name>: <peer> leads`.
 * Runs in the realm that calls it; they stay in the timeline until `performance.clearMeasures` and `performance.clearMarks`.
 *
 * @param name what the entries are called by: that of the server, as a rule
 * @returns what ends it
 * @see https://www.w3.org/TR/user-timing/
 */
declare function measureElections(name: string, observable: Observable): () => void;
//#endregion
//#region src/realm.d.ts
/** Starts a server under a name on this peer; see {@link Realm.start}. */
declare const start: Realm["start"];
/** Starts a server that ends with its parent; see {@link Realm.startLink}. */
declare const startLink: Realm["startLink"];
/** The server that runs under a name in this realm; see {@link Realm.whereis}. */
declare const whereis: Realm["whereis"];
//#endregion
//#region src/supervise.d.ts
/** Starts a server and starts it again when it ends, within an intensity, as OTP's supervisor. */
declare function supervise<T extends BehaviourTypes>(begin: () => Promise<Server<T>>, options?: SuperviseOptions<T>): Promise<Supervisor<T>>;
//#endregion
export { AlreadyStartedError, AnyReply, AnyRequest, ArgsOf, Async, BadArgumentError, BadReturnValueError, Behaviour, BehaviourTypes, BroadcastOf, CallContext, CallFailedError, CallOptions, CallTimeoutError, CallsOf, CastOf, CleanUp, type Clock, Context, DiagnosedMember, Diagnostics, type DownReason, ElectedContext, Election, type ElectionDetail, ElectionPhase, ErrorCode, Exit, type FailureDetector, type Fence, type FenceEvent, From, FromLeaderContext, GenLeaderError, type Guarantees, Ignore, InfoOf, Lead, LeadContext, LeadFunction, LeadOptions, LeaderCallOptions, LeaderCallsOf, LeaderCastOf, LeaderDiedError, LeaderRequest, Leadership, type Lifecycle, Link, type Logger, type Medium, type MediumFactory, type Member, NameTakenError, NoReply, NoSuccessorError, NotImplementedError, Ok, OptionsOf, Outcome, PeerDownError, type PeerId, PeerOptions, type Random, Realm, Reply, ReplyOf, RequestOf, type Role, Server, ServerEndedError, ServerEvent, ServerStatus, StartOptions, StartTimeoutError, Statistics, Stop, type Stopped, SuperviseOptions, Supervisor, SurrenderedContext, Sync, Sys, TimeLimits, type Token, type Transport, UncloneableError, UnsupportedRuntimeError, acceptBehaviour, compareTokens, createLead, createRealm, ignore, incarnationOf, lead, measureElections, nameOf, noreply, ok, reply, replyTo, restartIntensityReached, start, startLink, stop, supervise, sync, whereis };