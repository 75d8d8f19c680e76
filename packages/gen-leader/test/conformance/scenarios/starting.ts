/**
 * Starting: what `start` answers, the first election, names.
 *
 * @module
 */
import { expect } from "vitest";
import { patient } from "../../support/patience.js";
import { type Scenario, scenario } from "../scenario.js";
import type { PeerOptions } from "../site/messages.js";
import { CommandFailed } from "../site/peer.js";
import type { Failure } from "../site/records.js";
import type { Site } from "../site/site.js";

/** What `start` rejects with. */
async function refusal(site: Site, name: string, options: PeerOptions): Promise<Failure> {
  try {
    await site.start(name, options);
  } catch (error) {
    if (error instanceof CommandFailed) return error.failure;
    throw error;
  }
  throw new Error("start was not refused");
}

export const starting: readonly Scenario[] = [
  scenario("case 1: start returns before a leader exists; stop, ignore, throw and bad values of init map as in Erlang", async (site) => {
    const worker = await site.start("w", { role: "worker", anonymous: true });
    expect(worker.viewAtStart.leader).toBeNull();
    expect(worker.of("init")).toHaveLength(1);
    expect(worker.of("elected", "surrendered")).toHaveLength(0);
    const candidate = await site.start("a", { anonymous: true });
    expect(candidate.viewAtStart.phase).not.toBe("leading");
    await site.agreed([worker, candidate]);

    const stopped = await refusal(site, "b", {
      plan: { init: { does: "return", value: { type: "stop", state: null, reason: "closed" } } },
    });
    expect(stopped).toMatchObject({ code: null, value: "closed" });
    const threw = await refusal(site, "c", { plan: { init: { does: "throw", value: "broken" } } });
    expect(threw).toMatchObject({ code: null, value: "broken" });
    const rejected = await refusal(site, "d", { plan: { init: { does: "reject", value: "broken" } } });
    expect(rejected).toMatchObject({ code: null, value: "broken" });
    const bad = await refusal(site, "e", { plan: { init: { does: "return", value: ["ok", []] } } });
    expect(bad.code).toBe("bad-return-value");
    const replied = await refusal(site, "f", { plan: { init: { does: "reply", value: 1 } } });
    expect(replied.code).toBe("bad-return-value");

    const ignored = await site.start("g", { plan: { init: { does: "return", value: { type: "ignore" } } } });
    expect(await ignored.exited).toMatchObject({ value: "ignored" });
    expect(ignored.of("terminate")).toHaveLength(0);
    // On neither list: ignored without a look at init, as in the revival.
    const stranger = await site.start("h", { candidates: ["x"], workers: ["y"] });
    expect(await stranger.exited).toMatchObject({ value: "ignored" });
    expect(stranger.records).toEqual([]);
    expect(candidate.view.alive).toHaveLength(2);
  }),

  scenario("case 2: a cold start of three elects exactly one; the other two surrender to the same sync", async (site) => {
    const realms = await Promise.all(["a", "b", "c"].map((name) => site.realm(name)));
    const peers = await Promise.all(realms.map((realm) => realm.start()));
    const leader = await site.agreed(peers);
    const followers = peers.filter((peer) => peer !== leader);
    await site.until("both have surrendered", () => followers.every((peer) => peer.of("surrendered").length > 0));
    expect(leader.of("surrendered")).toHaveLength(0);
    expect(leader.of("elected").filter(({ payload }) => payload === null)).toHaveLength(1);
    for (const follower of followers) {
      expect(follower.of("elected")).toHaveLength(0);
      expect(follower.of("surrendered")).toMatchObject([{ payload: { by: leader.view.self, items: [] }, token: leader.view.token }]);
    }
  }),

  scenario("case 3: 100 simultaneous starts always end with one leader, nobody stuck, nobody crashed", async (site) => {
    const realms = await Promise.all(["a", "b", "c", "d", "e"].map((name) => site.realm(name)));
    for (let round = 1; round <= 100; round += 1) {
      const peers = await Promise.all(realms.map((realm) => realm.start({ server: `round ${round}` })));
      const leader = await site.agreed(peers);
      const won = peers.flatMap((peer) => peer.of("elected").filter(({ payload }) => payload === null));
      const tokens = won.map(({ token }) => JSON.stringify(token));
      expect(new Set(tokens).size).toBe(tokens.length);
      expect(leader.of("elected").at(-1)?.token).toEqual(leader.view.token);
      expect(peers.every(({ running }) => running)).toBe(true);
      await leader.append("works");
      await Promise.all(peers.map((peer) => peer.stop()));
    }
  }),

  scenario("case 4: a sole candidate elects itself at once", async (site) => {
    const peer = await site.start("a", { limits: patient });
    await peer.until("leads", ({ view }) => view.phase === "leading");
    expect(peer.of("elected")).toMatchObject([{ payload: null, state: [] }]);
    expect(await peer.append("x")).toBe(1);
    // On a list of one, too.
    const listed = await site.start("b", { server: "other", candidates: ["b"], limits: patient });
    await listed.until("leads", ({ view }) => view.phase === "leading");
  }),

  scenario("case 38: two named instances on the same peers are independent", async (site) => {
    const realms = await Promise.all(["a", "b", "c"].map((name) => site.realm(name)));
    const [first, second] = await Promise.all(
      ["one", "two"].map(async (server) => {
        const peers = await Promise.all(realms.map((realm) => realm.start({ server })));
        return { peers, leader: await site.agreed(peers) };
      }),
    );
    if (first === undefined || second === undefined) throw new Error("two clusters were started");
    await Promise.all(first.peers.map((peer, index) => peer.append(`one ${index}`)));
    await Promise.all(second.peers.map((peer, index) => peer.append(`two ${index}`)));
    for (const peer of first.peers) expect([...(await peer.readAll())].sort()).toEqual(["one 0", "one 1", "one 2"]);
    for (const peer of second.peers) expect([...(await peer.readAll())].sort()).toEqual(["two 0", "two 1", "two 2"]);

    // The end of one leader is nobody's business in the other cluster.
    const before = second.leader.view.token;
    await first.leader.stop();
    const left = first.peers.filter((peer) => peer !== first.leader);
    const successor = await site.agreed(left);
    await successor.append("one 3");
    await Promise.all(second.peers.map((peer) => peer.append("two 3")));
    for (const peer of second.peers) {
      expect(peer.view.token).toEqual(before);
      expect(peer.view.inStep).toHaveLength(3);
    }
    expect(second.leader.of("handleDown")).toHaveLength(0);
  }),

  scenario("case 40: calling an unknown name rejects with noproc; a second start of a name with already-started", async (site) => {
    const realm = await site.realm("a");
    const peer = await realm.start();
    await peer.until("leads", ({ view }) => view.phase === "leading");
    const unknown = await peer.call({ type: "read" }, { to: "nobody" }).ended;
    expect(unknown).toMatchObject({ type: "failure", code: "peer-down", outcome: "not-started" });

    await expect(realm.start({ peer: "b" })).rejects.toMatchObject({ failure: { code: "already-started" } });
    expect(await peer.isKnown()).toBe(true);
    expect(await peer.append("still works")).toBe(1);

    await peer.stop();
    expect(await peer.isKnown()).toBe(false);
    expect(await peer.call({ type: "read" }).ended).toMatchObject({ code: "server-ended" });
    expect(await peer.leaderCall({ type: "read" }).ended).toMatchObject({ code: "server-ended" });
    // The name is free again.
    const again = await realm.start();
    await again.until("leads", ({ view }) => view.phase === "leading");
    expect(await again.isKnown()).toBe(true);
  }),
];
