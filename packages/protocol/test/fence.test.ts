import { describe, expect, test } from "vitest";
import { type Event, initialState } from "../src/index.js";
import { config, following, leading, said, spoken, take, wait } from "./one-peer.js";

describe("a fence that is granted twice", () => {
  const again: Event = { type: "fence-granted", census: ["a#1"], now: 1001 };

  test("stays with the leader that has it", () => {
    const { state, effects } = take(leading(), [again]);
    expect(state.phase.type).toBe("leading");
    expect(effects).toEqual([]);
  });

  test("stays with the contender that has it", () => {
    const opened: Event = { type: "opened", self: "a#1", census: ["a#1", "b#2"], holder: null, wall: 1000, now: 1000 };
    const here = said(
      "b#2",
      { type: "here", member: { ...config, id: "b#2", preference: 0 }, position: initialState(config, "b#2").position, highestEpoch: 0 },
      1000,
    );
    const contending = take(initialState(config, "a#1"), [opened, here, { ...again, now: 1000 }]);
    expect(contending.state.phase).toMatchObject({ type: "contending", stage: { type: "halting" } });
    expect(take(contending.state, [again]).effects).toEqual([]);
  });

  test("goes back from a peer that does not contend any more", () => {
    const { effects } = take(following("f#9", "l#1"), [{ type: "fence-granted", census: null, now: 1001 }]);
    expect(effects).toEqual([{ type: "fence-release" }]);
  });
});

describe("a peer that is looked at", () => {
  const look: Event = { type: "look", now: 1001 };

  test("goes on following a leader that holds the fence", () => {
    const { state, effects } = take(following("f#9", "l#1"), [look], "l#1");
    expect(state.phase).toEqual({ type: "following", leader: "l#1" });
    expect(spoken(effects)).toEqual([]);
  });

  test("looks for a leader if nobody holds the fence, and joins whoever does", () => {
    expect(take(following("f#9", "l#1"), [look], null).state.phase.type).toBe("joining");
    const { state, effects } = take(following("f#9", "l#1", "c#2"), [look], "c#2");
    expect(state.phase.type).toBe("joining");
    expect(spoken(effects)).toContain("join to c#2");
  });

  test("asks nothing while it leads", () => {
    expect(take(leading(), [look], "a#1").effects).toEqual([]);
  });
});

describe("a leader that hangs", () => {
  const waitingCall: Event = { type: "call", call: 1, request: "x", retry: false, now: 1002 };

  test("in the middle of a hand-over is robbed by who waits for it", () => {
    const handOver = said("l#1", { type: "hand-over", token: { epoch: 1000, leader: "l#1" }, successor: "c#2" }, 1001);
    const { state } = take(following("f#9", "l#1", "c#2"), [handOver, waitingCall], "l#1");
    const { effects } = wait(state, 10_000, "l#1");
    expect(effects).toContainEqual({ type: "fence-steal", holder: "l#1" });
  });

  test("with the fence of one that was robbed is robbed in its turn", () => {
    const { state } = take(following("f#9", "l#1", "c#2"), [waitingCall], "l#1");
    const { effects } = wait(state, 10_000, "c#2");
    expect(spoken(effects)).toContain("challenge to c#2");
    expect(effects).toContainEqual({ type: "fence-steal", holder: "c#2" });
  });
});
