/**
 * To have a worker wait: the timers of a hidden page's worker are on time.
 *
 * @module
 */
import type { Wait } from "./prompt-timers.js";

/** The worker's whole program; it has to do without imports. */
const program = "onmessage = ({ data: { id, delayMs } }) => setTimeout(postMessage, delayMs, id);";

/** How long the worker stays when nobody waits. */
const lingerMs = 10_000;

/** `byTimer` waits where a content security policy forbids the worker, and until it is ended. */
export function createWorkerWait(byTimer: Wait): Wait {
  const waits = new Map<number, () => void>();
  let worker: Worker | null = null;
  let isForbidden = false;
  let isLingering = false;
  let ids = 0;

  /** Ends the worker once nobody has waited for a while. */
  function linger(): void {
    if (isLingering || worker === null) return;
    isLingering = true;
    const last = ids;
    byTimer(lingerMs, () => {
      isLingering = false;
      if (ids !== last || waits.size > 0) return linger();
      worker?.terminate();
      worker = null;
    });
  }

  function end(id: number): void {
    const done = waits.get(id);
    waits.delete(id);
    done?.();
  }

  /** All who wait are told at once: to wake up too early does no harm. */
  function forbid(): void {
    isForbidden = true;
    worker?.terminate();
    worker = null;
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
    if (isForbidden) return byTimer(delayMs, done);
    ids += 1;
    const id = ids;
    waits.set(id, done);
    try {
      worker ??= start();
      worker.postMessage({ id, delayMs });
      linger();
    } catch {
      queueMicrotask(forbid);
    }
    return () => {
      waits.delete(id);
    };
  };
}
