/**
 * All deadlines of a peer in one table. The driver arms one timer for the earliest; a late, early or repeated
 * timeout is harmless.
 *
 * @module
 */

/** When to … */
export type TimerName =
  /** … stop listening for others, where there is no census, and believe to know everybody who is up. */
  | "discovery"
  /** … stop waiting for a better candidate, or for an answer to `join`. */
  | "response"
  /** … give up the peers that have not acknowledged a halt. */
  | "acknowledge"
  /** … leave the halted state without an announcement. */
  | "election"
  /** … stop waiting for the last replies of a peer that has left, or of a leader that has resigned. */
  | "orphans"
  /** … challenge the leader that a call waits for. */
  | "progress"
  /** … rob a challenged peer that has not answered. */
  | "suspicion"
  /** … compare positions after activity. */
  | "settle"
  /** … give up a hand-over. */
  | "hand-over"
  /** … contend again after a back-off. */
  | "back-off";

export type Deadlines = { readonly [Name in TimerName]?: number };

/** The time of the earliest deadline, or `null` if none is armed. */
export function earliest(deadlines: Deadlines): number | null {
  let next: number | null = null;
  for (const due of Object.values(deadlines)) if (due !== undefined && (next === null || due < next)) next = due;
  return next;
}

/** The names of the deadlines that have passed at `now`, the earliest first. */
export function dueTimers(deadlines: Deadlines, now: number): TimerName[] {
  const due: [TimerName, number][] = [];
  for (const name of timerNames) {
    const at = deadlines[name];
    if (at !== undefined && at <= now) due.push([name, at]);
  }
  return due.sort((a, b) => a[1] - b[1]).map(([name]) => name);
}

const timerNames: readonly TimerName[] = [
  "discovery",
  "response",
  "acknowledge",
  "election",
  "orphans",
  "progress",
  "suspicion",
  "settle",
  "hand-over",
  "back-off",
];
