/**
 * To have a worker wait: the timers of a hidden page's worker are on time.
 *
 * @module
 */
import type { Wait } from "./prompt-timers.js";

/** The worker's whole program; it has to do without imports. */
const program = "onmessage = ({ data: { id, delayMs } }) => setTimeout(postMessage, delayMs, id);";

/** The worker is there while somebody waits. `instead` waits where a content security policy forbids it. */
export function createWorkerWait(instead: Wait): Wait {
  const waits = new Map<number, () => void>();
  let worker: Worker | null = null;
  let isForbidden = false;
  let ids = 0;

  function end(id: number): void {
    const done = waits.get(id);
    waits.delete(id);
    if (waits.size === 0) {
      worker?.terminate();
      worker = null;
    }
    done?.();
  }

  /** All who wait are told at once: to wake up too early does no harm. */
  function forbid(): void {
    isForbidden = true;
    for (const id of [...waits.keys()]) end(id);
  }

  function start(): Worker {
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    try {
      const started = new Worker(url);
      started.onmessage = ({ data }: MessageEvent<number>) => end(data);
      started.onerror = forbid;
      return started;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  return (delayMs, done) => {
    if (isForbidden) return instead(delayMs, done);
    ids += 1;
    waits.set(ids, done);
    try {
      worker ??= start();
      worker.postMessage({ id: ids, delayMs });
    } catch {
      queueMicrotask(forbid);
    }
  };
}
