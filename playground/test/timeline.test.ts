import type { PeerId } from "gen-leader";
import { expect, test } from "vitest";
import type { Happening, PlaygroundEvent } from "../src/events.js";
import { lanesOf } from "../src/timeline.js";

const [a, b]: readonly [PeerId, PeerId] = ["a#1", "b#1"];

function event(at: number, peer: PeerId, leader: PeerId | null, happening: Happening): PlaygroundEvent {
  return { at, peer, token: leader === null ? null : { epoch: at, leader }, ...happening };
}

const beginning = [
  event(0, a, null, { type: "started" }),
  event(1, a, a, { type: "elected" }),
  event(2, b, null, { type: "started" }),
  event(3, b, a, { type: "surrendered", deposed: false }),
];

test("a lane tells who led and who followed whom", () => {
  expect(lanesOf(beginning)).toEqual([
    {
      name: "a",
      segments: [
        { kind: "searching", leader: null, from: 0, to: 1 },
        { kind: "leading", leader: "a", from: 1, to: null },
      ],
      marks: [{ kind: "elected", at: 1, text: "a elected, epoch 1" }],
    },
    {
      name: "b",
      segments: [
        { kind: "searching", leader: null, from: 2, to: 3 },
        { kind: "following", leader: "a", from: 3, to: null },
      ],
      marks: [],
    },
  ]);
});

test("a peer that crashed ends where its successor found it gone", () => {
  const [first, second] = lanesOf([
    ...beginning,
    event(10, b, a, { type: "leaderless" }),
    event(11, b, b, { type: "elected" }),
    event(12, b, b, { type: "down", about: a, reason: "crashed" }),
  ]);
  expect(first?.segments.at(-1)).toEqual({ kind: "leading", leader: "a", from: 1, to: 12 });
  expect(first?.marks.at(-1)).toEqual({ kind: "gone", at: 12, text: "a crashed" });
  expect(second?.segments.map(({ kind }) => kind)).toEqual(["searching", "following", "searching", "leading"]);
});

test("a peer that came back goes on in its lane, with one mark for its absence", () => {
  const back: PeerId = "a#2";
  const [first] = lanesOf([
    ...beginning,
    event(11, b, b, { type: "elected" }),
    event(12, b, b, { type: "down", about: a, reason: "unresponsive" }),
    event(20, back, a, { type: "away" }),
    event(21, back, b, { type: "surrendered", deposed: true }),
  ]);
  expect(first?.marks.map(({ kind }) => kind)).toEqual(["elected", "gone", "deposed"]);
  expect(first?.segments.at(-1)).toEqual({ kind: "following", leader: "b", from: 21, to: null });
});
