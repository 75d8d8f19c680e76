/**
 * Calls, casts and infos: replies, order, waiting without a leader.
 *
 * @module
 */
import { expect } from "vitest";
import { type Scenario, scenario } from "../scenario.js";
import type { LonePeer, Site } from "../site/site.js";

/** A leader, a follower and a worker. */
async function startThree(site: Site): Promise<{ leader: LonePeer; follower: LonePeer; worker: LonePeer; all: readonly LonePeer[] }> {
  const leader = await site.start("a");
  const follower = await site.start("b");
  const worker = await site.start("w", { role: "worker" });
  const all = [leader, follower, worker];
  await site.agreed(all);
  return { leader, follower, worker, all };
}

export const calls: readonly Scenario[] = [
  scenario("case 10: a leader call from a follower, a worker and the leader returns the same reply", async (site) => {
    const { leader, all } = await startThree(site);
    await leader.append("1");
    for (const peer of all) expect(await peer.leaderCall({ type: "read" }).value).toEqual(["1"]);
    const value = { deep: [1, new Map([["key", new Date(0)]])], missing: undefined };
    for (const peer of all) expect(await peer.leaderCall({ type: "act", act: { does: "reply", value } }).value).toEqual(value);
    expect(leader.of("handleLeaderCall")).toHaveLength(7);
    expect(leader.of("handleLeaderCall").map(({ details }) => details.from)).toEqual([
      leader.view.self,
      ...all.map(({ view }) => view.self),
      ...all.map(({ view }) => view.self),
    ]);
  }),

  scenario("case 11: a broadcast precedes the reply: the caller's own peer has applied the write when the call returns", async (site) => {
    const { leader, follower, worker, all } = await startThree(site);
    for (let round = 0; round < 50; round += 1) for (const peer of all) await peer.append(`${peer.name}${round}`);
    for (const peer of [follower, worker]) {
      // Of its own writes: heard, then answered.
      const own = peer
        .of("fromLeader", "answered")
        .filter(({ callback, payload }) => callback === "answered" || String(payload).startsWith(peer.name));
      expect(own.map(({ callback }) => callback)).toEqual(Array.from({ length: 50 }, () => ["fromLeader", "answered"]).flat());
    }
    // And a read straight after the write, made before anything else can come in between.
    for (const peer of all) {
      const writing = peer.append("last");
      const reading = writing.then(() => peer.read());
      expect((await reading).at(-1)).toBe("last");
    }
    expect(leader.of("fromLeader")).toEqual([]);
  }),

  scenario("case 12: three times forty concurrent appends give an identical order everywhere", async (site) => {
    const { leader, all } = await startThree(site);
    await Promise.all(all.flatMap((peer) => Array.from({ length: 40 }, (_, index) => peer.append(`${peer.name} ${index}`))));
    const truth = await leader.read();
    expect(truth).toHaveLength(120);
    expect(new Set(truth).size).toBe(120);
    for (const peer of all) {
      await peer.until("has heard everything", () => peer === leader || peer.of("fromLeader").length === 120);
      expect(await peer.read()).toEqual(truth);
      // Each caller's own are in the order in which it made them.
      const own = truth.filter((item) => item.startsWith(`${peer.name} `));
      expect(own).toEqual(Array.from({ length: 40 }, (_, index) => `${peer.name} ${index}`));
    }
  }),

  scenario("case 13: calls, casts and infos queued without a leader run first in, first out once one is elected", async (site) => {
    const worker = await site.start("w", { role: "worker", anonymous: true });
    const calls = [
      worker.call({ type: "read" }, { timeoutMs: Infinity }),
      worker.leaderCall({ type: "append", item: "1" }, { timeoutMs: Infinity }),
    ];
    await worker.cast({ type: "note", note: "first" });
    await worker.info("second");
    await worker.leaderCast({ type: "append", item: "2" });
    calls.push(worker.leaderCall({ type: "append", item: "3" }, { timeoutMs: Infinity }));
    await worker.leaderCast({ type: "append", item: "4" });
    await worker.cast({ type: "note", note: "third" });
    calls.push(worker.call({ type: "read" }, { timeoutMs: Infinity }));
    expect(worker.records.map(({ callback }) => callback)).toEqual(["init"]);

    const leader = await site.start("a");
    await site.agreed([worker, leader]);
    await Promise.all(calls.map(({ value }) => value));
    await leader.until("has done everything", (peer) => peer.of("handleLeaderCall", "handleLeaderCast").length === 4);
    expect(leader.of("handleLeaderCall", "handleLeaderCast").map(({ payload }) => payload)).toMatchObject([
      { item: "1" },
      { item: "2" },
      { item: "3" },
      { item: "4" },
    ]);
    const here = worker.of("surrendered", "handleCall", "handleCast", "handleInfo");
    expect(here.map(({ callback, payload }) => (callback === "surrendered" ? callback : payload))).toEqual([
      "surrendered",
      { type: "read" },
      { type: "note", note: "first" },
      "second",
      { type: "note", note: "third" },
      { type: "read" },
    ]);

    // As an option, what concerns this peer alone is served at once.
    const eager = await site.start("e", { role: "worker", anonymous: true, server: "eager", localCalls: "always" });
    expect(eager.view.leader).toBeNull();
    expect(await eager.read()).toEqual([]);
    await eager.cast({ type: "note", note: "now" });
    await eager.info("now");
    await eager.until("has been served", (peer) => peer.of("handleCall", "handleCast", "handleInfo").length === 3);
    expect(eager.view.leader).toBeNull();
  }),

  scenario("case 14: a queued call whose caller timed out or aborted is cancelled, and never runs", async (site) => {
    const worker = await site.start("w", { role: "worker", anonymous: true });
    const late = worker.leaderCall({ type: "append", item: "late" }, { timeoutMs: 1 });
    const lateHere = worker.call({ type: "act", act: { does: "reply", value: "late" } }, { timeoutMs: 1 });
    const aborted = worker.leaderCall({ type: "append", item: "aborted" }, { timeoutMs: Infinity });
    const abortedHere = worker.call({ type: "act", act: { does: "reply", value: "aborted" } }, { timeoutMs: Infinity });
    aborted.abort();
    abortedHere.abort();
    expect(await late.ended).toMatchObject({ code: "call-timeout", outcome: "not-started" });
    expect(await lateHere.ended).toMatchObject({ code: "call-timeout", outcome: "not-started" });
    expect(await aborted.ended).toMatchObject({ type: "failure", value: "aborted by the test" });
    expect(await abortedHere.ended).toMatchObject({ type: "failure", value: "aborted by the test" });

    const leader = await site.start("a", { traced: true });
    await site.agreed([worker, leader]);
    expect(await worker.append("kept")).toBe(1);
    await worker.read();
    expect(leader.of("handleLeaderCall").map(({ payload }) => payload)).toEqual([{ type: "append", item: "kept" }]);
    expect(worker.of("handleCall").map(({ payload }) => payload)).toEqual([{ type: "read" }]);

    // The same in the leader's mailbox, behind a callback that takes its time.
    const slow = leader.leaderCall({ type: "act", act: { does: "wait", latch: "slow", afterwards: { does: "reply", value: "done" } } });
    await leader.until("is busy", (peer) => peer.of("handleLeaderCall").length === 2);
    const behind = worker.leaderCall({ type: "append", item: "behind" }, { timeoutMs: Infinity });
    const own = leader.leaderCall({ type: "append", item: "own" }, { timeoutMs: Infinity });
    own.abort();
    behind.abort();
    expect(await behind.ended).toMatchObject({ type: "failure", value: "aborted by the test" });
    expect(await own.ended).toMatchObject({ type: "failure", value: "aborted by the test" });
    const next = worker.append("next");
    await leader.until("has got the cancellation", ({ trace }) => trace.some((step) => / cancel \d/.test(step)));
    await leader.release("slow");
    expect(await slow.value).toBe("done");
    expect(await next).toBe(2);
    expect(await leader.read()).toEqual(["kept", "next"]);
  }),

  scenario("case 18: a leader cast works from every peer, and never throws, even with no server", async (site) => {
    const { leader, all } = await startThree(site);
    for (const peer of all) await peer.leaderCast({ type: "append", item: peer.name });
    await leader.until("has them", (peer) => peer.of("handleLeaderCast").length === 3);
    expect([...(await leader.read())].sort()).toEqual(["a", "b", "w"]);
    for (const peer of all) expect(peer.of("handleInfo")).toEqual([]);
    for (const peer of all) await peer.stop();
    for (const peer of all) await peer.leaderCast({ type: "append", item: "too late" });
    for (const peer of all) expect(peer.of("terminate")).toHaveLength(1);
  }),

  scenario("case 19: handleLeaderCast may broadcast, and ok and stop are honoured", async (site) => {
    const { leader, follower, worker, all } = await startThree(site);
    await follower.leaderCast({ type: "act", act: { does: "ok", broadcast: "told" } });
    await Promise.all([follower, worker].map((peer) => peer.until("is told", () => peer.of("fromLeader").length === 1)));
    expect(follower.of("fromLeader")).toMatchObject([{ payload: "told" }]);
    await follower.leaderCast({ type: "act", act: { does: "ok" } });
    await leader.until("has done it", (peer) => peer.of("handleLeaderCast").length === 2);
    expect(await leader.read()).toEqual(["told"]);
    await follower.leaderCast({ type: "act", act: { does: "stop", reason: "enough", broadcast: "good-bye" } });
    expect(await leader.exited).toMatchObject({ value: "enough" });
    expect(leader.of("terminate")).toMatchObject([{ payload: "enough", state: ["told", "good-bye"] }]);
    const rest = all.filter((peer) => peer !== leader);
    expect(await site.agreed(rest)).toBe(follower);
    for (const peer of rest) expect(await peer.read()).toEqual(["told", "good-bye"]);
    for (const peer of rest) expect(peer.of("fromLeader").map(({ payload }) => payload)).toEqual(["told", "good-bye"]);
  }),

  scenario("case 20: noreply, then a delayed reply, resolves the call", async (site) => {
    const { leader, follower, all } = await startThree(site);
    for (const peer of all) {
      const open = peer.leaderCall({ type: "act", act: { does: "noreply", keep: peer.name, broadcast: peer.name } });
      await leader.until("has it", () => leader.of("handleLeaderCall").some(({ details }) => details.from === peer.view.self));
      // Others are served meanwhile.
      expect(await follower.leaderCall({ type: "read" }).value).toContain(peer.name);
      await leader.answer(peer.name, { to: peer.name });
      expect(await open.value).toEqual({ to: peer.name });
    }
    // A call to a single peer, too.
    const open = follower.call({ type: "act", act: { does: "noreply", keep: "local" } }, { to: "w" });
    const [worker] = all.filter(({ name }) => name === "w");
    await worker?.until("has it", (peer) => peer.of("handleCall").length === 1);
    await worker?.answer("local", 7);
    expect(await open.value).toBe(7);
  }),

  scenario("case 21: a duplicate reply is ignored: no crash, no stray message", async (site) => {
    const { leader, follower, all } = await startThree(site);
    for (const peer of [follower, leader]) {
      const keep = `for ${peer.name}`;
      const open = peer.leaderCall({ type: "act", act: { does: "noreply", keep } });
      await leader.until("has it", () => leader.of("handleLeaderCall").some(({ details }) => details.from === peer.view.self));
      await leader.answer(keep, "first");
      await leader.answer(keep, "second");
      expect(await open.value).toBe("first");
      await leader.answer(keep, "third");
    }
    // Answered by the result, then once more by replyTo.
    const both = follower.leaderCall({ type: "act", act: { does: "noreply", keep: "both" } });
    await leader.until("has it", () => leader.of("handleLeaderCall").length === 3);
    await leader.answer("both", 1);
    expect(await both.value).toBe(1);
    for (const peer of all) {
      await peer.append(`after ${peer.name}`);
      expect(peer.running).toBe(true);
      expect(peer.of("handleInfo", "handleCast", "terminate")).toEqual([]);
      expect(peer.of("answered").map(({ payload }) => payload)).not.toContain("second");
    }
  }),

  scenario("case 39: user messages shaped like protocol messages arrive unharmed", async (site) => {
    const { leader, follower, worker, all } = await startThree(site);
    const { token } = leader.view;
    const look = [
      { gl: 1, type: "halt", from: follower.view.self, campaign: token, position: { token: null, sequence: 0, root: null } },
      { gl: 1, type: "resign", from: leader.view.self, token, leaving: true, successor: null, backOffMs: 0 },
      { gl: 1, type: "removed", from: leader.view.self, token },
      { type: "reply", state: [], reply: 1 },
      { type: "stop", state: [], reason: "no" },
      { type: "message", payload: 1 },
      ["heartbeat", "n1"],
      ["join", "n1", 0],
      ["election"],
    ];
    for (const message of look) {
      await follower.info(message);
      await follower.cast({ type: "note", note: message });
      await follower.cast({ type: "note", note: message }, "a");
      expect(await follower.leaderCall({ type: "act", act: { does: "reply", value: message, broadcast: message } }).value).toEqual(message);
      expect(await follower.call({ type: "act", act: { does: "reply", value: message } }, { to: "w" }).value).toEqual(message);
    }
    await worker.until("has heard everything", (peer) => peer.of("fromLeader").length === look.length);
    await leader.until("has got everything", (peer) => peer.of("handleCast").length === look.length);
    await follower.until("has got everything", (peer) => peer.of("handleCast").length === look.length);
    expect(follower.of("handleInfo").map(({ payload }) => payload)).toEqual(look);
    expect(follower.of("handleCast").map(({ payload }) => payload)).toEqual(look.map((note) => ({ type: "note", note })));
    expect(leader.of("handleCast").map(({ payload }) => payload)).toEqual(look.map((note) => ({ type: "note", note })));
    expect(worker.of("fromLeader").map(({ payload }) => payload)).toEqual(look);
    expect(await site.agreed(all)).toBe(leader);
    expect(leader.view.token).toEqual(token);
    for (const peer of all) expect((await peer.statistics()).dropped).toEqual({});
  }),
];
