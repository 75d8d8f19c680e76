import { describe, expect, test } from "vitest";
import { type Config, defaultLimits, type Event, type PeerId } from "../src/index.js";
import { blank } from "../src/token.js";
import { candidate, config, following, leading, said, spoken, take } from "./one-peer.js";

const join = (from: PeerId, highestEpoch: number, lists = "", now = 1001): Event =>
  said(from, { type: "join", member: candidate(from), position: blank, highestEpoch, lists }, now);

describe("a name", () => {
  test("is taken by an elder, from a peer that nobody has taken in", () => {
    const joining = take(following("f#9", "l#1"), [{ type: "down", peer: "l#1", reason: "left", now: 1001 }]).state;
    expect(joining.phase.type).toBe("contending");
    const { effects } = take(joining, [said("f#5", { type: "name-taken" }, 1002)]);
    expect(effects).toEqual([{ type: "name-taken", peer: "f#5" }]);
  });

  test.each([
    ["by a younger namesake", "f#10", "malformed"],
    ["by another name", "g#5", "malformed"],
    ["from a peer that was taken in", "f#5", "stale"],
  ] as const)("is not taken %s", (_title, from, reason) => {
    const { effects } = take(following("f#9", "l#1"), [said(from, { type: "name-taken" }, 1001)]);
    expect(effects).toEqual([{ type: "dropped", reason, from }]);
  });
});

test("epochs that are claimed one after another do not lead away from the clock", () => {
  let state = leading();
  const year = 366 * 24 * 60 * 60 * 1000;
  for (let round = 0; round < 10; round += 1) state = take(state, [join("z#1", state.highestEpoch + year / 2)], "a#1").state;
  expect(state.highestEpoch).toBeLessThan(2 * year);
  const { effects } = take(state, [join("z#1", state.highestEpoch + year)], "a#1");
  expect(effects).toEqual([{ type: "dropped", reason: "malformed", from: "z#1" }]);
});

describe("a peer on neither list", () => {
  const listed: Config = { ...config, lists: { candidates: ["a", "b"], workers: [] } };

  test("is reported if its lists are others, and ignored", () => {
    const { state, effects } = take(leading("a#1", listed), [join("c#3", 0, '[["a","b","c"],[]]')], "a#1");
    expect(effects).toEqual([
      { type: "note", note: { type: "lists-differ", peer: "c#3" } },
      { type: "dropped", reason: "foreign", from: "c#3" },
    ]);
    expect(state.peers.size).toBe(0);
  });

  test("learns that the leader runs", () => {
    const { effects } = take(leading("a#1", listed), [said("c#3", { type: "challenge", nonce: 7 }, 1001)], "a#1");
    expect(spoken(effects)).toEqual(["alive to c#3"]);
  });

  test("is no hung leader if it answers", () => {
    const follower = { ...following("b#9", "c#3"), config: listed };
    const accused = take(follower, [
      { type: "call", call: 1, request: "x", retry: false, now: 1001 },
      { type: "timeout", now: 1001 + defaultLimits.challengeMs },
    ]);
    const nonce = accused.state.suspicion?.nonce ?? Number.NaN;
    const { state } = take(accused.state, [said("c#3", { type: "alive", nonce }, 1800)]);
    expect(accused.state.suspicion?.accused).toBe("c#3");
    expect(state.suspicion).toBeNull();
  });
});
