/**
 * What every fence must do, sentence by sentence of the port's contract.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContractHarness, type ContractPeer, createStage, type Stage } from "./stage.js";

/** Defines the tests of the fence that `harness` makes. */
export function testFence(title: string, harness: ContractHarness): void {
  describe(`fence: ${title}`, () => {
    let stage: Stage;
    let joined: ContractPeer[];
    beforeEach(() => {
      stage = createStage(harness);
      joined = [];
    });
    afterEach(() => stage.end());

    const event = async (peer: ContractPeer): Promise<string> => (await peer.next("fence")).event;
    const request = (peer: ContractPeer, over: readonly ContractPeer[] = []): Promise<void> =>
      peer.run({ type: "request", over: over.map(({ id }) => id) });
    const told = (peer: ContractPeer): string[] => peer.events.flatMap((item) => (item.type === "fence" ? [item.event] : []));

    /** Everybody shows everybody what a newcomer needs to reach its fence, as joins and welcomes do. */
    async function introduce(): Promise<void> {
      for (const peer of joined) {
        await peer.run({ type: "share", authority: "peer" });
        for (const other of joined) if (other !== peer) await other.next("adopted");
      }
    }

    async function join(name: string): Promise<ContractPeer> {
      const peer = await stage.peer(name, ["transport", "failureDetector", "fence"]);
      joined.push(peer);
      await introduce();
      return peer;
    }

    /** A peer that has the fence. */
    async function joinAsHolder(name: string): Promise<ContractPeer> {
      const peer = await join(name);
      await request(peer);
      expect(await event(peer)).toBe("granted");
      return peer;
    }

    async function expectHolder(holder: ContractPeer | null, peers: readonly ContractPeer[]): Promise<void> {
      for (const peer of peers) {
        expect(await peer.ask({ type: "holder" }), `as ${peer.id} sees it`).toBe(holder?.id ?? null);
        expect(await peer.ask({ type: "holds" }), `whether ${peer.id} holds it`).toBe(peer === holder);
      }
    }

    test("is free at first, and granted to who asks", async () => {
      const a = await join("a");
      const b = await join("b");
      await expectHolder(null, [a, b]);
      await request(b);
      expect(await event(b)).toBe("granted");
      await expectHolder(b, [a, b]);
    });

    test("is busy for the second, who gets it when the first gives it back", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await request(b);
      expect(await event(b)).toBe("busy");
      await expectHolder(a, [a, b]);
      await a.run({ type: "release" });
      expect(await event(b)).toBe("granted");
      await expectHolder(b, [a, b]);
      expect(told(a)).toEqual(["granted"]);
    });

    test("passes on to everybody who waits, one at a time", async () => {
      const a = await joinAsHolder("a");
      const waiting = [await join("b"), await join("c"), await join("d")];
      const turns = waiting.map((peer) => peer.ask({ type: "contend", rounds: 1 }));
      await Promise.all(waiting.map(async (peer) => expect(await event(peer)).toBe("busy")));
      await expectHolder(a, [a, ...waiting]);
      await a.run({ type: "release" });
      expect(await Promise.all(turns)).toEqual([0, 0, 0]);
      await expectHolder(null, [a, ...waiting]);
    });

    test("is held by one at a time, however many contend", async () => {
      const peers = [await join("a"), await join("b"), await join("c"), await join("d")];
      const intrusions = await Promise.all(peers.map((peer) => peer.ask({ type: "contend", rounds: 30 })));
      expect(intrusions).toEqual([0, 0, 0, 0]);
      await expectHolder(null, peers);
    });

    test("asking again while waiting is answered again; so is asking for what one holds", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await request(b);
      expect(await event(b)).toBe("busy");
      await request(b);
      expect(await event(b)).toBe("busy");
      await request(a);
      expect(await event(a)).toBe("granted");
      await expectHolder(a, [a, b]);
      await a.run({ type: "release" });
      expect(await event(b)).toBe("granted");
      await b.run({ type: "release" });
      await expectHolder(null, [a, b]);
    });

    test("release gives back what was not even told: no event follows", async () => {
      const a = await join("a");
      const b = await join("b");
      await a.run({ type: "all", commands: [{ type: "request", over: [] }, { type: "release" }] });
      await request(b);
      const answer = await event(b);
      if (answer === "busy") expect(await event(b)).toBe("granted");
      await expectHolder(b, [a, b]);
      expect(told(a)).toEqual([]);
    });

    test("release withdraws a request: the next in line gets it, and no event follows", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      const c = await join("c");
      await request(b);
      expect(await event(b)).toBe("busy");
      await request(c);
      expect(await event(c)).toBe("busy");
      await b.run({ type: "release" });
      await a.run({ type: "release" });
      expect(await event(c)).toBe("granted");
      await expectHolder(c, [a, b, c]);
      expect(told(b)).toEqual(["busy"]);
    });

    test("a request, its withdrawal and a new request in one go end in one grant", async () => {
      const a = await join("a");
      const ask = { type: "request", over: [] } as const;
      await a.run({ type: "all", commands: [ask, { type: "release" }, ask, { type: "release" }, ask] });
      let answer = await event(a);
      // The earlier requests may still stand in its way, as anybody's would.
      if (answer === "busy") answer = await event(a);
      expect(answer).toBe("granted");
      await a.run({ type: "release" });
      await expectHolder(null, [a]);
      expect(told(a).filter((item) => item === "granted")).toHaveLength(1);
    });

    test("release is idempotent, and harmless to who holds nothing", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await b.run({ type: "release" });
      await expectHolder(a, [a, b]);
      await a.run({ type: "release" });
      await request(b);
      const answer = await event(b);
      if (answer === "busy") expect(await event(b)).toBe("granted");
      await a.run({ type: "release" });
      await a.run({ type: "release" });
      await expectHolder(b, [a, b]);
      expect(told(a)).toEqual(["granted"]);
    });

    test("steal takes it from the holder that is named, who hears that it is lost", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await b.run({ type: "steal", holder: a.id });
      expect(await event(b)).toBe("granted");
      expect(await event(a)).toBe("lost");
      await expectHolder(b, [a, b]);
      await a.run({ type: "release" });
      await expectHolder(b, [a, b]);
    });

    test("steal from somebody who does not hold it ends the attempt and moves nothing", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      const c = await join("c");
      await c.run({ type: "steal", holder: b.id });
      expect(await event(c)).toBe("ended");
      await expectHolder(a, [a, b, c]);
      await a.run({ type: "release" });
      await expectHolder(null, [a, b, c]);
      await c.run({ type: "steal", holder: a.id });
      expect(await event(c), "nor from nobody").toBe("ended");
      await expectHolder(null, [a, b, c]);
      expect(told(a)).toEqual(["granted"]);
    });

    test("of two who steal from one, one gets it", async () => {
      const a = await joinAsHolder("a");
      const thieves = [await join("b"), await join("c")];
      await Promise.all(thieves.map((thief) => thief.run({ type: "steal", holder: a.id })));
      const answers = await Promise.all(thieves.map(event));
      expect(await event(a)).toBe("lost");
      if (!answers.includes("ended")) {
        // Where asking and taking are two steps, the second may rob the first, who hears so.
        const robbed = await Promise.race(thieves.map(async (thief) => [thief, await event(thief)] as const));
        expect(robbed[1]).toBe("lost");
      }
      const holds = await Promise.all(thieves.map((thief) => thief.ask({ type: "holds" })));
      expect(holds.filter(Boolean)).toHaveLength(1);
    });

    test("who waits gets it after a steal too, or is told to ask again", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      const c = await join("c");
      await request(b);
      expect(await event(b)).toBe("busy");
      await c.run({ type: "steal", holder: a.id });
      expect(await event(c)).toBe("granted");
      expect(await event(a)).toBe("lost");
      await c.run({ type: "release" });
      let answer = await event(b);
      if (answer === "ended") {
        await request(b);
        answer = await event(b);
      }
      expect(answer).toBe("granted");
      await expectHolder(b, [a, b, c]);
    });

    test("who waits may steal, and what was stolen from may wait", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await request(b);
      expect(await event(b)).toBe("busy");
      await b.run({ type: "steal", holder: a.id });
      expect(await event(b)).toBe("granted");
      expect(await event(a)).toBe("lost");
      await request(a);
      expect(await event(a)).toBe("busy");
      await expectHolder(b, [a, b]);
      await b.run({ type: "release" });
      expect(await event(a)).toBe("granted");
      await expectHolder(a, [a, b]);
    });

    test("a thief can be stolen from", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await b.run({ type: "steal", holder: a.id });
      expect(await event(b)).toBe("granted");
      expect(await event(a)).toBe("lost");
      await a.run({ type: "steal", holder: b.id });
      expect(await event(a)).toBe("granted");
      expect(await event(b)).toBe("lost");
      await expectHolder(a, [a, b]);
    });

    test.each(harness.deaths)("a holder that died is no obstacle to who says so: %s", async (death) => {
      const a = await join("a");
      const b = await joinAsHolder("b");
      await request(a);
      expect(await event(a)).toBe("busy");
      await b.die(death);
      await request(a, [b]);
      let answer = await event(a);
      if (answer === "busy") answer = await event(a);
      expect(answer).toBe("granted");
      await expectHolder(a, [a]);
    });

    test("a peer that dies waiting is no obstacle", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      const c = await join("c");
      await request(b);
      expect(await event(b)).toBe("busy");
      await request(c);
      expect(await event(c)).toBe("busy");
      await b.die();
      await a.run({ type: "release" });
      expect(await event(c)).toBe("granted");
    });

    test("is taken from a holder that is busy, which finds out", async (context) => {
      if (harness.parallel !== true) context.skip(harness.parallel);
      const a = await joinAsHolder("a");
      const b = await join("b");
      const spin = a.run({ type: "spin", durationMs: 300 });
      await b.run({ type: "steal", holder: a.id });
      expect(await event(b)).toBe("granted");
      await spin;
      expect(await event(a)).toBe("lost");
      await expectHolder(b, [a, b]);
    });

    test("close gives it back, and nothing happens afterwards; close may be repeated", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await request(b);
      expect(await event(b)).toBe("busy");
      await a.run({ type: "close", port: "fence" });
      await a.run({ type: "close", port: "fence" });
      expect(await event(b)).toBe("granted");
      await request(a);
      await a.run({ type: "steal", holder: b.id });
      await a.run({ type: "release" });
      expect(await a.ask({ type: "holds" })).toBe(false);
      await expectHolder(b, [b]);
      expect(told(a)).toEqual(["granted"]);
    });

    test("close withdraws a request", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      const c = await join("c");
      await request(b);
      expect(await event(b)).toBe("busy");
      await b.run({ type: "close", port: "fence" });
      await request(c);
      expect(await event(c)).toBe("busy");
      await a.run({ type: "release" });
      expect(await event(c)).toBe("granted");
      expect(told(b)).toEqual(["busy"]);
    });

    test("opens again under a new id", async () => {
      const a = await join("a");
      const b = await joinAsHolder("b");
      await b.run({ type: "close", port: "fence" });
      await b.run({ type: "open", port: "fence", id: "b#2" });
      await introduce();
      await request(b);
      const answer = await event(b);
      if (answer === "busy") expect(await event(b)).toBe("granted");
      expect(await a.ask({ type: "holder" })).toBe("b#2");
      expect(await b.ask({ type: "holder" })).toBe("b#2");
    });

    test("clusters do not share a fence", async () => {
      const a = await joinAsHolder("a");
      const stranger = await stage.peer("a", ["fence"], `${stage.cluster}/a#1`);
      await request(stranger);
      expect(await event(stranger)).toBe("granted");
      await expectHolder(a, [a]);
    });

    test("what is no fence is not adopted", async () => {
      const a = await joinAsHolder("a");
      const b = await join("b");
      await b.run({ type: "adopt-rubbish", from: a.id });
      await a.run({ type: "adopt-rubbish", from: b.id });
      await expectHolder(a, [a, b]);
      expect(told(a)).toEqual(["granted"]);
    });
  });
}
