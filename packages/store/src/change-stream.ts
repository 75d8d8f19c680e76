/**
 * Changes for those who ask for one after the other.
 *
 * @module
 */
import type { Change } from "./store.js";

/** How many changes wait for a reader that is slower than the writers; then it is told of one that stands for all. */
const waitingLimit = 1024;

interface Source {
  subscribe(listener: (state: unknown, change: Change) => void): () => void;
  /** Calls `listener` when there will be no change any more. Returns what prevents it. */
  whenClosed(listener: () => void): () => void;
}

/** Every change from the call until its reader leaves, `signal` aborts or the source ends. */
export function streamChanges(source: Source, signal: AbortSignal | undefined): AsyncIterableIterator<Change> {
  let waiting: Change[] = [];
  let readers: ((result: IteratorResult<Change>) => void)[] = [];
  let isOver = false;

  const unsubscribe = source.subscribe((_state, change) => {
    const reader = readers.shift();
    if (reader !== undefined) return reader({ done: false, value: change });
    waiting.push(change);
    if (waiting.length > waitingLimit) waiting = [{ type: "skipped", position: change.position }];
  });
  const unwatch = source.whenClosed(end);
  signal?.addEventListener("abort", end);
  if (signal?.aborted === true) end();

  /** What waits is still read. */
  function end(): void {
    isOver = true;
    unsubscribe();
    unwatch();
    signal?.removeEventListener("abort", end);
    for (const reader of readers) reader({ done: true, value: undefined });
    readers = [];
  }

  return {
    next() {
      const change = waiting.shift();
      if (change !== undefined) return Promise.resolve({ done: false, value: change });
      if (isOver) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => readers.push(resolve));
    },
    return() {
      waiting = [];
      end();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
