/**
 * A store under faults: what its users see can be put in one order, nothing that was acknowledged is lost, and nothing happens twice.
 */
import { describe, expect, test } from "vitest";
import { problemsOf } from "./simulation/judge.js";
import { simulateUsers } from "./simulation/users.js";
import { runs } from "./simulation/weathers.js";

describe.each(runs)("$name", ({ mayLose, users }) => {
  test.each([1, 2, 3, 4, 5])("seed %i", async (seed) => {
    const seen = await simulateUsers({ seed, ...users });
    expect(seen.history.length).toBeGreaterThan(20);
    expect(problemsOf(seen, mayLose)).toEqual([]);
  });
});

test("what is wrong is found", () => {
  const call = (type: "append" | "read", calledAt: number, output: unknown) => ({
    client: "a",
    input: { type, key: "k", value: "v" },
    calledAt,
    returned: { at: calledAt + 1, output },
  });
  const seen = { complaints: [], steps: 0, elections: 0, befallen: {} };
  const history = [call("append", 0, 1), call("read", 2, ["v"])];
  expect(problemsOf({ ...seen, history, copies: [{ k: ["v"] }, { k: ["v"] }] }, false)).toEqual([]);
  expect(problemsOf({ ...seen, history, copies: [{ k: ["v"] }, { k: [] }] }, true)).toHaveLength(1);
  expect(problemsOf({ ...seen, history, copies: [{ k: ["v", "v"] }] }, true)).toHaveLength(1);
  expect(problemsOf({ ...seen, history, copies: [] }, true)).toHaveLength(1);
  expect(problemsOf({ ...seen, history: [call("append", 0, 1), call("read", 2, [])], copies: [{}] }, false)).toHaveLength(1);
  expect(problemsOf({ ...seen, history, copies: [{}], complaints: ["it went back"] }, false)).toEqual(["it went back"]);
});
