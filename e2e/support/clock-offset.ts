/**
 * How far the clock of a tab is ahead of the test's.
 *
 * Both tell the time of day by adding what the machine's monotonic clock has counted since to what the time of day was when they
 * began. They tick alike, therefore, but began with times that were read by themselves, perhaps on a machine that was
 * busy in between or whose time of day was set since: they differ by an amount that nobody can promise to be small, but that
 * stays, and can be measured. With eight others to share two cores with, it comes out as nothing, give or take 1 to 3 ms.
 *
 * @module
 */
import { wallTime } from "../pages/src/records.js";
import type { PageDriver } from "./browser.js";
import { clockStepMs, engineUnderTest } from "./engine.js";

/** The clock of a tab is ahead by at least `leastMs` and at most `mostMs`; behind, if these are negative. */
export interface ClockOffset {
  readonly leastMs: number;
  readonly mostMs: number;
}

const roundingMs = (): number => clockStepMs[engineUnderTest()];

/** How many times a tab is asked. The quickest of its answers tells most. */
const questions = 50;

/** Asks a tab for its time again and again: each answer was given after the question and before it came back. */
export async function measureClock(page: PageDriver): Promise<ClockOffset> {
  let leastMs = -Infinity;
  let mostMs = Infinity;
  for (let asked = 0; asked < questions; asked += 1) {
    const before = wallTime();
    const inTab = await page.evaluate(() => performance.timeOrigin + performance.now(), null);
    const after = wallTime();
    leastMs = Math.max(leastMs, inTab - roundingMs() - after);
    mostMs = Math.min(mostMs, inTab + roundingMs() - before);
  }
  if (leastMs > mostMs) throw new Error(`The clock of a page is rounded by more than ${roundingMs()} ms, or runs at another speed.`);
  return { leastMs, mostMs };
}

/** The time on the test's clock before which nothing happened that a tab saw at `at`. */
export function earliest(at: number, { mostMs }: ClockOffset): number {
  return at - roundingMs() - mostMs;
}

/** The time on the test's clock after which nothing happened that a tab saw at `at`. */
export function latest(at: number, { leastMs }: ClockOffset): number {
  return at + roundingMs() - leastMs;
}
