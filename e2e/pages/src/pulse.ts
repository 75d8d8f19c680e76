/**
 * How a page shows whether its timers run as they should, late, or not at all.
 *
 * @module
 */
import type { Beat } from "./pulse.worker.js";
import type { Observe } from "./records.js";

const pageTimerMs = 50;

/** Every how many beats of the worker the page tells of them. */
const beatsARecord = 10;

/**
 * Starts a timer in the page and one in a worker, and tells how they run: a `pulse` record for every ten beats of the worker,
 * and a `throttled` record the first time that the page's timer has been silent for `gapMs` while the worker's went on.
 */
export function startPulse(gapMs: number, observe: Observe): void {
  const worker = new Worker(new URL("./pulse.worker.ts", import.meta.url), { type: "module" });
  let beats = 0;
  let told = false;
  worker.addEventListener("message", ({ data }: MessageEvent<Beat>) => {
    beats += 1;
    if (beats % beatsARecord === 0) observe({ type: "pulse", beats: beatsARecord });
    if (told || data.pageGapMs < gapMs) return;
    told = true;
    observe({ type: "throttled", gapMs: data.pageGapMs });
  });
  setInterval(() => worker.postMessage(null), pageTimerMs);
}
