import { expect, test } from "vitest";
import { defaultLimits } from "../src/index.js";
import { leading, take } from "./one-peer.js";

test("a leader that only hears itself doubts itself all the same", () => {
  let state = leading();
  expect(state.phase.type).toBe("leading");
  const { suspectMs } = defaultLimits;
  const asked: number[] = [];
  for (let now = 1000; now <= 1000 + 2 * suspectMs; now += 100) {
    const called = take(state, [{ type: "call", call: now, request: "x", retry: false, now }]);
    state = called.state;
    const query = called.effects.find((effect) => effect.type === "fence-query");
    const runs = called.effects.some((effect) => effect.type === "deliver" && effect.delivery.type === "leader-call");
    // Either the call runs, or the fence is asked first.
    expect(runs).toBe(query === undefined);
    if (query === undefined) continue;
    asked.push(now);
    const told = take(state, [{ type: "fence-holder", query: query.query, holder: "a#1", now }]);
    state = told.state;
    expect(told.effects).toContainEqual(expect.objectContaining({ type: "deliver" }));
  }
  expect(asked).toEqual([1000 + suspectMs + 100]);
});

test("what waits behind an answer that says no goes to the next leader, and not to the callbacks", () => {
  const doubting = take(leading(), [{ type: "call", call: 1, request: "x", retry: false, now: 5000 }]);
  const query = doubting.effects.find((effect) => effect.type === "fence-query");
  if (query === undefined) throw new Error("it does not doubt itself");
  const { effects, state: after } = take(doubting.state, [{ type: "fence-holder", query: query.query, holder: "b#2", now: 5001 }]);
  expect(effects.map(({ type }) => type)).toEqual(expect.arrayContaining(["tenure-ended", "reopen"]));
  expect(effects.some((effect) => effect.type === "deliver")).toBe(false);
  expect(after.calls.get(1)?.sent).toBeNull();
});
