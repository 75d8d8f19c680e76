/**
 * A clock that stands still until a test moves it.
 *
 * @module
 */
import type { Clock } from "gen-leader";

export interface ManualClock extends Clock {
  /** Moves the clock on, running what falls due on the way, the earliest first. */
  advance(ms: number): void;
  /** Moves the wall clock alone: the machine has slept, and this realm's own clock stood still. */
  sleep(ms: number): void;
  /** How many callbacks are scheduled. */
  readonly scheduled: number;
}

interface Entry {
  readonly due: number;
  readonly callback: () => void;
}

export function createManualClock(): ManualClock {
  let startedAt = Date.now();
  let now = 0;
  let entries: Entry[] = [];
  return {
    now: () => now,
    wall: () => startedAt + now,
    schedule(callback, delayMs) {
      const entry = { due: now + Math.max(0, delayMs), callback };
      entries.push(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = entries.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (next === undefined) break;
        entries = entries.filter((other) => other !== next);
        now = Math.max(now, next.due);
        next.callback();
      }
      now = end;
    },
    sleep(ms) {
      startedAt += ms;
    },
    get scheduled() {
      return entries.length;
    },
  };
}
