/**
 * What is taken for a message of ours on the channel of a process's threads.
 */
import { expect, test } from "vitest";
import { isChannelMessage } from "../src/worker-threads/envelopes.js";

const on = (body: unknown, envelope: object = {}): unknown => ({ genLeader: "channel", from: "a#1", thread: 3, body, ...envelope });

test.each([
  { type: "here" },
  { type: "frame", to: null, frame: {} },
  { type: "frame", to: "b#1", frame: {} },
  { type: "moved", to: "b#1" },
  { type: "where", peer: "b#1" },
  { type: "located", to: "b#1", peer: "c#1", at: 7 },
  { type: "located", to: "b#1", peer: "c#1", at: null },
])("%j is", (body) => {
  expect(isChannelMessage(on(body))).toBe(true);
});

test.each([
  undefined,
  null,
  "here",
  [],
  {},
  { type: "toString" },
  { type: "frame", frame: {} },
  { type: "frame", to: 1, frame: {} },
  { type: "moved", to: null },
  { type: "where" },
  { type: "located", to: "b#1", peer: "c#1" },
  { type: "located", to: "b#1", peer: "c#1", at: "7" },
  { type: "located", to: "b#1", peer: "c#1", at: Number.NaN },
  { type: "located", peer: "c#1", at: null },
])("%j is not", (body) => {
  expect(isChannelMessage(on(body))).toBe(false);
});

test.each([{ genLeader: "link" }, { from: 1 }, { from: undefined }, { thread: "3" }, { thread: 0.5 }, { thread: undefined }])(
  "one with %j is not",
  (envelope) => {
    expect(isChannelMessage(on({ type: "here" }, envelope))).toBe(false);
  },
);
