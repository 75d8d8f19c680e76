/**
 * The clock of a page, which is on time while the page is hidden.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";
import { createPromptTimers, type Wait } from "./prompt-timers.js";
import { createSystemClock } from "./system.js";
import { createWordWait } from "./word-wait.js";
import { createWorkerWait } from "./worker-wait.js";

/** Who waits for longer than this waits for nothing that is under way, and can as well be late. */
const promptMs = 5000;

/** What of a page's globals the clock looks at. */
export interface ClockHost {
  readonly document?: { readonly visibilityState: string };
  /** There in Firefox alone. */
  readonly mozInnerScreenX?: unknown;
}

/**
 * A clock as that of the system, but for pages. While one is hidden, browsers run its timers once a second, and Chromium after five minutes
 * once a minute: far too late to find out that the leader hangs. What is due within five seconds then waits for a word of memory, which
 * browsers do not hold back; in Firefox, which does, and where there is no such memory, a small worker waits for the page.
 */
export function createPageClock(host: ClockHost = globalThis): Clock {
  const clock = createSystemClock();
  const { document } = host;
  if (document === undefined) return clock;
  const byTimer: Wait = (delayMs, done) => void clock.schedule(done, delayMs);
  const byWord = "mozInnerScreenX" in host ? null : createWordWait();
  const schedulePromptly = createPromptTimers(clock.now, byWord ?? createWorkerWait(byTimer));
  return {
    now: clock.now,
    wall: clock.wall,
    schedule(callback, delayMs) {
      const isHidden = document.visibilityState === "hidden";
      return isHidden && delayMs <= promptMs ? schedulePromptly(callback, delayMs) : clock.schedule(callback, delayMs);
    },
  };
}
