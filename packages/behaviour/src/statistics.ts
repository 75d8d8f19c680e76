/**
 * What a server counts.
 *
 * @module
 */

/** Counters of one server. */
export interface Statistics {
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
