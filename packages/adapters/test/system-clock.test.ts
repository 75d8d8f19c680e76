/**
 * The clock of the realm keeps the contract of its port, also where the platform's timers do not.
 */
import { testClock } from "@gen-leader/testing/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { createSystemClock } from "../src/clocks/system.js";

testClock("system", createSystemClock);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Replaces the platform's timers by ones that wait for as long as `change` says. */
function changeTimers(change: (delayMs: number) => number): readonly number[] {
  const platform = globalThis.setTimeout;
  const delaysMs: number[] = [];
  const changed = (callback: () => void, delayMs = 0): NodeJS.Timeout => {
    delaysMs.push(delayMs);
    return platform(callback, change(delayMs));
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(Object.assign(changed, { __promisify__: platform.__promisify__ }));
  return delaysMs;
}

test("a timer that the platform fires early waits for the rest", async () => {
  changeTimers((delayMs) => delayMs / 2);
  const clock = createSystemClock();
  const start = clock.now();
  await new Promise<void>((resolve) => {
    clock.schedule(resolve, 20);
  });
  expect(clock.now() - start).toBeGreaterThanOrEqual(20);
});

test("a delay that the platform would take for none is cut into pieces", () => {
  const delaysMs = changeTimers((delayMs) => delayMs);
  createSystemClock().schedule(() => undefined, 2 ** 40)();
  expect(delaysMs).toEqual([2 ** 31 - 1]);
});
