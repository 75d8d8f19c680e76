import { expect, test } from "vitest";
import { defaultLimits, initialState, nextDeadline, step } from "../src/index.js";
import { dueTimers, earliest } from "../src/timers.js";

test("the earliest deadline is the next", () => {
  expect(earliest({})).toBeNull();
  expect(earliest({ settle: 30, response: 20, election: 25 })).toBe(20);
  expect(earliest({ "back-off": 0 })).toBe(0);
});

test("what is due comes in the order of its deadlines, and what is not due stays", () => {
  const deadlines = { discovery: 30, settle: 10, "hand-over": 20, suspicion: 31 };
  expect(dueTimers(deadlines, 30)).toEqual(["settle", "hand-over", "discovery"]);
  expect(dueTimers(deadlines, 9)).toEqual([]);
});

test("an early or repeated timeout does nothing", () => {
  const limits = { ...defaultLimits, discoveryMs: 100 };
  const config = {
    role: "candidate",
    priority: 0,
    version: 0,
    epoch: 0,
    lists: null,
    limits,
    historyLimit: 8,
    fenced: true,
    snapshots: false,
  } as const;
  const opened = step(initialState(config, "a#1"), { type: "opened", self: "a#1", census: null, holder: null, wall: 5000, now: 1000 });
  expect(nextDeadline(opened.state)).toBe(1100);
  const early = step(opened.state, { type: "timeout", now: 1099 });
  expect(early).toEqual({ state: { ...opened.state, now: 1099, active: 1099 }, effects: [] });
  const due = step(early.state, { type: "timeout", now: 1100 });
  expect(due.effects).toContainEqual({ type: "fence-request", over: [] });
  const repeated = step(due.state, { type: "timeout", now: 1100 });
  expect(repeated).toEqual({ state: due.state, effects: [] });
});

test("time does not go back", () => {
  const config = {
    role: "worker",
    priority: 0,
    version: 0,
    epoch: 0,
    lists: null,
    limits: defaultLimits,
    historyLimit: 8,
    fenced: true,
    snapshots: false,
  } as const;
  const { state } = step(initialState(config, "a#1"), { type: "timeout", now: 1000 });
  expect(step(state, { type: "timeout", now: 900 }).state.now).toBe(1000);
});
