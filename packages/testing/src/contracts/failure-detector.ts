/**
 * What every failure detector must do, sentence by sentence of the port's contract.
 *
 * @module
 */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ContractHarness, type ContractPeer, createStage, type Stage } from "./stage.js";

/** Defines the tests of the failure detector that `harness` makes. */
export function testFailureDetector(title: string, harness: ContractHarness): void {
  describe(`failure detector: ${title}`, () => {
    let stage: Stage;
    beforeEach(() => {
      stage = createStage(harness);
    });
    afterEach(() => stage.end());

    const hasCensus = harness.guarantees.census;
    const join = (name: string): Promise<ContractPeer> => stage.peer(name, ["transport", "failureDetector"]);

    /** Peers that have heard of each other, as one does before one monitors somebody. */
    async function meet<Peers extends readonly ContractPeer[]>(joining: Promise<Peers>): Promise<Peers> {
      const peers = await joining;
      for (const peer of peers) {
        await peer.run({ type: "post", load: { type: "plain", frame: { join: peer.id } } });
        for (const other of peers) if (other !== peer) await other.next("frame");
      }
      return peers;
    }

    const monitor = (watcher: ContractPeer, peer: ContractPeer, watch: string): Promise<void> =>
      watcher.run({ type: "monitor", peer: peer.id, watch });
    const downs = (peer: ContractPeer): number => peer.events.filter(({ type }) => type === "down").length;

    /** `victim` dies and `watcher` hears so: what was told before that has been told. */
    async function barrier(watcher: ContractPeer, victim: ContractPeer): Promise<void> {
      await monitor(watcher, victim, "last");
      await victim.die();
      expect(await watcher.next("down")).toMatchObject({ watch: "last" });
    }

    test("the census lists everybody who is alive, at once after open", async () => {
      const a = await join("a");
      const b = await join("b");
      const census = await a.ask({ type: "census" });
      if (!hasCensus) {
        expect(census, "this medium cannot list its peers, and says so").toBeNull();
        return;
      }
      expect(census).toContain(b.id);
      expect(await b.ask({ type: "census" })).toContain(a.id);
    });

    test("the census lists neither the dead nor those who left", async (context) => {
      if (!hasCensus) context.skip("this medium cannot list its peers");
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      await monitor(a, b, "b");
      await monitor(a, c, "c");
      await b.die();
      await a.next("down");
      await c.run({ type: "close", port: "failureDetector" });
      await a.next("down");
      const census = await a.ask({ type: "census" });
      expect(census?.filter((id) => id !== a.id)).toEqual([]);
    });

    test("a cluster's census lists nobody of another cluster", async (context) => {
      if (!hasCensus) context.skip("this medium cannot list its peers");
      const a = await join("a");
      const stranger = await stage.peer("b", ["failureDetector"], `${stage.cluster}/a`);
      expect(await a.ask({ type: "census" })).not.toContain(stranger.id);
      expect(await stranger.ask({ type: "census" })).not.toContain(a.id);
    });

    test.each(harness.deaths)("a peer that dies is down: %s", async (death) => {
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      await monitor(a, b, "b");
      await monitor(c, b, "b");
      await b.die(death);
      expect(await a.next("down")).toMatchObject({ watch: "b", reason: harness.deathIsHeardAs });
      expect(await c.next("down")).toMatchObject({ watch: "b", reason: harness.deathIsHeardAs });
    });

    test.each(harness.deaths)("a peer that dies just before, or while, it is monitored is down as well: %s", async (death) => {
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      const dying = b.die(death);
      await monitor(a, b, "b");
      await dying;
      await monitor(c, b, "b");
      expect((await a.next("down")).watch).toBe("b");
      expect((await c.next("down")).watch).toBe("b");
    });

    test("a peer that leaves is down", async () => {
      const [a, b] = await meet(Promise.all([join("a"), join("b")]));
      await monitor(a, b, "b");
      await b.run({ type: "close", port: "failureDetector" });
      expect(await a.next("down")).toMatchObject({ watch: "b", reason: harness.closingIsHeardAs });
      await monitor(a, b, "again");
      expect((await a.next("down")).watch, "gone already").toBe("again");
    });

    test("a peer that was gone before the watcher came is down soon", async () => {
      const [a, b] = await meet(Promise.all([join("a"), join("b")]));
      await monitor(a, b, "b");
      await b.die();
      await a.next("down");
      const c = await join("c");
      await monitor(c, b, "b");
      expect((await c.next("down")).watch).toBe("b");
    });

    test("down is told once for each watch, and monitoring a peer twice is two watches", async () => {
      const [a, b, c, d] = await meet(Promise.all([join("a"), join("b"), join("c"), join("d")]));
      await monitor(a, b, "first");
      await monitor(a, b, "second");
      await monitor(a, b, "third");
      await a.run({ type: "unmonitor", watch: "second" });
      await b.die();
      const told = [(await a.next("down")).watch, (await a.next("down")).watch];
      expect(told.sort()).toEqual(["first", "third"]);
      await barrier(a, c);
      await barrier(a, d);
      expect(downs(a)).toBe(4);
    });

    test("a watch that was ended tells nothing, even if the peer is gone already", async () => {
      const [a, b, c, d] = await meet(Promise.all([join("a"), join("b"), join("c"), join("d")]));
      await monitor(a, b, "ended");
      await a.run({ type: "unmonitor", watch: "ended" });
      await a.run({ type: "unmonitor", watch: "ended" });
      await monitor(c, b, "b");
      await b.die();
      await c.next("down");
      await a.run({
        type: "all",
        commands: [
          { type: "monitor", peer: b.id, watch: "ended" },
          { type: "unmonitor", watch: "ended" },
        ],
      });
      await barrier(a, d);
      expect(downs(a)).toBe(1);
    });

    test("the living are not down: neither when others die, nor when they watch each other", async () => {
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      await monitor(a, b, "b");
      await monitor(b, a, "a");
      await barrier(a, c);
      expect([downs(a), downs(b)]).toEqual([1, 0]);
    });

    test("a peer that is busy for a while is not down, and is when it dies busy", async (context) => {
      if (harness.parallel !== true) context.skip(harness.parallel);
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      const spin = b.run({ type: "spin", durationMs: 300 });
      await monitor(a, b, "b");
      await spin;
      await barrier(a, c);
      expect(downs(a)).toBe(1);
      // The dead do not answer, so nobody waits for the end of this loop.
      void b.attempt({ type: "spin", durationMs: 10_000 });
      await b.die();
      expect(await a.next("down")).toMatchObject({ watch: "b" });
    });

    test.for(harness.deaths)("a death follows everything that the peer had posted: %s", async (death, context) => {
      if (hasCensus) context.skip("this medium can list its peers, so a death may overtake frames");
      if (harness.parallel !== true) context.skip(harness.parallel);
      const [a, b] = await meet(Promise.all([join("a"), join("b")]));
      await monitor(a, b, "b");
      // Frames and death wait for the watcher together.
      const spin = a.run({ type: "spin", durationMs: 300 });
      await b.run({ type: "post", load: { type: "burst", count: 100 } });
      await b.die(death);
      await spin;
      await a.next("down");
      const told = a.events.map(({ type }) => type);
      expect(told.slice(0, told.indexOf("down")).filter((type) => type === "frame")).toHaveLength(101);
    });

    test("close ends all watches, and may be repeated", async () => {
      const [a, b, c] = await meet(Promise.all([join("a"), join("b"), join("c")]));
      await monitor(a, b, "b");
      await monitor(c, b, "b");
      await a.run({ type: "close", port: "failureDetector" });
      await a.run({ type: "close", port: "failureDetector" });
      await b.die();
      await c.next("down");
      await monitor(c, a, "a");
      await c.next("down");
      expect(downs(a)).toBe(0);
    });

    test("opens again under a new id", async () => {
      const [a, b] = await meet(Promise.all([join("a"), join("b")]));
      await monitor(a, b, "first");
      await b.run({ type: "close", port: "failureDetector" });
      await b.run({ type: "close", port: "transport" });
      expect((await a.next("down")).watch).toBe("first");
      await b.run({ type: "open", port: "transport", id: "b#2" });
      await b.run({ type: "open", port: "failureDetector" });
      await a.run({ type: "monitor", peer: "b#2", watch: "second" });
      if (hasCensus) expect(await a.ask({ type: "census" })).toContain("b#2");
      await b.die();
      expect(await a.next("down")).toMatchObject({ watch: "second", reason: harness.deathIsHeardAs });
      expect(downs(a)).toBe(2);
    });
  });
}
