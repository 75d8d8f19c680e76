/**
 * A persisted store under faults, and under the end of everything: what was acknowledged is there, once, in one order.
 */
import { describe, expect, test } from "vitest";
import { problemsOf } from "./simulation/judge.js";
import { simulateUsers } from "./simulation/users.js";
import { weathers } from "./simulation/weathers.js";

describe.each(Object.entries(weathers))("%s", (_name, { faults, ...weather }) => {
  test.each([1, 2, 3])("seed %i", async (seed) => {
    const seen = await simulateUsers({
      seed,
      durability: "persisted",
      ...weather,
      faults: { ...faults, storageMs: [0, 20] },
      rounds: 40,
      blackouts: 3,
    });
    expect(seen.history.length).toBeGreaterThan(20);
    expect(problemsOf(seen, false)).toEqual([]);
  });
});
