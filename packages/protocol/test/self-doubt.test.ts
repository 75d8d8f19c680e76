import { expect, test } from "vitest";
import { type Config, defaultLimits, type Effect, type Event, initialState, type PeerState, step } from "../src/index.js";

const config: Config = {
  ...{ role: "candidate", priority: 0, version: 0, lists: null, limits: defaultLimits },
  ...{ historyLimit: 8, fenced: true, snapshots: false },
};

/** Runs events after one another, and answers `elected`. */
function take(state: PeerState, ...events: readonly Event[]): { readonly state: PeerState; readonly effects: readonly Effect[] } {
  const effects: Effect[] = [];
  const queue = [...events];
  let next = state;
  for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
    const result = step(next, event);
    next = result.state;
    effects.push(...result.effects);
    for (const effect of result.effects)
      if (effect.type === "deliver" && effect.delivery.type === "elected")
        queue.unshift({ type: "synced", token: effect.delivery.token, joiner: null, sync: null, to: "joiner", now: event.now });
  }
  return { state: next, effects };
}

test("a leader that only hears itself doubts itself all the same", () => {
  const opened: Event = { type: "opened", self: "a#1", census: ["a#1"], holder: null, wall: 1000, now: 1000 };
  let { state } = take(initialState(config, "a#1"), opened, { type: "fence-granted", census: ["a#1"], now: 1000 });
  expect(state.phase.type).toBe("leading");
  const { suspectMs } = defaultLimits;
  const asked: number[] = [];
  for (let now = 1000; now <= 1000 + 2 * suspectMs; now += 100) {
    const called = take(state, { type: "call", call: now, request: "x", retry: false, now });
    state = called.state;
    const query = called.effects.find((effect) => effect.type === "fence-query");
    const runs = called.effects.some((effect) => effect.type === "deliver" && effect.delivery.type === "leader-call");
    // Either the call runs, or the fence is asked first.
    expect(runs).toBe(query === undefined);
    if (query === undefined) continue;
    asked.push(now);
    const told = take(state, { type: "fence-holder", query: query.query, holder: "a#1", now });
    state = told.state;
    expect(told.effects).toContainEqual(expect.objectContaining({ type: "deliver" }));
  }
  expect(asked).toEqual([1000 + suspectMs + 100]);
});

test("what waits behind an answer that says no goes to the next leader, and not to the callbacks", () => {
  const opened: Event = { type: "opened", self: "a#1", census: ["a#1"], holder: null, wall: 1000, now: 1000 };
  const { state } = take(initialState(config, "a#1"), opened, { type: "fence-granted", census: ["a#1"], now: 1000 });
  const doubting = take(state, { type: "call", call: 1, request: "x", retry: false, now: 5000 });
  const query = doubting.effects.find((effect) => effect.type === "fence-query");
  if (query === undefined) throw new Error("it does not doubt itself");
  const { effects, state: after } = take(doubting.state, { type: "fence-holder", query: query.query, holder: "b#2", now: 5001 });
  expect(effects.map(({ type }) => type)).toEqual(expect.arrayContaining(["tenure-ended", "reopen"]));
  expect(effects.some((effect) => effect.type === "deliver")).toBe(false);
  expect(after.calls.get(1)?.sent).toBeNull();
});
