//#region ../protocol/src/peer.d.ts
/**
 * Names of running instances, and what one peer tells the others of itself.
 *
 * @module
 */
/**
 * One running instance of a named server, printed `name#incarnation`. An id is never reused: a peer that
 * starts again, returns from the back/forward cache or was given up by the others comes back under a
 * larger incarnation.
 */
type PeerId = `${string}#${number}`;
/** Whether a peer may lead (`candidate`) or may only follow (`worker`). Given at start, for life. */
type Role = "candidate" | "worker";
/** What the others need to know of a peer to rank it in an election. Travels on the wire. */
interface Member {
  readonly id: PeerId;
  readonly role: Role;
  /** Larger leads first, among candidates that are equal in what matters more. */
  readonly priority: number;
  /** Larger leads first, among candidates of one priority; changes with what `prefer` looks at. */
  readonly preference: number;
  /** The peer's own version of the behaviour, handed to callbacks as `ctx.version`. */
  readonly version: number;
}
/** Longest name of a peer, in UTF-16 code units. */
declare const maximumNameLength = 128;
/** The id of the `incarnation`th instance of the peer called `name`. */
declare function peerId(name: string, incarnation: number): PeerId;
/** Whether a value that came from outside is the id of a peer. */
declare function isPeerId(value: unknown): value is PeerId;
/** The name in an id: what stays when a peer comes back. */
declare function nameOf(id: PeerId): string;
/** The incarnation in an id: smaller is more senior, since incarnations count microseconds since 1970. */
declare function incarnationOf(id: PeerId): number;
//#endregion
//#region ../protocol/src/ports.d.ts
/**
 * Carries frames between the peers of one cluster. A frame is a structured-cloneable plain object; the
 * receiver gets a copy. Frames from one sender through one method arrive in order; nothing is promised
 * between `post` and `send`. A frame to a peer that is gone vanishes silently.
 */
interface Transport {
  /**
   * Starts to receive, as `self`. `receive` is called once a frame that was posted by another peer or
   * sent to `self`, never from within `post`, `send` or `open`, and never for the peer's own frames.
   */
  open(self: PeerId, receive: (frame: unknown) => void): Promise<void>;
  /** Sends a frame to every other peer. @throws `DataCloneError` if the frame cannot be cloned; then nobody got it. */
  post(frame: object): void;
  /** Sends a frame to one peer, waking no other where the medium can. @throws `DataCloneError` as `post`. */
  send(to: PeerId, frame: object): void;
  /** Stops receiving and frees every handle. Idempotent; `post` and `send` are no-ops afterwards. */
  close(): void;
}
/** Why a peer is down: it said good-bye, its realm ended, or it did not answer in time. */
type DownReason = "left" | "crashed" | "unresponsive";
/** Tells who is alive, and when somebody has died. */
interface FailureDetector {
  /** Shows this peer's own sign of life. Resolves once others can see it. */
  open(self: PeerId): Promise<void>;
  /**
   * Every peer of the cluster that shows a sign of life now, the asking one included or not, or `null`
   * where the medium cannot list them (then whoever hears nobody for `discoveryMs` is alone).
   */
  census(): Promise<readonly PeerId[] | null>;
  /**
   * Watches a peer. `onDown` is called at most once, and never from within `monitor`; for a peer that is
   * gone already it is called soon. Where there is no census, it follows everything that the peer had posted:
   * a death that overtook the last broadcasts would hide who is in the cluster. Returns what ends the watch. Monitoring a peer twice is two watches.
   */
  monitor(peer: PeerId, onDown: (reason: DownReason) => void): () => void;
  /**
   * Hands in what to call when a peer is heard again, or first, without having been asked for: a healed
   * partition. Only detectors that listen all the time (heartbeats) call it.
   */
  onAppearance?(listener: (peer: PeerId) => void): void;
  /** Takes back the sign of life and ends all watches. Idempotent. */
  close(): void;
}
/** What happened to this peer's hold on the fence, or to its request for it. */
type FenceEvent = /** The fence is this peer's now. */{
  readonly type: "granted";
} /** Somebody else holds it; the request stands and may still be granted. */ | {
  readonly type: "busy";
} /** The request ended without a grant (a steal, or the platform refused it); ask again. */ | {
  readonly type: "ended";
} /** It was this peer's and is no longer: stolen, or taken by the platform. */ | {
  readonly type: "lost";
};
/**
 * What makes leadership exclusive on a medium: held by one peer at a time, by the leader alone. Events go to
 * the listener given to `open`, never from within a method of the fence.
 */
interface Fence {
  open(self: PeerId, listener: (event: FenceEvent) => void): Promise<void>;
  /**
   * Asks for the fence and waits in line. Answered by `granted`, or by `busy` and later by `granted` or
   * `ended`. `over` names peers known to be dead or gone: where a medium does not end their hold by itself it may be broken,
   * where it does that may be waited for a moment. A second request while one stands replaces `over` and tries again.
   */
  request(over: readonly PeerId[]): void;
  /** Gives the fence back, or withdraws a request. Idempotent. No event follows. */
  release(): void;
  /** Takes the fence from `holder`, if it still holds it. Answered as `request`, `ended` if it did not. */
  steal(holder: PeerId): void;
  /** Who holds the fence now, asked of the medium and not from memory; `null` if nobody. At once where the medium can say so. */
  holder(): PeerId | null | Promise<PeerId | null>;
  /**
   * Whether this peer still holds it, as far as is known without waiting. Read before every effect of a
   * leader; exact where the fence is a shared word, the last known answer where it is a lock.
   */
  holds(): boolean;
  /** What a newcomer needs to reach this fence (a shared buffer); attached to frames. Absent where a name is enough. */
  share?(): unknown;
  /**
   * Takes over the fence that another peer shared. `authority` is `"holder"` when its sender claims to hold
   * that fence (a halt, an announcement, a welcome), `"peer"` otherwise (then the elder fence wins).
   */
  adopt?(shared: unknown, from: PeerId, authority: "holder" | "peer"): void;
  /** Releases everything. Idempotent. */
  close(): void;
}
/** Time as the driver reads it. */
interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
  /** Runs `callback` once, not before `delayMs` have passed; later where timers are throttled. Keeps no process alive. Returns what cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
}
/** A source of random numbers in [0, 1). */
type Random = () => number;
/** How much a log line matters. */
type LogLevel = "debug" | "info" | "warn" | "error";
/** Where a server reports what it does; `console` fits. */
type Logger = { readonly [Level in LogLevel]: (message: string, details?: unknown) => void };
/**
 * Tells when the platform is about to suspend this realm, and when it is back. Pages have one; threads do not.
 */
interface Lifecycle {
  /**
   * `suspend` runs synchronously before the realm freezes or enters the back/forward cache; `resume` once it
   * runs again; `visible` when it is shown or hidden. Returns what ends the watch.
   */
  watch(listener: {
    suspend(): void;
    resume(): void;
    visible(visible: boolean): void;
  }): () => void;
  /** Whether a person can see this realm now. */
  readonly visible: boolean;
}
/** What a medium promises, as data: `server.guarantees`. */
interface Guarantees {
  /** The medium's name: `"browser"`, `"browser-without-locks"`, `"worker-threads"`, `"memory"` … */
  readonly medium: string;
  /** What makes leadership exclusive; `"none"` means at most one leader per token, duplicates end when they hear each other. */
  readonly fence: "web-lock" | "shared-memory" | "memory" | "none";
  /** How death is noticed: `"perfect"` where the platform tells it at once and never wrongly, `"heartbeat"` where silence is counted. */
  readonly failureDetection: "perfect" | "heartbeat";
  /** Whether a newcomer can list everybody who is alive; without it, it listens for `discoveryMs`. */
  readonly census: boolean;
  /** Plain sentences on what does not hold here, for people. */
  readonly caveats: readonly string[];
}
/** Everything that one cluster's peer needs of a platform. */
interface Medium {
  readonly transport: Transport;
  readonly failureDetector: FailureDetector;
  readonly fence: Fence | null;
  readonly lifecycle: Lifecycle | null;
  readonly clock: Clock;
  readonly random: Random;
  /** Runs something in a task of its own, after what waits already, and soon even in a hidden page; never from within. */
  defer(task: () => void): void;
  /**
   * Keeps the process alive until what it returns is called, where a process can end for want of anything to do: while
   * somebody waits for a promise of ours. Absent elsewhere.
   */
  readonly hold?: () => () => void;
  /** A deep copy, as the medium would make it. @throws if the value cannot be cloned. */
  clone<T>(value: T): T;
  readonly guarantees: Guarantees;
}
/** What a peer wishes of its medium; heeded where it means something. */
interface MediumWishes {
  /** Whether the peer's locks may keep its page from being frozen. @default true */
  readonly keepAwake?: boolean;
  /** Whether open handles keep a Node process alive. @default false */
  readonly keepProcessAlive?: boolean;
}
/**
 * Makes the medium of one cluster for one peer of this realm. `cluster` is the namespace and name in one
 * printable string; peers that pass the same string on the same platform form one cluster.
 */
type MediumFactory = (cluster: string, wishes?: MediumWishes) => Medium;
//#endregion
export { peerId as S, Role as _, FenceEvent as a, maximumNameLength as b, LogLevel as c, MediumFactory as d, MediumWishes as f, PeerId as g, Member as h, Fence as i, Logger as l, Transport as m, DownReason as n, Guarantees as o, Random as p, FailureDetector as r, Lifecycle as s, Clock as t, Medium as u, incarnationOf as v, nameOf as x, isPeerId as y };