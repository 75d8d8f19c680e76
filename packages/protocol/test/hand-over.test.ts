import { expect, test } from "vitest";
import type { PeerId } from "../src/index.js";
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

test("a cast that arrives while the leader hands over waits for the next leader, once", () => {
  const { state, token } = handingOver();
  const cast = said("b#2", { type: "cast", token, serial: 1, payload: "x" }, 1003);
  const outcome = take(state, [cast, cast]);
  expect(outcome.effects).toEqual([{ type: "dropped", reason: "duplicate", from: "b#2" }]);
  expect(outcome.state.casts).toMatchObject([{ payload: "x" }]);
});

test("a call that arrives while the leader hands over goes back", () => {
  const { state, token } = handingOver();
  const { effects } = take(state, [said("b#2", { type: "call", token, serial: 1, call: 7, request: "x" }, 1003)]);
  expect(spoken(effects)).toEqual(["bounce to b#2"]);
});

test("a copy of a call that ran is not sent back, nor run again, by the same leader elected anew", () => {
  const join = (from: PeerId, highestEpoch: number) =>
    said(from, { type: "join", member: candidate(from), position: blank, highestEpoch, lists: "" }, 1001);
  const { state } = take(leading(), [join("b#2", 0)], "a#1");
  if (state.token === null) throw new Error("It leads.");
  const call = said("b#2", { type: "call", token: state.token, serial: 1, call: 7, request: "x" }, 1003);
  const ran = take(state, [call, join("c#3", 5000)], "a#1").state;
  expect(ran.phase.type).toBe("contending");
  const { campaign } = ran.phase.type === "contending" ? ran.phase : { campaign: state.token };
  const acknowledge = (id: PeerId) =>
    said(id, { type: "acknowledge", campaign, member: candidate(id), position: blank, highestEpoch: 0 }, 1004);
  const anew = take(ran, [acknowledge("b#2"), acknowledge("c#3")], "a#1").state;
  expect(anew.phase.type).toBe("leading");
  expect(take(anew, [call]).effects).toEqual([{ type: "dropped", reason: "duplicate", from: "b#2" }]);
});

test("a copy of a call that went back is not run when the hand-over is off", () => {
  const { state, token } = handingOver();
  const call = said("b#2", { type: "call", token, serial: 1, call: 7, request: "x" }, 1003);
  const stays = take(state, [call, { type: "timeout", now: 60_000 }], "a#1").state;
  expect(stays.tenure?.handOver).toBe(null);
  expect(take(stays, [{ ...call, now: 60_001 }]).effects).toEqual([{ type: "dropped", reason: "duplicate", from: "b#2" }]);
});

test("what is remembered of the requests of those who went is bounded", () => {
  let state = leading();
  for (let number = 10; number < 310; number += 1) {
    const id: PeerId = `p#${number}`;
    const { token } = state;
    if (token === null) throw new Error("It leads.");
    const join = said(id, { type: "join", member: candidate(id), position: blank, highestEpoch: 0, lists: "" }, 1001);
    const asked = [
      said(id, { type: "cast", token, serial: 1, payload: "x" }, 1001),
      said(id, { type: "peer-cast", serial: 2, payload: "x" }, 1001),
    ];
    state = take(state, [join, ...asked, { type: "down", peer: id, reason: "unresponsive", now: 1001 }], "a#1").state;
  }
  expect(state.taken.size).toBeLessThanOrEqual(64);
  expect(state.peerSerials.size).toBeLessThanOrEqual(64);
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
