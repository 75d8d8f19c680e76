/**
 * What is in the queue of a channel is heard now where the runtime lets it be read.
 */
import { BroadcastChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { drainChannel } from "../src/worker-threads/drain-channel.js";

const channels: BroadcastChannel[] = [];
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close();
});

function openTwo(): [BroadcastChannel, BroadcastChannel] {
  const [one, other] = [new BroadcastChannel("drained"), new BroadcastChannel("drained")];
  channels.push(one, other);
  return [one, other];
}

test("all that was posted is taken, in order, within the call", () => {
  const [one, other] = openTwo();
  for (const n of [1, 2, 3]) one.postMessage(n);
  const taken: unknown[] = [];
  expect(
    drainChannel(
      other,
      (data) => taken.push(data),
      () => true,
    ),
  ).toBe(true);
  expect(taken).toEqual([1, 2, 3]);
});

test("nothing is taken any more once what was taken has closed the channel", () => {
  const [one, other] = openTwo();
  for (const n of [1, 2]) one.postMessage(n);
  const taken: unknown[] = [];
  expect(
    drainChannel(
      other,
      (data) => {
        taken.push(data);
        other.close();
      },
      () => taken.length === 0,
    ),
  ).toBe(true);
  expect(taken).toEqual([1]);
});

test("a queue that cannot be read, as in Deno, is said to be so", () => {
  const [one] = openTwo();
  one.close();
  expect(
    drainChannel(
      one,
      () => expect.unreachable(),
      () => true,
    ),
  ).toBe(false);
});
