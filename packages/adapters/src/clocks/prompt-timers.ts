/**
 * Timers over something else than timers.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";

/** Calls `done` once, never from within, after `delayMs` or sooner. */
export type Wait = (delayMs: number, done: () => void) => void;

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** Timers over as few waits as will do: another is begun only for a timer that is due before any of them ends. */
export function createPromptTimers(now: () => number, wait: Wait): Clock["schedule"] {
  const timers = new Set<Timer>();
  /** When the waits under way end. */
  const ends = new Set<number>();

  function waitUntil(dueMs: number): void {
    for (const endMs of ends) if (endMs <= dueMs) return;
    ends.add(dueMs);
    // At least a millisecond: even a delay of nothing runs later.
    wait(Math.max(1, Math.ceil(dueMs - now())), () => {
      ends.delete(dueMs);
      wake();
    });
  }

  function wake(): void {
    const time = now();
    const due = [...timers].filter(({ dueMs }) => dueMs <= time).sort((a, b) => a.dueMs - b.dueMs);
    const later = [...timers].filter(({ dueMs }) => dueMs > time).map(({ dueMs }) => dueMs);
    if (later.length > 0) waitUntil(Math.min(...later));
    for (const timer of due) {
      // Each by itself: it may throw, or cancel the next.
      queueMicrotask(() => {
        if (timers.delete(timer)) timer.callback();
      });
    }
  }

  return (callback, delayMs) => {
    const timer: Timer = { dueMs: now() + Math.max(0, delayMs), callback };
    timers.add(timer);
    waitUntil(timer.dueMs);
    return () => {
      timers.delete(timer);
    };
  };
}
