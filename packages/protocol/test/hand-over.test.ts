import { expect, test } from "vitest";
import { blank } from "../src/token.js";
import { candidate, leading, said, spoken, take } from "./one-peer.js";

/** A leader that is handing over to `b#2`, and still owes an answer. */
function handingOver() {
  const join = said("b#2", { type: "join", member: candidate("b#2"), position: blank, highestEpoch: 0, lists: "" }, 1001);
  const wish = { type: "step-down", request: 1, to: "b#2", backOffMs: 0, alone: "refuse", now: 1002 } as const;
  const { state } = take(leading(), [join, wish], "a#1");
  if (state.token === null) throw new Error("It leads.");
  return { state, token: state.token };
}

test("a cast that arrives while the leader hands over is dropped, and counted: nothing is promised of casts", () => {
  const { state, token } = handingOver();
  const { effects } = take(state, [said("b#2", { type: "cast", token, serial: 1, payload: "x" }, 1003)]);
  expect(effects).toEqual([{ type: "dropped", reason: "stale", from: "b#2" }]);
});

test("a call that arrives while the leader hands over goes back", () => {
  const { state, token } = handingOver();
  const { effects } = take(state, [said("b#2", { type: "call", token, serial: 1, call: 7, request: "x" }, 1003)]);
  expect(spoken(effects)).toEqual(["bounce to b#2"]);
});

test("a hand-over that is wished for twice is done once, and one to somebody else is refused", () => {
  const { state } = handingOver();
  const wish = { type: "step-down", request: 2, backOffMs: 0, alone: "refuse", now: 1003 } as const;
  expect(
    take(state, [
      { ...wish, to: null },
      { ...wish, to: "b#2" },
    ]).effects,
  ).toEqual([]);
  expect(take(state, [{ ...wish, to: "c#3" }]).effects).toEqual([{ type: "step-down-refused", request: 2 }]);
});
