/**
 * What every clock must do, sentence by sentence of the port's contract.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";
import { describe, expect, test } from "vitest";

/** Defines the tests of the clocks that `createClock` makes. */
export function testClock(title: string, createClock: () => Clock): void {
  describe(`clock: ${title}`, () => {
    /** Resolves with the clock's reading when a timer of `delayMs` runs. */
    const elapse = (clock: Clock, delayMs: number): Promise<number> =>
      new Promise((resolve) => {
        clock.schedule(() => resolve(clock.now()), delayMs);
      });

    test("now never goes back", () => {
      const clock = createClock();
      let last = clock.now();
      for (let reading = 0; reading < 10_000; reading += 1) {
        const now = clock.now();
        expect(now >= last).toBe(true);
        last = now;
      }
    });

    test("wall is the time since 1970, and goes on as now does", async () => {
      const clock = createClock();
      const [wall, now] = [clock.wall(), clock.now()];
      expect(wall).toBeGreaterThan(Date.UTC(2020, 0));
      await elapse(clock, 30);
      expect(Math.abs(clock.wall() - wall - (clock.now() - now))).toBeLessThan(20);
    });

    test("a timer runs once, later, and not before its delay has passed", async () => {
      const clock = createClock();
      let runs = 0;
      for (const delayMs of [0, 1, 1.5, 7, 20]) {
        const start = clock.now();
        const end = await new Promise<number>((resolve) => {
          clock.schedule(() => {
            runs += 1;
            resolve(clock.now());
          }, delayMs);
          expect(runs, "not from within schedule").toBe([0, 1, 1.5, 7, 20].indexOf(delayMs));
        });
        expect(end - start).toBeGreaterThanOrEqual(delayMs);
      }
      await elapse(clock, 30);
      expect(runs).toBe(5);
    });

    test("timers run in the order of their deadlines", async () => {
      const clock = createClock();
      const order: number[] = [];
      const timers = [40, 10, 25].map((delayMs) => elapse(clock, delayMs).then(() => order.push(delayMs)));
      await Promise.all(timers);
      expect(order).toEqual([10, 25, 40]);
    });

    test("a timer that was cancelled does not run; cancelling may be repeated, and comes too late harmlessly", async () => {
      const clock = createClock();
      let cancelled = 0;
      const cancel = clock.schedule(() => {
        cancelled += 1;
      }, 5);
      cancel();
      cancel();
      let cancelItself = (): void => undefined;
      await new Promise<void>((resolve) => {
        cancelItself = clock.schedule(resolve, 15);
      });
      cancelItself();
      expect(cancelled).toBe(0);
    });

    test.each([-1, Number.NEGATIVE_INFINITY])("a delay of %s ms is none", async (delayMs) => {
      await expect(elapse(createClock(), delayMs)).resolves.toBeTypeOf("number");
    });

    test.each([2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])("a delay of %s ms is not over at once", async (delayMs) => {
      const clock = createClock();
      let runs = 0;
      const cancel = clock.schedule(() => {
        runs += 1;
      }, delayMs);
      await elapse(clock, 20);
      cancel();
      expect(runs).toBe(0);
    });
  });
}
