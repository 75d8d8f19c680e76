/**
 * The reference to a started server: how the code around it calls, casts, watches and ends it.
 *
 * @module
 */
import type { Clock, FailureDetector, Fence, Guarantees, Logger, MediumFactory, Role, Transport } from "@gen-leader/protocol";
import type {
  AnyRequest,
  ArgsOf,
  Behaviour,
  BehaviourTypes,
  CallsOf,
  CastOf,
  InfoOf,
  LeaderCallsOf,
  LeaderCastOf,
  ReplyOf,
  RequestOf,
} from "./behaviour.js";
import type { Diagnostics } from "./diagnostics.js";
import type { Election } from "./election.js";
import type { ServerEvent } from "./server-event.js";
import type { Statistics } from "./statistics.js";

/** Time limits, in milliseconds. All may be left out. */
export interface TimeLimits {
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
export interface StartOptions<T extends BehaviourTypes = BehaviourTypes> {
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
export interface CallOptions {
  /** How long to wait for the reply. @default 5000; `Infinity` waits until the server ends */
  readonly timeoutMs?: number;
  /** Aborts the call: it rejects with the signal's reason, and does not run if it has not begun to. */
  readonly signal?: AbortSignal;
}

/** Options of `leaderCall`. */
export interface LeaderCallOptions extends CallOptions {
  /** Send again to the next leader when this one dies, although it may have run. @default false */
  readonly retry?: boolean;
}

/** Why a server ended, and whether that is an error. */
export interface Exit {
  /** `"normal"` after `stop()`, `"ignored"`, what `stop` in a callback said, or what was thrown. */
  readonly reason: unknown;
}

/** What `subscribe` listeners get: the present state, always whole. */
export interface ServerStatus {
  readonly election: Election;
  readonly running: boolean;
}

/** OTP's `sys`: look into a running server and change it. */
export interface Sys<T extends BehaviourTypes> {
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
export interface Server<T extends BehaviourTypes> {
  readonly name: string;
  /** The cluster as this peer knows it: live, read-only. */
  readonly election: Election;
  /** What this medium promises, as data. */
  readonly guarantees: Guarantees;
  /** Settles when this server has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Calls whoever leads, now or next. @throws LeaderDiedError, CallTimeoutError, CallFailedError, ServerEndedError, UncloneableError */
  leaderCall<K extends keyof LeaderCallsOf<T>>(
    request: { readonly type: K } & RequestOf<LeaderCallsOf<T>, K>,
    options?: LeaderCallOptions,
  ): Promise<Awaited<ReplyOf<LeaderCallsOf<T>, K>>>;
  /** Sends a message to whoever leads, now or next. Never throws for want of a leader. @throws UncloneableError */
  leaderCast(message: LeaderCastOf<T>): void;
  /** Calls this peer, or the peer named in `to` (an id, or a name). @throws PeerDownError and as `leaderCall` */
  call<K extends keyof CallsOf<T>>(
    request: { readonly type: K } & RequestOf<CallsOf<T>, K>,
    options?: CallOptions & { readonly to?: string },
  ): Promise<Awaited<ReplyOf<CallsOf<T>, K>>>;
  /** Sends a message to this peer, or to the peer named in `to`. */
  cast(message: CastOf<T>, options?: { readonly to?: string }): void;
  /** Hands a message of any other kind to this peer's `handleInfo`. */
  info(message: InfoOf<T>): void;
  /**
   * Hands leadership over without dropping a call: resolves once another leads, at once if this peer does not.
   * `to` names the successor (default: the best candidate), `backOffMs` how long this peer then ranks last.
   * @throws PeerDownError if `to` is not an eligible peer that is up
   */
  stepDown(options?: { readonly to?: string; readonly backOffMs?: number }): Promise<void>;
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
export type LeaderRequest<T extends BehaviourTypes> = AnyRequest<LeaderCallsOf<T>>;
