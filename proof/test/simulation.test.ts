import { expect, test } from "vitest";
import { runSeeds } from "../simulation/run-seeds.js";

test("200 seeds of the dictionary in all weathers keep every promise", { timeout: 120_000 }, async () => {
  const found: string[] = [];
  const tally = await runSeeds({ first: 1, count: 200, stride: 1 }, (message) => found.push(message));
  expect(found).toEqual([]);
  expect(tally).toMatchObject({ seeds: 200, violations: 0 });
  expect(tally.elections).toBeGreaterThan(200);
  // Each kind of fault befell somebody: weather that never comes proves nothing.
  expect(Object.values(tally.faults).every((count) => count > 0)).toBe(true);
  expect(Object.keys(tally.faults)).toHaveLength(12);
});
