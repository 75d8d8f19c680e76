/**
 * A peer and one of its neighbours: frames that come over two ways arrive in one order.
 */
import { MessageChannel } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { createSystemClock } from "../src/clocks/system.js";
import { createNeighbour, type Neighbour, type NeighbourHost } from "../src/worker-threads/neighbour.js";

const neighbours: Neighbour[] = [];
afterEach(() => {
  for (const neighbour of neighbours.splice(0)) neighbour.close();
});

interface Stage {
  readonly neighbour: Neighbour;
  /** What went over the channel. */
  readonly channel: unknown[];
  /** Frames that have been received and not taken. */
  readonly frames: readonly object[];
  next(): Promise<object>;
}

/** A neighbour that nobody can carry a port to, until it is accepted. */
function createStage(host: Partial<NeighbourHost> = {}): Stage {
  const channel: unknown[] = [];
  const frames: object[] = [];
  let wake = (): void => undefined;
  const neighbour = createNeighbour({
    carryPort: () => new Promise(() => undefined),
    ask: () => channel.push("where"),
    postFrame: (frame) => channel.push(frame),
    postMoved: () => channel.push("moved"),
    receive(frame) {
      frames.push(frame);
      wake();
    },
    afterChannel: (task) => task(),
    hasLeft: false,
    later: createSystemClock().schedule,
    ...host,
  });
  neighbours.push(neighbour);
  return {
    neighbour,
    channel,
    frames,
    async next() {
      while (frames.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift() ?? {};
    },
  };
}

/** Links a stage to this test, which gets what comes over the port. */
async function link({ neighbour }: Stage) {
  const { port1, port2 } = new MessageChannel();
  const messages: unknown[] = [];
  let wake = (): void => undefined;
  port1.on("message", (message) => {
    messages.push(message);
    wake();
  });
  neighbour.accept(port2);
  const next = async (): Promise<unknown> => {
    while (messages.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return messages.shift();
  };
  expect(await next()).toEqual({ type: "ready" });
  return { say: (message: object) => port1.postMessage(message), next, port: port1 };
}

test("frames over a link wait for those that the neighbour sent over the channel before", async () => {
  const stage = createStage();
  const { say } = await link(stage);
  say({ type: "frame", direct: false, frame: { n: 2 } });
  say({ type: "frame", direct: false, frame: { n: 3 } });
  say({ type: "ready" });
  // A second link tells that the first frames are in: ports of one thread are read in turn.
  const other = await link(stage);
  other.say({ type: "frame", direct: false, frame: { n: 4 } });
  await link(stage);
  expect(stage.frames).toEqual([]);
  stage.neighbour.moved();
  expect(await stage.next()).toEqual({ n: 2 });
  expect(await stage.next()).toEqual({ n: 3 });
  expect(await stage.next()).toEqual({ n: 4 });
});

test("frames over a link wait for nothing when the neighbour has never used the channel", async () => {
  const stage = createStage();
  const { say } = await link(stage);
  say({ type: "frame", direct: true, frame: { n: 1 } });
  expect(await stage.next()).toEqual({ n: 1 });
  say({ type: "frame", direct: false, frame: { n: 2 } });
  expect(await stage.next()).toEqual({ n: 2 });
});

test("frames go over the channel until a link stands, and the move is said there once", async () => {
  const stage = createStage();
  stage.neighbour.send({ n: 1 });
  const { next } = await link(stage);
  stage.neighbour.send({ n: 2 });
  stage.neighbour.send({ n: 3 });
  expect(stage.channel).toEqual([{ n: 1 }, "moved"]);
  expect(await next()).toEqual({ type: "frame", direct: false, frame: { n: 2 } });
  expect(await next()).toEqual({ type: "frame", direct: false, frame: { n: 3 } });
});

test("a peer that never used the channel says so with its first frame over the link", async () => {
  const stage = createStage();
  const { next } = await link(stage);
  stage.neighbour.send({ n: 1 });
  stage.neighbour.send({ n: 2 });
  expect(stage.channel).toEqual([]);
  expect(await next()).toEqual({ type: "frame", direct: true, frame: { n: 1 } });
  expect(await next()).toEqual({ type: "frame", direct: false, frame: { n: 2 } });
});

test("a neighbour that nobody knows and that does not answer is unresponsive, until it is heard", async () => {
  const stage = createStage();
  const reason = await new Promise((resolve) => {
    stage.neighbour.watch(resolve);
  });
  expect(reason).toBe("unresponsive");
  expect(stage.channel).toEqual(["where"]);
  expect(stage.neighbour.ended).toBe("unresponsive");
  stage.neighbour.locate(7);
  expect(stage.neighbour.ended).toBeNull();
});

test("a rumour of a neighbour's death is believed by one who asks for it in vain, and by nobody else", async () => {
  const asking = createStage();
  const heard = createStage();
  const linked = createStage();
  await link(linked);
  heard.neighbour.locate(7);
  const reasons: string[] = [];
  for (const [name, { neighbour }] of Object.entries({ asking, heard, linked })) {
    neighbour.watch((reason) => reasons.push(`${name} ${reason}`));
    neighbour.sayGone();
  }
  const idle = createStage();
  idle.neighbour.sayGone();
  expect(reasons).toEqual(["asking crashed"]);
  expect(idle.neighbour.ended).toBeNull();
});

test("a watch is told once, though two links close", async () => {
  const stage = createStage();
  const links = [await link(stage), await link(stage)];
  const reasons: string[] = [];
  const down = new Promise<void>((resolve) => {
    stage.neighbour.watch((reason) => {
      reasons.push(reason);
      resolve();
    });
  });
  for (const { port } of links) port.close();
  await down;
  const again = await new Promise((resolve) => {
    stage.neighbour.watch(resolve);
  });
  expect([reasons, again]).toEqual([["crashed"], "crashed"]);
});

test("what had come over the channel is heard before the death of its sender", async () => {
  const order: string[] = [];
  const stage = createStage({
    afterChannel(task) {
      queueMicrotask(() => {
        order.push("heard");
        task();
      });
    },
  });
  const { port } = await link(stage);
  await new Promise<void>((resolve) => {
    stage.neighbour.watch((reason) => {
      order.push(reason);
      resolve();
    });
    port.close();
  });
  expect(order).toEqual(["heard", "crashed"]);
});

test("who cannot hear the closing of a link that it was given makes one of its own, to watch", async () => {
  const carried: number[] = [];
  const stage = createStage({
    carryPort(thread) {
      carried.push(thread);
      return new Promise(() => undefined);
    },
  });
  stage.neighbour.locate(7);
  const { port1, port2 } = new MessageChannel();
  // As Deno makes the ports that come from other threads: without Node's part.
  stage.neighbour.accept({
    addEventListener: port2.addEventListener.bind(port2),
    start: () => port2.start(),
    postMessage: (message) => port2.postMessage(message),
    close: () => port2.close(),
  });
  stage.neighbour.watch(() => undefined);
  expect(carried).toEqual([7]);
  stage.neighbour.watch(() => undefined);
  expect(carried).toEqual([7]);
  port1.close();
});

test("who hears the closing of the link that it was given makes no other", async () => {
  const stage = createStage({ carryPort: () => expect.unreachable() });
  stage.neighbour.locate(7);
  await link(stage);
  stage.neighbour.watch(() => undefined);
});
