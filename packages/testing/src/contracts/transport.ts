/**
 * What every transport must do, sentence by sentence of the port's contract.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Load } from "./commands.js";
import { describeValue, richSample } from "./samples.js";
import { type ContractHarness, type ContractPeer, createStage, type Stage } from "./stage.js";

const plain = (frame: object): Load => ({ type: "plain", frame });

/** Defines the tests of the transport that `harness` makes. */
export function testTransport(title: string, harness: ContractHarness): void {
  describe(`transport: ${title}`, () => {
    let stage: Stage;
    beforeEach(() => {
      stage = createStage(harness);
    });
    afterEach(() => stage.end());

    const join = (name: string): Promise<ContractPeer> => stage.peer(name, ["transport"]);
    const frameOf = async (peer: ContractPeer): Promise<unknown> => (await peer.next("frame")).frame;

    /** A frame there and one back: what was under way between the two, and came before it, has arrived. */
    async function roundTrip(from: ContractPeer, to: ContractPeer): Promise<void> {
      await from.run({ type: "post", load: plain({ ping: from.id }) });
      expect(await frameOf(to)).toEqual({ ping: from.id });
      await to.run({ type: "send", to: from.id, load: plain({ pong: to.id }) });
      expect(await frameOf(from)).toEqual({ pong: to.id });
    }

    test("post reaches every other peer, and not the sender", async () => {
      const [a, b, c] = await Promise.all([join("a"), join("b"), join("c")]);
      await a.run({ type: "post", load: plain({ n: 1 }) });
      expect(await frameOf(b)).toEqual({ n: 1 });
      expect(await frameOf(c)).toEqual({ n: 1 });
      await b.run({ type: "post", load: plain({ n: 2 }) });
      expect(await frameOf(a), "the first frame that the sender hears is the other's").toEqual({ n: 2 });
      expect(await frameOf(c)).toEqual({ n: 2 });
    });

    test("send reaches the peer that it names, and no other", async () => {
      const [a, b, c] = await Promise.all([join("a"), join("b"), join("c")]);
      await a.run({ type: "send", to: b.id, load: plain({ n: 1 }) });
      expect(await frameOf(b)).toEqual({ n: 1 });
      await roundTrip(b, a);
      expect(await frameOf(c), "of the four frames c hears what was posted").toEqual({ ping: b.id });
      expect(c.events).toHaveLength(1);
    });

    test("send to oneself is not delivered: a peer never hears its own frames", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      await a.run({ type: "send", to: a.id, load: plain({ n: 1 }) });
      await roundTrip(a, b);
      await roundTrip(a, b);
      expect(a.events).toHaveLength(2);
    });

    test.each(["post", "send"] as const)("frames of one %s-er arrive once and in order", async (method) => {
      const [a, b, c] = await Promise.all([join("a"), join("b"), join("c")]);
      const load: Load = { type: "burst", count: 500 };
      const others = [a, c];
      await Promise.all(others.map((peer) => peer.run(method === "post" ? { type: "post", load } : { type: "send", to: b.id, load })));
      const indexes: number[] = [];
      for (let count = 0; count < 500 * others.length; count += 1) {
        const frame = (await frameOf(b)) as { readonly index: number };
        indexes.push(frame.index);
      }
      // Two senders' frames may interleave; taken apart by the first index not seen yet, each is in order.
      const next = [0, 0];
      for (const index of indexes) {
        const sender = next.indexOf(index);
        expect(sender, `frame ${index} came when ${next.join(" or ")} was due`).toBeGreaterThanOrEqual(0);
        next[sender] = index + 1;
      }
      expect(next).toEqual([500, 500]);
    });

    test("the order of one sender's frames to one peer holds across pauses and answers", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      let due = 0;
      for (let round = 0; round < 20; round += 1) {
        for (let n = 0; n < 10; n += 1) await a.run({ type: "send", to: b.id, load: plain({ round, n }) });
        await b.run({ type: "send", to: a.id, load: plain({ round }) });
        for (let n = 0; n < 10; n += 1) expect(await frameOf(b)).toEqual({ round, n });
        expect(await frameOf(a)).toEqual({ round });
        due += 10;
      }
      expect(b.events).toHaveLength(due);
    });

    test.each(["post", "send"] as const)("%s carries what structured clone carries", async (method) => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      const load: Load = { type: "rich" };
      await a.run(method === "post" ? { type: "post", load } : { type: "send", to: b.id, load });
      expect((await b.next("frame")).description).toBe(describeValue(richSample()));
    });

    test.each(["post", "send"] as const)("%s copies the frame before it returns", async (method) => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      const load: Load = { type: "changed-after" };
      await a.run(method === "post" ? { type: "post", load } : { type: "send", to: b.id, load });
      expect(await frameOf(b)).toEqual({ changed: false });
    });

    test("a frame that cannot be cloned throws DataCloneError, and nobody gets it", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      const load: Load = { type: "uncloneable" };
      expect(await a.attempt({ type: "post", load })).toBe("DataCloneError");
      expect(await a.attempt({ type: "send", to: b.id, load })).toBe("DataCloneError");
      await roundTrip(a, b);
      expect(await a.attempt({ type: "send", to: b.id, load }), "once the two have exchanged frames").toBe("DataCloneError");
      await roundTrip(b, a);
      expect([...a.events, ...b.events]).toHaveLength(4);
    });

    test("a frame to a peer that is gone, or never was, vanishes silently", async () => {
      const [a, b, c] = await Promise.all([join("a"), join("b"), join("c")]);
      await roundTrip(a, c);
      expect(await frameOf(b)).toEqual({ ping: a.id });
      await c.die();
      await a.run({ type: "send", to: c.id, load: plain({}) });
      await a.run({ type: "send", to: "nobody#1", load: plain({}) });
      await roundTrip(a, b);
      await a.run({ type: "send", to: c.id, load: plain({}) });
      await roundTrip(a, b);
    });

    test("after close nothing comes in and nothing goes out; close may be repeated", async () => {
      const [a, b, c] = await Promise.all([join("a"), join("b"), join("c")]);
      await roundTrip(a, b);
      expect(await frameOf(c)).toEqual({ ping: a.id });
      await a.run({ type: "close", port: "transport" });
      await a.run({ type: "close", port: "transport" });
      expect(await a.attempt({ type: "post", load: plain({ late: 1 }) })).toBeNull();
      expect(await a.attempt({ type: "send", to: b.id, load: plain({ late: 2 }) })).toBeNull();
      await b.run({ type: "send", to: a.id, load: plain({ late: 3 }) });
      await b.run({ type: "post", load: plain({ n: 1 }) });
      expect(await frameOf(c)).toEqual({ n: 1 });
      await roundTrip(c, b);
      expect(a.events).toHaveLength(1);
      expect(b.events).toHaveLength(2);
    });

    test("what was still under way is not delivered after close", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      await b.run({ type: "post", load: { type: "burst", count: 100 } });
      await a.run({ type: "close", port: "transport" });
      const { length } = a.events;
      const c = await join("c");
      await roundTrip(c, b);
      expect(a.events).toHaveLength(length);
    });

    test("opens again under a new id", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      await roundTrip(a, b);
      await a.run({ type: "close", port: "transport" });
      await a.run({ type: "open", port: "transport", id: "a#2" });
      await b.run({ type: "send", to: "a#1", load: plain({ n: 1 }) });
      await b.run({ type: "send", to: "a#2", load: plain({ n: 2 }) });
      expect((await a.next("frame")).frame).toEqual({ n: 2 });
      await a.run({ type: "send", to: b.id, load: plain({ n: 3 }) });
      expect(await frameOf(b)).toEqual({ n: 3 });
    });

    test("clusters do not hear each other", async () => {
      const [a, b] = await Promise.all([join("a"), join("b")]);
      const stranger = await stage.peer("a", ["transport"], `${stage.cluster}/a#1`);
      await stranger.run({ type: "post", load: plain({ foreign: true }) });
      await stranger.run({ type: "send", to: b.id, load: plain({ foreign: true }) });
      await roundTrip(a, b);
      await roundTrip(b, a);
      expect([...a.events, ...b.events]).toHaveLength(4);
      expect(stranger.events).toHaveLength(0);
    });

    test("frames wait for a peer that is busy, and come in order", async (context) => {
      if (harness.parallel !== true) context.skip(harness.parallel);
      const [a, b] = await Promise.all([join("a"), join("b")]);
      const spin = b.run({ type: "spin", durationMs: 200 });
      await a.run({ type: "post", load: { type: "burst", count: 50 } });
      await spin;
      for (let index = 0; index < 50; index += 1) expect(await frameOf(b)).toEqual({ index });
    });
  });
}
