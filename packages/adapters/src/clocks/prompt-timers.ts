/**
 * Timers over waits of any kind.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";

/** Calls `done` once, never from within, after `delayMs` or a little sooner. Returns what prevents it. */
export type Wait = (delayMs: number, done: () => void) => () => void;

/** Timers that are on time if their waits are. */
export interface PromptTimers {
  readonly schedule: Clock["schedule"];
  /** Whether any timer is pending. */
  readonly isPending: () => boolean;
  /** Waits anew, in the way that is now the right one. */
  renew(): void;
}

/** How late a wait may be before it counts as lost, with the worker that kept it. */
const lostMs = 1000;

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** One wait at a time: until the first timer is due. */
export function createPromptTimers(now: () => number, wait: Wait): PromptTimers {
  const timers = new Set<Timer>();
  let waiting: { readonly endMs: number; readonly cancel: () => void } | null = null;

  function waitUntil(endMs: number): void {
    waiting?.cancel();
    // At least a millisecond: even a delay of nothing runs later.
    const cancel = wait(Math.max(1, Math.ceil(endMs - now())), wake);
    waiting = { endMs, cancel };
  }

  function stop(): void {
    waiting?.cancel();
    waiting = null;
  }

  function waitForFirst(pending: readonly Timer[]): void {
    if (pending.length === 0) return stop();
    waitUntil(Math.min(...pending.map(({ dueMs }) => dueMs)));
  }

  function wake(): void {
    waiting = null;
    const time = now();
    const due = [...timers].filter(({ dueMs }) => dueMs <= time).sort((a, b) => a.dueMs - b.dueMs);
    waitForFirst([...timers].filter(({ dueMs }) => dueMs > time));
    for (const timer of due) {
      // Each by itself: it may throw, or cancel the next.
      queueMicrotask(() => {
        if (timers.delete(timer)) timer.callback();
      });
    }
  }

  return {
    schedule(callback, delayMs) {
      const timer: Timer = { dueMs: now() + Math.max(0, delayMs), callback };
      timers.add(timer);
      if (waiting === null || timer.dueMs < waiting.endMs || waiting.endMs + lostMs < now()) waitForFirst([...timers]);
      return () => {
        timers.delete(timer);
        if (timers.size === 0) stop();
      };
    },
    isPending: () => timers.size > 0,
    renew: () => waitForFirst([...timers]),
  };
}
