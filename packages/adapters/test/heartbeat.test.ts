/**
 * Heartbeats, on a clock that the test moves: who beats, who is given up, and who doubts itself first.
 */
import type { Clock, DownReason, FailureDetector, PeerId } from "@gen-leader/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createHeartbeatFailureDetector } from "../src/failure-detectors/heartbeat.js";

const beatMs = 1000;
const a: PeerId = "a#1";
const b: PeerId = "b#1";

interface ManualClock extends Clock {
  /** Moves on by one step: timers that became due run once, late, as those of a throttled page do. */
  pass(stepMs: number): void;
}

function createManualClock(): ManualClock {
  let nowMs = 0;
  let timers: { readonly dueMs: number; readonly callback: () => void }[] = [];
  return {
    now: () => nowMs,
    wall: () => nowMs,
    schedule(callback, delayMs) {
      const timer = { dueMs: nowMs + delayMs, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass(stepMs) {
      nowMs += stepMs;
      const due = timers.filter(({ dueMs }) => dueMs <= nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { callback } of due) callback();
    },
  };
}

interface Message {
  readonly type: string;
  readonly from: PeerId;
  readonly [field: string]: unknown;
}

/** The channel that the detectors use, as a stranger hears it. */
function eavesdrop(cluster: string) {
  const channel = new BroadcastChannel(`gen-leader:heartbeat:${JSON.stringify(cluster)}`);
  const heard: Message[] = [];
  let wake = (): void => undefined;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    heard.push(data);
    wake();
  };
  return {
    heard,
    say: (message: object): void => channel.postMessage({ genLeader: "heartbeat", ...message }),
    async next(): Promise<Message> {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard.shift() ?? { type: "none", from: a };
    },
    close: (): void => channel.close(),
  };
}

let cluster = 0;
let strangers = 0;
let clock: ManualClock;
let detector: FailureDetector;
let air: ReturnType<typeof eavesdrop>;
let appeared: PeerId[];
let onStranger: () => void;

beforeEach(async () => {
  cluster += 1;
  clock = createManualClock();
  air = eavesdrop(`heartbeat ${cluster}`);
  detector = createHeartbeatFailureDetector(`heartbeat ${cluster}`, { beatMs, clock });
  appeared = [];
  detector.onAppearance?.((peer) => {
    if (peer.startsWith("stranger#")) onStranger();
    else appeared.push(peer);
  });
  await detector.open(a);
  expect(await air.next()).toMatchObject({ type: "here", from: a });
});

afterEach(() => {
  detector.close();
  air.close();
});

/** What was said before this has been heard by the detector: it hears a peer that is new to it. */
async function heardByDetector(): Promise<void> {
  strangers += 1;
  const stranger: PeerId = `stranger#${strangers}`;
  const heard = new Promise<void>((resolve) => {
    onStranger = resolve;
  });
  air.say({ type: "here", from: stranger });
  await heard;
}

function watch(peer: PeerId): DownReason[] {
  const downs: DownReason[] = [];
  detector.monitor(peer, (reason) => downs.push(reason));
  return downs;
}

test("nobody beats unless somebody watches", async () => {
  for (let step = 0; step < 20; step += 1) clock.pass(beatMs);
  air.say({ type: "watch", from: b, peers: ["other#1"], forMs: 5000 });
  const downs = watch(b);
  expect(await air.next()).toMatchObject({ type: "watch", from: a, peers: [b], forMs: 5 * beatMs });
  expect(downs).toEqual([]);
});

test("whoever is watched beats for as long as it was asked to, by a timer and not as an answer", async () => {
  air.say({ type: "watch", from: b, peers: [a], forMs: 5 * beatMs });
  await heardByDetector();
  let beats = 0;
  for (let step = 0; step < 10; step += 1) {
    clock.pass(beatMs);
    detector.monitor("nobody#1", () => undefined)();
    let message = await air.next();
    if (message.type === "beat") {
      beats += 1;
      message = await air.next();
    }
    expect(message.type).toBe("watch");
  }
  expect(beats).toBe(4);
});

test("a watch for no number of milliseconds, and other rubbish, silences nobody and is no sign of life", async () => {
  const downs = watch(b);
  for (const rubbish of [
    { type: "watch", from: b, peers: [a], forMs: Number.NaN },
    { type: "watch", from: b, peers: [a], forMs: Infinity },
    { type: "watch", from: b, peers: "a#1", forMs: 5000 },
    { type: "hello", from: b },
    { type: "beat", from: "b" },
    { type: "bye", from: 1 },
  ])
    air.say(rubbish);
  await heardByDetector();
  expect(appeared).toEqual([]);
  expect(downs).toEqual([]);
  air.say({ type: "watch", from: "c#1", peers: [a], forMs: 5 * beatMs });
  await heardByDetector();
  clock.pass(beatMs);
  let message = await air.next();
  while (message.type === "watch") message = await air.next();
  expect(message).toMatchObject({ type: "beat", from: a });
});

test("three beats may be missed, and the next may not", () => {
  const downs = watch(b);
  for (let step = 0; step < 3; step += 1) clock.pass(beatMs);
  expect(downs).toEqual([]);
  clock.pass(beatMs);
  expect(downs).toEqual(["unresponsive"]);
  for (let step = 0; step < 9; step += 1) clock.pass(beatMs);
  expect(downs).toHaveLength(1);
});

test("a peer that beats is not down", async () => {
  const downs = watch(b);
  for (let step = 0; step < 12; step += 1) {
    air.say({ type: "beat", from: b });
    await heardByDetector();
    clock.pass(beatMs);
  }
  expect(downs).toEqual([]);
});

test("a detector that stood still accuses nobody, and counts anew", () => {
  const downs = watch(b);
  clock.pass(beatMs);
  clock.pass(20 * beatMs);
  expect(downs).toEqual([]);
  for (let step = 0; step < 3; step += 1) clock.pass(beatMs);
  expect(downs).toEqual([]);
  clock.pass(beatMs);
  expect(downs).toEqual(["unresponsive"]);
});

test("a detector that is always slow, as in a hidden page, still finds the dead, and asks for beats for long enough", async () => {
  const downs = watch(b);
  const slowMs = 60 * beatMs;
  clock.pass(slowMs);
  expect(downs).toEqual([]);
  await air.next();
  expect(await air.next()).toMatchObject({ type: "watch", forMs: 5 * slowMs });
  clock.pass(slowMs);
  expect(downs).toEqual(["unresponsive"]);
});

test("a peer that has been slow is given more time", async () => {
  const downs = watch(b);
  for (let gap = 1; gap <= 3; gap += 1) clock.pass(beatMs);
  air.say({ type: "beat", from: b });
  await heardByDetector();
  for (let step = 0; step < 9; step += 1) clock.pass(beatMs);
  expect(downs).toEqual([]);
  clock.pass(beatMs);
  expect(downs).toEqual(["unresponsive"]);
});

test("a good-bye is heard as such", async () => {
  const downs = watch(b);
  air.say({ type: "bye", from: b });
  await heardByDetector();
  expect(downs).toEqual(["left"]);
});

test("close says good-bye", async () => {
  detector.close();
  expect(await air.next()).toMatchObject({ type: "bye", from: a });
});

test("whoever is heard first, or again, has appeared", async () => {
  air.say({ type: "here", from: b });
  air.say({ type: "beat", from: b });
  await heardByDetector();
  expect(appeared).toEqual([b]);
  watch(b);
  for (let step = 0; step < 12; step += 1) clock.pass(beatMs);
  air.say({ type: "beat", from: b });
  await heardByDetector();
  expect(appeared).toEqual([b, b]);
});

test("what is no message of ours is left alone", async () => {
  const channel = new BroadcastChannel(`gen-leader:heartbeat:${JSON.stringify(`heartbeat ${cluster}`)}`);
  const rubbish = [null, 1, "beat", [], {}, { genLeader: "heartbeat" }, { genLeader: "heartbeat", from: 1, type: "beat" }];
  for (const message of [...rubbish, { genLeader: "heartbeat", from: b, type: "watch", peers: a, forMs: "long" }])
    channel.postMessage(message);
  await heardByDetector();
  expect(appeared).toEqual([]);
  channel.close();
});
