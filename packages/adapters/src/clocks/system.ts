/**
 * The clock of this realm.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";

/** Platforms keep a delay in a signed 32-bit number and take a larger one for zero. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * A clock over `performance.now`, `Date.now` and `setTimeout`. Platforms may fire a timer a fraction of a
 * millisecond early and cannot wait longer than 24.8 days; here both are put right. In Node its timers do not
 * keep the process alive.
 */
export function createSystemClock(): Clock {
  const now = (): number => performance.now();
  return {
    now,
    wall: () => Date.now(),
    schedule(callback, delayMs) {
      const dueMs = now() + Math.max(0, delayMs);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const wait = (): void => {
        const leftMs = dueMs - now();
        if (leftMs <= 0) callback();
        else arm(leftMs);
      };
      const arm = (leftMs: number): void => {
        timer = setTimeout(wait, Math.min(Math.ceil(leftMs), longestDelayMs));
        letProcessEnd(timer);
      };
      // Even a delay of nothing runs later, never from within `schedule`.
      if (dueMs < Infinity) arm(Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}

/** Keeps a Node process alive until what it returns is called: with a timer that never needs to fire. */
export function holdProcess(): () => void {
  const timer = setInterval(() => undefined, longestDelayMs);
  return () => clearInterval(timer);
}

/** Node's timers and channels can be told not to keep the process alive; a browser's timers are numbers, and its channels do not. */
export function letProcessEnd(handle: unknown): void {
  if (typeof handle === "object" && handle !== null && "unref" in handle && typeof handle.unref === "function") handle.unref();
}
