import { describe, expect, test } from "vitest";
import { type Config, decode, defaultLimits, type Event, type Message, type PeerId } from "../src/index.js";
import { oneOfEachName } from "../src/known-peers.js";
import { blank } from "../src/token.js";
import { sampleMessages } from "./messages.js";
import { candidate, config, following, leading, said, spoken, take } from "./one-peer.js";

const join = (from: PeerId, highestEpoch: number, lists = "", now = 1001): Event =>
  said(from, { type: "join", member: candidate(from), position: blank, highestEpoch, lists }, now);

describe("a name", () => {
  test("is taken from a peer that nobody has taken in", () => {
    const joining = take(following("f#9", "l#1"), [{ type: "down", peer: "l#1", reason: "left", now: 1001 }]).state;
    expect(joining.phase.type).toBe("contending");
    const { effects } = take(joining, [said("f#5", { type: "name-taken", refused: "f#9" }, 1002)]);
    expect(effects).toEqual([{ type: "name-taken", peer: "f#5" }]);
  });

  test.each([
    ["by another name", "g#5", "malformed"],
    ["from a peer that was taken in, by an elder", "f#5", "stale"],
    ["from a peer that was taken in, by a younger", "f#10", "stale"],
  ] as const)("is not taken %s", (_title, from, reason) => {
    const { effects } = take(following("f#9", "l#1"), [said(from, { type: "name-taken", refused: "f#9" }, 1001)]);
    expect(effects).toEqual([{ type: "dropped", reason, from }]);
  });
});

test("a contender hears from the bearer of its name that it is taken", () => {
  const halt = said("f#12", { type: "halt", campaign: { epoch: 2000, leader: "f#12" }, member: candidate("f#12"), position: blank }, 1001);
  const { effects } = take({ ...following("f#9", "l#1"), config: { ...config, fenced: false } }, [halt]);
  expect(spoken(effects)).toEqual(["name-taken to f#12"]);
});

test("a leader counts on one of two that bear one name: whom the last leader counted on, else the elder", () => {
  const { members } = following("f#9", "l#1", "m#7");
  const state = { ...following("f#9", "l#1"), members };
  expect(oneOfEachName(state, ["m#3", "m#7", "n#5", "n#4", "w#1"])).toEqual(["m#7", "n#4", "w#1"]);
});

test("what was said to an earlier incarnation is not meant for this one", () => {
  const joining = take(following("f#9", "l#1"), [{ type: "down", peer: "l#1", reason: "left", now: 1001 }]).state;
  const { effects } = take(joining, [said("f#5", { type: "name-taken", refused: "f#8" }, 1002)]);
  expect(effects).toEqual([{ type: "dropped", reason: "stale", from: "f#5" }]);
});

test("nobody takes its own name from itself", () => {
  const away = take(following("f#9", "l#1"), [{ type: "leave", backOffMs: 0, now: 1001 }]).state;
  const back = take(away, [{ type: "opened", self: "f#20", census: ["l#1", "f#20"], holder: "l#1", wall: 1002, now: 1002 }]).state;
  const { effects } = take(back, [said("f#9", { type: "name-taken", refused: "f#20" }, 1003), join("f#9", 0, "", 1003)]);
  expect(effects).toEqual([
    { type: "dropped", reason: "foreign", from: "f#9" },
    { type: "dropped", reason: "foreign", from: "f#9" },
  ]);
});

test("a newcomer whose name is taken hears so, also if the clock has gone back and it seems the elder", () => {
  const { effects } = take(leading("a#9"), [join("a#5", 0)], "a#9");
  expect(spoken(effects)).toEqual(["name-taken to a#5"]);
});

test("fields that are none of the message's own are not looked at, whatever they hold", () => {
  for (const frame of Object.values(sampleMessages))
    for (const odd of [undefined, null, {}, 1, { epoch: 2 ** 52, leader: "z#1" }]) {
      const decoded = decode({ token: odd, campaign: odd, against: odd, position: odd, base: odd, highestEpoch: odd, ...frame });
      if (decoded.type === "rejected") throw new Error(`${frame.type} is rejected`);
      const hear = (message: Message) => take(following("f#9", "l#1"), [{ type: "received", message, now: 1001 }], "l#1").effects;
      expect(hear(decoded.message), frame.type).toEqual(hear(frame));
    }
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

describe("a single peer", () => {
  const asks = (from: PeerId, serial: number): Event => said(from, { type: "peer-call", serial, call: 1, request: null }, 1001);
  const casts = (from: PeerId, serial: number): Event => said(from, { type: "peer-cast", serial, payload: null }, 1001);

  test("is not called by strangers, who are told", () => {
    const { effects } = take(following("f#9", "l#1"), [asks("z#1", 1), casts("z#1", 2)]);
    expect(effects).toEqual([
      { type: "dropped", reason: "foreign", from: "z#1" },
      { type: "send", to: "z#1", message: { gl: 1, from: "f#9", type: "bounce", serial: 1, call: 1 } },
      { type: "dropped", reason: "foreign", from: "z#1" },
    ]);
  });

  test("is called once, however often the message comes", () => {
    const { effects } = take(following("f#9", "l#1", "c#2"), [asks("c#2", 1), asks("c#2", 1), casts("c#2", 2), casts("c#2", 2)]);
    const delivered = effects.flatMap((effect) => (effect.type === "deliver" ? [effect.delivery.type] : []));
    expect(delivered).toEqual(["peer-call", "peer-cast"]);
    expect(effects.filter(({ type }) => type === "dropped")).toHaveLength(2);
  });

  test("is asked nothing under the number of its own requests", () => {
    const frames = [sampleMessages["peer-call"], sampleMessages["peer-cancel"], sampleMessages.cancel, sampleMessages.call];
    for (const frame of frames)
      expect(decode({ ...frame, serial: 0 }), frame.type).toMatchObject({ type: "rejected", reason: "malformed" });
  });

  test("that does not know the caller has not run the call", () => {
    const calling = take(following("f#9", "l#1", "c#2"), [{ type: "peer-call", call: 1, to: "c#2", request: null, now: 1001 }]);
    const serial = calling.state.peerCalls.get(1)?.serial ?? Number.NaN;
    const { state, effects } = take(calling.state, [said("c#2", { type: "bounce", serial, call: 1 }, 1002)]);
    const outcome = { type: "peer-down", peer: "c#2", outcome: "not-started" };
    expect(effects).toContainEqual({ type: "deliver", delivery: { type: "settle", call: 1, outcome } });
    expect(state.peerCalls.size).toBe(0);
  });

  test("cannot answer a caller that has come back under a new id: the call fails", () => {
    const calling = take(following("f#9", "l#1", "c#2"), [{ type: "peer-call", call: 1, to: "c#2", request: null, now: 1001 }]);
    const removed = said("l#1", { type: "removed", token: { epoch: 1000, leader: "l#1" } }, 1002);
    const { state, effects } = take(calling.state, [removed], "l#1");
    const outcome = { type: "peer-down", peer: "c#2", outcome: "unknown" };
    expect(effects).toContainEqual({ type: "deliver", delivery: { type: "settle", call: 1, outcome } });
    expect(state.peerCalls.size).toBe(0);
  });
});
