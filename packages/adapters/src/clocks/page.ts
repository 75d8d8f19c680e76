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

/** Who waits for longer than this waits for nothing that is under way, and can as well be late. More than any time limit of an election. */
const promptMs = 15_000;

/** What of a page's globals the clock looks at. */
export interface ClockHost {
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(type: "visibilitychange", listener: () => void): void;
    removeEventListener(type: "visibilitychange", listener: () => void): void;
  };
  /** There in Firefox alone. */
  readonly mozInnerScreenX?: unknown;
}

/**
 * A clock as that of the system, but for pages. While one is hidden, browsers run its timers once a second, and Chromium after five minutes
 * once a minute: far too late to find out that the leader hangs. What is due within fifteen seconds then waits for a word of memory, which
 * browsers do not hold back; in Firefox, which does, and where there is no such memory, a small worker waits for the page.
 */
export function createPageClock(host: ClockHost = globalThis): Clock {
  const clock = createSystemClock();
  const { document } = host;
  if (document === undefined) return clock;
  const byTimer: Wait = (delayMs, done) => clock.schedule(done, delayMs);
  const holdsWordsBack = "mozInnerScreenX" in host;
  let whileHidden: Wait | null = null;

  const timers = createPromptTimers(clock.now, (delayMs, done) => {
    if (document.visibilityState !== "hidden") return byTimer(delayMs, done);
    whileHidden ??= (holdsWordsBack ? null : createWordWait()) ?? createWorkerWait(byTimer);
    return whileHidden(delayMs, done);
  });
  let isWatching = false;

  /** What is waited for when the page is hidden, or shown, goes on in the other way. */
  function watch(): void {
    if (isWatching) return;
    isWatching = true;
    document?.addEventListener("visibilitychange", renew);
  }

  function renew(): void {
    timers.renew();
    if (timers.isPending()) return;
    isWatching = false;
    document?.removeEventListener("visibilitychange", renew);
  }

  return {
    now: clock.now,
    wall: clock.wall,
    schedule(callback, delayMs) {
      if (delayMs > promptMs) return clock.schedule(callback, delayMs);
      watch();
      return timers.schedule(callback, delayMs);
    },
  };
}
