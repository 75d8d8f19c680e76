/**
 * A timer in a worker. Those of a hidden page are throttled, these are not; both stand still while the page is frozen. The page
 * tells of every run of its own timer, so that the worker can say how far it lags behind.
 *
 * @module
 */

/** How often the worker's timer and the page's timer run, if nobody holds them back. */
const periodMs = 50;

/** What the worker tells the page, every time its timer has run. */
export interface Beat {
  /** How long the page's timer has not run, as far as the worker has heard. */
  readonly pageGapMs: number;
}

let lastPageTick = performance.now();
addEventListener("message", () => {
  lastPageTick = performance.now();
});
setInterval(() => postMessage({ pageGapMs: performance.now() - lastPageTick } satisfies Beat), periodMs);
