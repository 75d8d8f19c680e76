/**
 * Leaders that hang and come back, and networks that are cut and heal.
 *
 * @module
 */
import { expect } from "vitest";
import { brisk } from "../../support/patience.js";
import { type Scenario, scenario } from "../scenario.js";
import { names } from "../site/peer.js";

export const hangsAndSplits: readonly Scenario[] = [
  scenario(
    "case 34: a frozen leader steps down first when it thaws; its messages are fenced, and acknowledged writes are kept",
    async (site) => {
      const limits = brisk;
      const leader = await site.start("a", { limits });
      await leader.until("leads", ({ view }) => view.phase === "leading");
      const others = [
        await site.start("b", { limits }),
        await site.start("c", { limits }),
        await site.start("w", { limits, role: "worker" }),
      ];
      const all = [leader, ...others];
      await site.agreed(all);
      const acknowledged = ["before"];
      await leader.append("before");
      const frozen = leader.view;

      // A callback is in the middle of something, and will end with a reply and a broadcast.
      const unfinished = others.map((peer) =>
        peer.leaderCall(
          { type: "act", act: { does: "wait", latch: "late", afterwards: { does: "reply", value: "late", broadcast: "late" } } },
          { timeoutMs: Infinity },
        ),
      );
      await leader.until("is in the middle of it", (peer) => peer.of("handleLeaderCall").length === 2);
      await leader.freeze();
      // What its own user asks of it now is heard when it thaws, and must not be answered under the old token.
      const own = leader.leaderCall({ type: "append", item: "own" }, { timeoutMs: Infinity });
      const ownBroadcast = leader.leaderCall(
        { type: "act", act: { does: "reply", value: "stale", broadcast: "stale" } },
        { timeoutMs: Infinity },
      );
      // Somebody needs it: that is how it is found out.
      const waiting = others.map((peer) => peer.leaderCall({ type: "append", item: `${peer.name} waits` }, { timeoutMs: Infinity }));
      for (const call of [...unfinished, ...waiting]) expect(await call.ended).toMatchObject({ type: "failure", code: "leader-died" });
      const successor = await site.agreed(others);
      expect(successor.view.epoch).toBeGreaterThan(frozen.epoch);
      for (const peer of others) {
        await peer.append(peer.name);
        acknowledged.push(peer.name);
      }

      leader.thaw();
      await leader.release("late");
      await site.agreed(all);
      // It did not answer as the leader that it no longer was: these went to its successor, once each.
      expect(await own.ended).toMatchObject({ type: "value" });
      expect(await ownBroadcast.ended).toMatchObject({ type: "value", value: "stale" });
      const since = leader.records.slice(
        leader.records.findIndex(({ callback, token }) => callback === "surrendered" && token?.leader === successor.view.self),
      );
      expect(since[0]).toMatchObject({ callback: "surrendered", details: { deposed: true } });
      expect(leader.of("handleLeaderCall").filter(({ token, view }) => token === null && view?.epoch === frozen.epoch)).toHaveLength(2);
      // Nobody heard a thing of the old tenure after the new one had begun.
      for (const peer of others) {
        const from = peer.records.findIndex(
          ({ callback, token }) => (callback === "surrendered" || callback === "elected") && token?.leader === successor.view.self,
        );
        const stale = peer.records.slice(from).filter(({ callback, token }) => callback === "fromLeader" && token?.leader === frozen.self);
        expect(stale).toEqual([]);
      }
      for (const peer of all) {
        const items = await peer.readAll();
        expect(items.filter((item) => acknowledged.includes(item))).toEqual(acknowledged);
        expect(items.filter((item) => item === "own" || item === "stale").sort()).toEqual(["own", "stale"]);
        expect(items.filter((item) => item.endsWith("waits") || item === "late")).toEqual([]);
      }
      for (const peer of all) expect(peer.running).toBe(true);
    },
  ),

  scenario(
    "case 35: after a split has healed there is one leader, and the losing side is told what it lost",
    async (site) => {
      const limits = brisk;
      const a = await site.start("a", { limits, priority: 4 });
      await a.until("leads", ({ view }) => view.phase === "leading");
      const b = await site.start("b", { limits, priority: 3 });
      const c = await site.start("c", { limits, priority: 2 });
      const d = await site.start("d", { limits, priority: 1 });
      const all = [a, b, c, d];
      await site.agreed(all);
      await a.append("shared");
      await Promise.all(all.map((peer) => peer.readAll()));

      if (site.network === null) throw new Error("This site's network cannot be cut.");
      site.network.split([a.realm, b.realm], [c.realm, d.realm]);
      const left = await site.agreed([a, b]);
      const right = await site.agreed([c, d]);
      expect(left).toBe(a);
      expect(right).toBe(c);
      for (const item of ["left 1", "left 2"]) await b.append(item);
      for (const item of ["right 1", "right 2", "right 3"]) await d.append(item);
      await a.readAll();
      await c.readAll();
      const leftToken = a.view.token;
      const rightToken = c.view.token;
      expect(rightToken?.epoch).toBeGreaterThan(leftToken?.epoch ?? Infinity);

      site.network.heal();
      const leader = await site.agreed(all);
      // The later tenure stands, as its token is the larger one.
      expect(leader.view.epoch).toBeGreaterThanOrEqual(rightToken?.epoch ?? Infinity);
      const history = await leader.readAll();
      expect(history).toEqual(["shared", "right 1", "right 2", "right 3"]);
      for (const peer of all) expect(await peer.readAll()).toEqual(history);
      // Both peers of the other side hear what of theirs was lost, in order; the leader that it had also that it leads no more.
      for (const peer of [a, b]) {
        const told = peer.of("surrendered").filter(({ details }) => (details.lost ?? []).length > 0);
        expect(told).toMatchObject([{ details: { lost: ["left 1", "left 2"], deposed: peer === a } }]);
      }
      for (const peer of [c, d]) expect(peer.of("surrendered").flatMap(({ details }) => details.lost)).toEqual([]);
      // And it works.
      await a.append("healed");
      for (const peer of all) expect(await peer.readAll()).toEqual([...history, "healed"]);
    },
    { partition: true, fence: false },
  ),

  scenario(
    "case 36: a transient disconnection re-syncs, and does not change the leader",
    async (site) => {
      const limits = brisk;
      const a = await site.start("a", { limits, priority: 2 });
      await a.until("leads", ({ view }) => view.phase === "leading");
      const b = await site.start("b", { limits, priority: 1 });
      const w = await site.start("w", { limits, role: "worker" });
      const all = [a, b, w];
      await site.agreed(all);
      await a.append("before");
      await Promise.all(all.map((peer) => peer.readAll()));
      const { token } = a.view;

      if (site.network === null) throw new Error("This site's network cannot be cut.");
      // A candidate is cut off: with the fence in the leader's hands it cannot lead, so it waits.
      site.network.split([a.realm, w.realm], [b.realm]);
      await site.agreed([a, w]);
      await a.append("meanwhile");
      site.network.heal();
      expect(await site.agreed(all)).toBe(a);
      expect(a.view.token).toEqual(token);
      for (const peer of all) expect(await peer.readAll()).toEqual(["before", "meanwhile"]);
      expect(b.of("elected")).toEqual([]);
      expect(b.of("surrendered").flatMap(({ details }) => details.lost)).toEqual([]);

      // A worker is.
      site.network.split([a.realm, b.realm], [w.realm]);
      await site.agreed([a, b]);
      await a.append("again");
      site.network.heal();
      expect(await site.agreed(all)).toBe(a);
      expect(a.view.token).toEqual(token);
      for (const peer of all) expect(await peer.readAll()).toEqual(["before", "meanwhile", "again"]);
      expect(names(a.view.inStep).sort()).toEqual(["a", "b", "w"]);
    },
    { partition: true },
  ),
];
