/**
 * What may go wrong in a simulated run: one options object, and what each medium takes for granted.
 *
 * @module
 */

/** From and to, in milliseconds, both included. */
export type RangeMs = readonly [fromMs: number, toMs: number];

/** Faults that befall single frames; each is drawn anew for every frame. */
export interface FrameFaults {
  /** How long a frame is on its way. Frames of one sender through one method stay in order, those of two do not. @default [0, 5] */
  readonly delayMs: RangeMs;
  /** Probability that a frame, and what follows it on the same way, is held up so long that others overtake it. @default 0 */
  readonly reorder: number;
  /** Probability that a frame is lost. No medium of gen-leader loses any; a page of another origin or an extension may. @default 0 */
  readonly loss: number;
  /** Probability that a frame arrives twice. @default 0 */
  readonly duplication: number;
  /** Probability that a frame that was seen before is sent again to the one that it was for, or garbage instead. @default 0 */
  readonly garbage: number;
}

/** How late the platform is. */
export interface PlatformDelays {
  /** How long after an end its watchers hear of it: late suspicion. @default [0, 10] */
  readonly detectionMs: RangeMs;
  /** How long the fence takes to say something. @default [0, 2] */
  readonly fenceMs: RangeMs;
  /** How long after it was asked for a transaction commits. Those of one realm stay in order. @default [0, 5] */
  readonly storageMs: RangeMs;
}

/** Faults that befall single transactions of the simulated storage; each is drawn anew for every transaction. */
export interface StorageFaults {
  /** Probability that a transaction writes nothing and fails with a `StorageFailedError`: quota, or a connection that closes. @default 0 */
  readonly storageFailure: number;
}

/** Faults that happen now and then, to one peer or to all: how often in one run. When, and to whom, is drawn from the seed. */
export interface PlannedFaults {
  /**
   * A realm ends without a word: a tab is closed, a renderer killed, a worker terminated. Of the transactions that it has
   * under way some commit all the same, each with everything that it writes, and those after the first that does not are lost. @default 0
   */
  readonly crash: number;
  /** A realm ends, and starts again at once under the same name, with nothing. @default 0 */
  readonly restart: number;
  /** A busy loop: nothing runs in a realm for a while, though it still holds what it held, and its transactions commit. @default 0 */
  readonly hang: number;
  /** A page is frozen, told so before, and goes on after a while. Its transactions commit all the same. @default 0 */
  readonly freeze: number;
  /** A page goes into the back/forward cache, and comes back or is evicted. @default 0 */
  readonly cache: number;
  /** A hidden page: its timers run once a second for a while; frames are not slowed. @default 0 */
  readonly throttle: number;
  /** The machine sleeps: nothing runs anywhere for a while, and the wall clock has moved on when it wakes. @default 0 */
  readonly clockJump: number;
  /** A detector takes a live peer for a silent one, and hears it again later. @default 0 */
  readonly falseSuspicion: number;
  /** The network parts in two; it is mended after a while. Only where there is no fence, which one machine shares. @default 0 */
  readonly partition: number;
  /** The fence is taken from its holder by somebody outside of the cluster, who gives it back at once. @default 0 */
  readonly steal: number;
  /** A realm ends, but the platform does not notice: it keeps the fence, or is granted it, for seconds. @default 0 */
  readonly corpse: number;
  /** A peer goes on with another version of its behaviour. @default 0 */
  readonly versionSkew: number;
}

/** Everything that may go wrong. What is left out does not. */
export interface Faults extends FrameFaults, PlatformDelays, StorageFaults, PlannedFaults {}

/** A fault that happens now and then. */
export type PlannedFaultType = keyof PlannedFaults;

/** Nothing goes wrong, and everything takes a moment. */
export const noFaults: Faults = {
  delayMs: [0, 5],
  reorder: 0,
  loss: 0,
  duplication: 0,
  garbage: 0,
  detectionMs: [0, 10],
  fenceMs: [0, 2],
  storageMs: [0, 5],
  storageFailure: 0,
  crash: 0,
  restart: 0,
  hang: 0,
  freeze: 0,
  cache: 0,
  throttle: 0,
  clockJump: 0,
  falseSuspicion: 0,
  partition: 0,
  steal: 0,
  corpse: 0,
  versionSkew: 0,
};

/** The faults that are planned, in a fixed order. */
export const plannedFaultTypes: readonly PlannedFaultType[] = [
  "crash",
  "restart",
  "hang",
  "freeze",
  "cache",
  "throttle",
  "clockJump",
  "falseSuspicion",
  "partition",
  "steal",
  "corpse",
  "versionSkew",
];
