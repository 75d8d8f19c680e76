/**
 * Membership: who leads before whom, joiners, workers, and what everybody knows of everybody.
 *
 * @module
 */
import { expect } from "vitest";
import { patient, responsive } from "../../support/patience.js";
import { type Scenario, scenario } from "../scenario.js";
import { names, type Peer } from "../site/peer.js";
import type { CallbackRecord } from "../site/records.js";
import type { LonePeer } from "../site/site.js";

/** The items that came to a peer, in the order in which they came: by the sync, then one by one. */
function itemsReceived(peer: Peer): string[] {
  return peer.of("surrendered", "fromLeader").flatMap(itemsOf);
}

function itemsOf({ payload }: CallbackRecord): string[] {
  if (typeof payload === "string") return [payload];
  if (typeof payload === "object" && payload !== null && "items" in payload && Array.isArray(payload.items))
    return payload.items.map(String);
  return [];
}

export const membership: readonly Scenario[] = [
  scenario(
    "case 5: priority follows the agreed order; lists that differ are reported, and one leader is elected all the same",
    async (site) => {
      const candidates = ["c", "a", "d", "b"];
      const limits = patient;
      const started: LonePeer[] = [];
      // Whoever is first leads. The others come in an order that is neither that of the list nor that of their names.
      for (const name of ["b", "a", "d", "c"]) {
        const peer = await site.start(name, { candidates, limits });
        started.push(peer);
        await site.agreed(started);
      }
      const order: string[] = [];
      let left: readonly LonePeer[] = started;
      while (left.length > 0) {
        const leader = await site.agreed(left);
        order.push(leader.name);
        expect(names(leader.view.candidates)).toEqual(candidates.filter((name) => left.some((peer) => peer.name === name)));
        leader.crash();
        left = left.filter((peer) => peer !== leader);
      }
      expect(order).toEqual(["b", "c", "a", "d"]);

      // The same by numbers.
      const numbered: LonePeer[] = [];
      for (const [name, priority] of Object.entries({ k: 1, l: 0, m: 3, n: 2 })) {
        numbered.push(await site.start(name, { server: "numbered", priority, limits }));
        await site.agreed(numbered);
      }
      const orderByNumber: string[] = [];
      let remaining: readonly LonePeer[] = numbered;
      while (remaining.length > 0) {
        const leader = await site.agreed(remaining);
        orderByNumber.push(leader.name);
        leader.crash();
        remaining = remaining.filter((peer) => peer !== leader);
      }
      expect(orderByNumber).toEqual(["k", "m", "n", "l"]);

      // Every peer has the lists in an order of its own: the original waits for ever.
      const confused = await Promise.all(
        [
          ["x", "y", "z"],
          ["y", "z", "x"],
          ["z", "x", "y"],
        ].map((list) => site.start(list[1] ?? "", { server: "confused", candidates: list, limits: responsive })),
      );
      const first = await site.agreed(confused);
      await first.append("agreed");
      expect(confused.flatMap(({ logged }) => logged).filter((line) => line.includes("other candidates or workers"))).not.toEqual([]);
      // And it holds for the next election.
      first.crash();
      const rest = confused.filter((peer) => peer !== first);
      await (await site.agreed(rest)).append("agreed again");
      for (const peer of rest) expect(await peer.readAll()).toEqual(["agreed", "agreed again"]);
    },
  ),

  scenario("case 6: a later peer of higher priority does not depose the leader", async (site) => {
    const low = await site.start("low", { priority: 1, candidates: ["high", "low"] });
    await low.until("leads", ({ view }) => view.phase === "leading");
    const { token } = low.view;
    const high = await site.start("high", { priority: 9, candidates: ["high", "low"] });
    expect(await site.agreed([low, high])).toBe(low);
    expect(low.view.token).toEqual(token);
    expect(high.of("elected")).toHaveLength(0);
    expect(low.of("elected").filter(({ payload }) => payload === null)).toHaveLength(1);
    expect(low.of("surrendered")).toHaveLength(0);
  }),

  scenario("case 7: a late joiner gets the current state through surrendered, before any broadcast", async (site) => {
    const early = [await site.start("a"), await site.start("b")];
    const leader = await site.agreed(early);
    for (const item of ["1", "2", "3"]) await leader.append(item);
    const late = await site.start("c");
    await site.agreed([...early, late]);
    await leader.append("4");
    await late.until("has heard it", (peer) => peer.of("fromLeader").length === 1);
    expect(late.of("surrendered", "fromLeader")).toMatchObject([
      { callback: "surrendered", payload: { by: leader.view.self, items: ["1", "2", "3"] } },
      { callback: "fromLeader", payload: "4", state: ["1", "2", "3"] },
    ]);
    // A worker as well.
    const worker = await site.start("w", { role: "worker" });
    await site.agreed([...early, late, worker]);
    expect(worker.of("surrendered")).toMatchObject([{ payload: { items: ["1", "2", "3", "4"] } }]);
  }),

  scenario("case 8: elected runs exactly once for each join, and no protocol message reaches handleInfo", async (site) => {
    const first = await site.start("a");
    await first.until("leads", ({ view }) => view.phase === "leading");
    const joiners = [];
    for (const name of ["b", "c", "d"]) {
      joiners.push(await site.start(name, name === "d" ? { role: "worker" } : {}));
      await site.agreed([first, ...joiners]);
    }
    const together = await Promise.all(["e", "f", "g"].map((name) => site.start(name)));
    const all = [first, ...joiners, ...together];
    await site.agreed(all);
    await Promise.all(all.map((peer) => peer.append(peer.name)));
    const joins = first.of("elected").flatMap(({ payload }) => (typeof payload === "string" ? [payload] : []));
    expect(joins.sort()).toEqual(
      all
        .slice(1)
        .map(({ view }) => view.self)
        .sort(),
    );
    for (const peer of all) {
      expect(peer.of("handleInfo", "handleCast", "handleLeaderCast")).toEqual([]);
      expect(peer.of("surrendered")).toHaveLength(peer === first ? 0 : 1);
    }
  }),

  scenario("case 9: a broadcast that races a join is applied exactly once", async (site) => {
    const leader = await site.start("a");
    const follower = await site.start("b");
    await site.agreed([leader, follower]);
    const peers = [leader, follower];
    const expected: string[] = [];
    for (let round = 1; round <= 20; round += 1) {
      // Before, during and after: some are under way when the join arrives, some are made while it is welcomed.
      const items = Array.from({ length: 12 }, (_, index) => `${round}.${index}`);
      const begun = items.slice(0, 4).map((item, index) => (index % 2 === 0 ? leader : follower).append(item));
      const joining = site.start(`j${round}`, { role: round % 2 === 0 ? "worker" : "candidate" });
      const during = items.slice(4, 8).map((item, index) => (index % 2 === 0 ? leader : follower).append(item));
      const joiner = await joining;
      const after = items.slice(8).map((item, index) => (index % 2 === 0 ? leader : joiner).append(item));
      await Promise.all([...begun, ...during, ...after]);
      expected.push(...items);
      peers.push(joiner);
      const truth = await leader.read();
      await site.until(`${joiner.name} has heard everything`, () => itemsReceived(joiner).length >= truth.length);
      expect(joiner.of("surrendered")).toHaveLength(1);
      expect(itemsReceived(joiner)).toEqual(truth);
      expect(await joiner.read()).toEqual(truth);
      await joiner.stop();
      peers.pop();
      await site.agreed(peers);
    }
    expect([...(await leader.read())].sort()).toEqual(expected.sort());
    expect(await follower.readAll()).toEqual(await leader.read());
    expect(itemsReceived(follower)).toEqual(await leader.read());
  }),

  scenario("case 29: alive and down are right on followers: no peer twice, workers covered", async (site) => {
    const a = await site.start("a", { priority: 3 });
    const b = await site.start("b", { priority: 2 });
    const c = await site.start("c", { priority: 1 });
    const w = await site.start("w", { role: "worker" });
    const v = await site.start("v", { role: "worker" });
    await site.agreed([a, b, c, v, w]);
    for (const { view } of [a, b, c, v, w]) {
      expect(names(view.alive).sort()).toEqual(["a", "b", "c", "v", "w"]);
      expect(view.down).toEqual([]);
      expect(names(view.candidates)).toEqual(["a", "b", "c"]);
      expect(names(view.workers).sort()).toEqual(["v", "w"]);
    }
    const gone = [c.view.self, w.view.self];
    c.crash();
    await site.agreed([a, b, v, w]);
    w.crash();
    await site.agreed([a, b, v]);
    for (const { view } of [a, b, v]) {
      expect(names(view.alive)).toEqual(["a", "b", "v"]);
      expect(view.down).toEqual([...gone].reverse());
      expect(names(view.candidates)).toEqual(["a", "b"]);
      expect(names(view.workers)).toEqual(["v"]);
    }
    // Back under the same name: alive, and down no more.
    const again = await site.start("c", { priority: 1 });
    await site.agreed([a, b, v, again]);
    for (const { view } of [a, b, v]) {
      expect(names(view.alive)).toEqual(["a", "b", "c", "v"]);
      expect(names(view.down)).toEqual(["w"]);
    }
    // Through a change of leader: the dead one is down for all, nobody is alive and down at once.
    const former = a.view.self;
    a.crash();
    await site.agreed([b, v, again]);
    for (const { view } of [b, v, again]) {
      expect(names(view.alive)).toEqual(["b", "c", "v"]);
      expect(view.down).toContain(former);
      expect(new Set(view.down).size).toBe(view.down.length);
      expect(view.down.filter((id) => view.alive.includes(id))).toEqual([]);
    }
    // Inside the callbacks too, surrendered included: there the original still has the dead leader alive.
    const seen = [...again.of("surrendered"), ...v.of("surrendered")].filter(({ token }) => token?.leader === b.view.self);
    expect(seen).toHaveLength(2);
    for (const { view } of seen) expect(view?.alive).not.toContain(former);
  }),

  scenario("case 30: a worker is never elected; it surrenders, hears broadcasts, and can call the leader", async (site) => {
    const worker = await site.start("w", { role: "worker", priority: 100, anonymous: true });
    const candidate = await site.start("a", { priority: -100 });
    expect(await site.agreed([worker, candidate])).toBe(candidate);
    expect(await worker.append("1")).toBe(1);
    expect(await worker.leaderCall({ type: "read" }).value).toEqual(["1"]);
    expect(worker.of("surrendered", "fromLeader").map(({ callback }) => callback)).toEqual(["surrendered", "fromLeader"]);

    // It does not lead even if nobody else is left; it waits for a candidate, and keeps what it has.
    candidate.crash();
    await worker.until("has lost its leader", ({ view }) => view.leader === null);
    const next = await site.start("b", { priority: -200 });
    expect(await site.agreed([worker, next])).toBe(next);
    expect(worker.of("elected")).toHaveLength(0);
    expect(await next.read()).toEqual(["1"]);
    expect(await worker.append("2")).toBe(2);
  }),

  scenario("case 31: a worker started before, after, or on no list attaches, and attaches again right after a failover", async (site) => {
    const limits = patient;
    const before = await site.start("before", { role: "worker", limits, anonymous: true });
    const a = await site.start("a", { limits, anonymous: true });
    await site.agreed([before, a]);
    const after = await site.start("after", { role: "worker", limits, anonymous: true });
    const b = await site.start("b", { limits, anonymous: true });
    await site.agreed([before, a, after, b]);
    await a.append("1");
    a.crash();
    expect(await site.agreed([before, after, b])).toBe(b);
    await b.append("2");
    for (const worker of [before, after]) {
      expect(await worker.append(worker.name)).toBeGreaterThan(2);
      expect((await worker.read()).slice(0, 2)).toEqual(["1", "2"]);
      expect(worker.of("surrendered")).toHaveLength(2);
    }
    // With lists, a worker has to be on one.
    const lists = { server: "listed", candidates: ["c"], workers: ["x"] };
    const listed = await site.start("x", { ...lists, limits: responsive });
    const c = await site.start("c", lists);
    expect(await site.agreed([listed, c])).toBe(c);
  }),
];
