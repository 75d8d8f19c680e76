/**
 * Deaths: of leaders with calls in flight, of followers, of workers in the middle of an election.
 *
 * @module
 */
import { expect } from "vitest";
import { patient } from "../../support/patience.js";
import { type Scenario, scenario } from "../scenario.js";
import { names } from "../site/peer.js";
import type { LonePeer, Site } from "../site/site.js";

/** A leader, two more candidates, a worker. */
async function startFour(site: Site): Promise<{ leader: LonePeer; rest: readonly LonePeer[]; all: readonly LonePeer[] }> {
  const leader = await site.start("a");
  await leader.until("leads", ({ view }) => view.phase === "leading");
  const rest = await Promise.all([site.start("b"), site.start("c"), site.start("w", { role: "worker" })]);
  const all = [leader, ...rest];
  await site.agreed(all);
  return { leader, rest, all };
}

export const failover: readonly Scenario[] = [
  scenario("case 15: when the leader dies, a pending leader call rejects with leader-died promptly, from every peer", async (site) => {
    const { leader, rest } = await startFour(site);
    // One that has begun and is left open, one that waits in the mailbox of a leader that is busy, for each.
    const open = rest.map((peer) => peer.leaderCall({ type: "act", act: { does: "noreply", keep: peer.name } }, { timeoutMs: Infinity }));
    await leader.until("has them", (peer) => peer.of("handleLeaderCall").length === rest.length);
    const busy = leader.leaderCall({ type: "act", act: { does: "wait", latch: "never", afterwards: { does: "reply", value: 0 } } });
    await leader.until("is busy", (peer) => peer.of("handleLeaderCall").length === rest.length + 1);
    const queued = rest.map((peer) => peer.leaderCall({ type: "append", item: `${peer.name} queued` }, { timeoutMs: Infinity }));
    const died = leader.view;
    leader.crash();
    for (const call of [...open, ...queued])
      expect(await call.ended).toMatchObject({
        type: "failure",
        code: "leader-died",
        outcome: "unknown",
        message: expect.stringContaining(died.self),
      });
    void busy;
    await site.agreed(rest);
    for (const peer of rest) {
      await peer.append(peer.name);
      expect(peer.of("handleInfo")).toEqual([]);
    }
    // Nothing of what failed was done by the successor.
    expect([...((await rest[0]?.readAll()) ?? [])].sort()).toEqual(["b", "c", "w"]);
  }),

  scenario("case 16: callers whose calls are complete never get leader-died, and the table of pending calls empties", async (site) => {
    const { leader, rest, all } = await startFour(site);
    const calls = all.flatMap((peer) =>
      Array.from({ length: 10 }, (_, index) => peer.leaderCall({ type: "append", item: `${peer.name}${index}` })),
    );
    const answered = all.map((peer) => peer.call({ type: "read" }, { to: "a" }));
    const ends = await Promise.all([...calls, ...answered].map(({ ended }) => ended));
    expect(ends.every(({ type }) => type === "value")).toBe(true);
    const gaveUp = rest.map((peer) => peer.leaderCall({ type: "act", act: { does: "noreply", keep: peer.name } }, { timeoutMs: 1 }));
    for (const call of gaveUp) expect(await call.ended).toMatchObject({ code: "call-timeout" });
    for (const peer of all) expect((await peer.statistics()).pendingCalls).toBe(0);

    leader.crash();
    const next = await site.agreed(rest);
    await next.append("after");
    for (const peer of rest) {
      expect((await peer.statistics()).pendingCalls).toBe(0);
      expect(peer.of("handleInfo", "terminate")).toEqual([]);
      // Ten appends and one read answered, each once; the new leader's own one more.
      expect(peer.of("answered")).toHaveLength(peer === next ? 12 : 11);
    }
  }),

  scenario(
    "case 17: a call sent between the leader's death and its detection rejects with leader-died, and not by timeout",
    async (site) => {
      const { leader, rest } = await startFour(site);
      leader.crash();
      // In the same breath: nobody can have noticed.
      const calls = rest.map((peer) => peer.leaderCall({ type: "append", item: peer.name }, { timeoutMs: Infinity }));
      const retried = rest.map((peer) =>
        peer.leaderCall({ type: "append", item: `${peer.name} again` }, { timeoutMs: Infinity, retry: true }),
      );
      const ends = await Promise.all(calls.map(({ ended }) => ended));
      for (const end of ends) {
        if (site.kind === "memory") expect(end).toMatchObject({ type: "failure", code: "leader-died" });
        // Over threads it may have been noticed after all, and then the successor answers.
        else if (end.type === "failure") expect(end.code).toBe("leader-died");
      }
      // Who opted into a retry is answered by the successor.
      for (const call of retried) expect((await call.ended).type).toBe("value");
      const next = await site.agreed(rest);
      const items = await next.readAll();
      for (const peer of rest) expect(items.filter((item) => item === `${peer.name} again`)).toHaveLength(1);
    },
  ),

  scenario("case 27: when a follower dies, handleDown runs on the leader only, and its broadcast reaches the others", async (site) => {
    const leader = await site.start("a", { priority: 1, plan: { handleDown: { does: "ok", broadcast: "one is gone" } } });
    await leader.until("leads", ({ view }) => view.phase === "leading");
    const plan = leader.records[0]?.payload;
    expect(plan).toEqual({ handleDown: { does: "ok", broadcast: "one is gone" } });
    const followers = [await site.start("b"), await site.start("c"), await site.start("w", { role: "worker" })];
    const [b, c, w] = followers;
    if (b === undefined || c === undefined || w === undefined) throw new Error("three were started");
    await site.agreed([leader, ...followers]);

    const crashed = c.view.self;
    c.crash();
    await site.until("both have heard", () => [b, w].every((peer) => peer.of("fromLeader").length === 1));
    await leader.until("has run it", (peer) => peer.of("handleDown").length === 1);
    expect(leader.of("handleDown")).toMatchObject([{ payload: crashed, details: { reason: "crashed" } }]);
    // The view in it is the new one: the dead one is down.
    const [{ view } = { view: null }] = leader.of("handleDown");
    expect(names(view?.alive ?? [])).toEqual(["a", "b", "w"]);
    expect(view?.down).toEqual([crashed]);
    expect(b.of("fromLeader")).toMatchObject([{ payload: "one is gone" }]);

    // Workers are covered, and who leaves in good order is told apart.
    const stopped = w.view.self;
    await w.stop();
    await leader.until("hears of it", (peer) => peer.of("handleDown").length === 2);
    await b.until("has heard", (peer) => peer.of("fromLeader").length === 2);
    expect(leader.of("handleDown").at(-1)).toMatchObject({ payload: stopped, details: { reason: "left" } });
    for (const peer of followers) expect(peer.of("handleDown")).toEqual([]);
    expect(leader.of("handleDown")).toHaveLength(2);
    expect(await leader.read()).toEqual(["one is gone", "one is gone"]);
  }),

  scenario("case 28: when the leader dies, its successor runs elected, then handleDown for the old leader", async (site) => {
    const { leader, rest } = await startFour(site);
    await leader.append("1");
    const dead = leader.view.self;
    // On a busy machine the rest may have begun apart, led by one of them until all met.
    const before = new Map(rest.map((peer) => [peer, peer.of("handleDown", "elected").length]));
    leader.crash();
    const next = await site.agreed(rest);
    await next.until("has heard of it", (peer) => peer.of("handleDown").length === 1);
    const since = next.records.slice(next.records.findIndex(({ callback }) => callback === "elected"));
    expect(since).toMatchObject([
      { callback: "elected", payload: null, state: ["1"] },
      { callback: "handleDown", payload: dead, details: { reason: "crashed" } },
    ]);
    for (const peer of rest.filter((other) => other !== next)) expect(peer.of("handleDown", "elected").slice(before.get(peer))).toEqual([]);

    // The same when it leaves in good order.
    const left = next.view.self;
    await next.stop();
    const remaining = rest.filter((peer) => peer !== next);
    const last = await site.agreed(remaining);
    await last.until("has heard of it", (peer) => peer.of("handleDown").length === 1);
    expect(last.of("handleDown")).toMatchObject([{ payload: left, details: { reason: "left" } }]);
  }),

  scenario("case 32: the death of a worker during an election is harmless", async (site) => {
    const limits = patient;
    const leader = await site.start("a", { limits, anonymous: true });
    await leader.until("leads", ({ view }) => view.phase === "leading");
    const b = await site.start("b", { limits, anonymous: true, priority: 1, traced: true });
    const c = await site.start("c", { limits, anonymous: true });
    const w = await site.start("w", { limits, anonymous: true, role: "worker" });
    const v = await site.start("v", { limits, anonymous: true, role: "worker" });
    await site.agreed([leader, b, c, w, v]);
    await leader.append("1");
    // The worker hangs, so that whoever contends waits for its acknowledgement, for ever as far as the limits go.
    await w.freeze();
    leader.crash();
    await b.until("contends", ({ view }) => view.phase === "contending");
    await b.until("has heard the others", ({ trace }) => trace.filter((step) => / acknowledge/.test(step)).length >= 2);
    expect(b.view.phase).toBe("contending");
    w.crash();
    expect(await site.agreed([b, c, v])).toBe(b);
    expect(await v.append("2")).toBe(2);
    for (const peer of [b, c, v]) expect(peer.running).toBe(true);

    // And at the same instant as the leader.
    b.crash();
    v.crash();
    expect(await site.agreed([c])).toBe(c);
    expect(await c.append("3")).toBe(3);
  }),

  scenario("case 33: an instant restart of the top-priority leader never wipes the state of the survivors", async (site) => {
    for (let round = 1; round <= 8; round += 1) {
      const server = `round ${round}`;
      const top = await site.start("top", { server, priority: 10 });
      await top.until("leads", ({ view }) => view.phase === "leading");
      const survivors = [await site.start("b", { server, priority: 5 }), await site.start("c", { server })];
      await site.agreed([top, ...survivors]);
      for (const peer of [top, ...survivors]) await peer.append(peer.name);
      await Promise.all(survivors.map((peer) => peer.readAll()));
      top.crash();
      const again = await site.start("top", { server, priority: 10, anonymous: round % 2 === 0 });
      const leader = await site.agreed([again, ...survivors]);
      expect(leader).not.toBe(again);
      for (const peer of [again, ...survivors]) expect(await peer.readAll()).toEqual(["top", "b", "c"]);
      expect(again.of("elected")).toEqual([]);
      expect(await again.append("more")).toBe(4);
      for (const peer of [again, ...survivors]) peer.crash();
    }
  }),

  scenario("case 37: leaders killed in turn carry the state along", async (site) => {
    const peers: LonePeer[] = [];
    for (const name of ["1", "2", "3", "4"]) {
      peers.push(await site.start(name, { priority: 10 - Number(name) }));
      await site.agreed(peers);
    }
    const expected: string[] = [];
    const epochs: number[] = [];
    for (const name of ["1", "2", "3", "4"]) {
      const leader = await site.agreed(peers);
      expect(leader.name).toBe(name);
      epochs.push(leader.view.epoch);
      for (const peer of peers) {
        await peer.append(`${peer.name} under ${name}`);
        expected.push(`${peer.name} under ${name}`);
      }
      expect(await leader.read()).toEqual(expected);
      if (peers.length === 1) break;
      leader.crash();
      peers.shift();
    }
    expect(epochs).toEqual([...epochs].sort((a, b) => a - b));
    expect(new Set(epochs).size).toBe(4);
    const [last] = peers;
    expect(last?.of("surrendered").flatMap(({ details }) => details.lost)).toEqual([]);
  }),
];
