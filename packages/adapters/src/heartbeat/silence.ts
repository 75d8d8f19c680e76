/**
 * How long a watched peer may be silent.
 *
 * @module
 */

/** The silence of one peer. All times are of one clock that never goes back. */
export interface Silence {
  /** The peer was heard. */
  broken(nowMs: number): void;
  /** Counts anew, as if it had been heard: who listens was not there to hear it. */
  restart(nowMs: number): void;
  /** Whether it is down. */
  isTooLong(nowMs: number): boolean;
}

/** How many beats may be missed. */
const missedBeats = 3;
/** How many gaps between signs of life are remembered. */
const remembered = 8;

/**
 * Allows three beats, or three times the longest of the last gaps: the timers of a hidden page run once a second and later
 * once a minute, and a peer that has been slow is expected to be.
 */
export function createSilence(beatMs: number, sinceMs: number): Silence {
  let gapsMs: readonly number[] = [];
  let lastMs = sinceMs;
  return {
    broken(nowMs) {
      gapsMs = [...gapsMs, nowMs - lastMs].slice(-remembered);
      lastMs = nowMs;
    },
    restart(nowMs) {
      lastMs = nowMs;
    },
    isTooLong: (nowMs) => nowMs - lastMs > missedBeats * Math.max(beatMs, ...gapsMs),
  };
}
