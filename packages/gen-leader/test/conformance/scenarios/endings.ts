/**
 * Callbacks that end their server: by `stop`, by a value that is none of their results, by a throw.
 *
 * @module
 */
import { expect } from "vitest";
import { patient, responsive } from "../../support/patience.js";
import { type Scenario, scenario } from "../scenario.js";
import type { Act } from "../site/acts.js";
import type { Plan } from "../site/messages.js";
import type { LonePeer, Site } from "../site/site.js";

/** A leader and two followers, the second a worker. */
async function startThree(site: Site): Promise<{ leader: LonePeer; follower: LonePeer; worker: LonePeer }> {
  const leader = await site.start("a");
  const follower = await site.start("b");
  const worker = await site.start("w", { role: "worker" });
  await site.agreed([leader, follower, worker]);
  return { leader, follower, worker };
}

/** Makes a leader do it for a call of a follower and for a call of its own; how the calls and the leader end, after the others have a new one. */
async function endLeader(site: Site, act: Act) {
  const remote = await startThree(site);
  const fromFollower = await remote.follower.leaderCall({ type: "act", act }, { timeoutMs: Infinity }).ended;
  const exit = await remote.leader.exited;
  await site.agreed([remote.follower, remote.worker]);
  await remote.worker.append("goes on");

  const alone = await site.start("c", { server: "alone" });
  await alone.until("leads", ({ view }) => view.phase === "leading");
  const fromLeader = await alone.leaderCall({ type: "act", act }, { timeoutMs: Infinity }).ended;
  const exitAlone = await alone.exited;
  return { ...remote, alone, fromFollower, fromLeader, exit, exitAlone };
}

export const endings: readonly Scenario[] = [
  scenario(
    "case 22: stop without a reply runs terminate, then ends the server; the caller is told promptly, remote or local",
    async (site) => {
      const ended = await endLeader(site, { does: "stop", reason: "enough", broadcast: "last words" });
      for (const [peer, exit] of [
        [ended.leader, ended.exit],
        [ended.alone, ended.exitAlone],
      ] as const) {
        expect(exit).toMatchObject({ value: "enough" });
        expect(peer.records.slice(-2)).toMatchObject([
          { callback: "handleLeaderCall" },
          { callback: "terminate", payload: "enough", state: ["last words"] },
        ]);
      }
      for (const end of [ended.fromFollower, ended.fromLeader])
        expect(end).toMatchObject({ type: "failure", code: "call-failed", outcome: "unknown", value: "enough" });
      expect(ended.worker.of("fromLeader").map(({ payload }) => payload)).toEqual(["last words", "goes on"]);

      // From handleCall: that peer alone ends.
      const { leader, follower } = await startThreeElsewhere(site, "local");
      expect(await leader.call({ type: "act", act: { does: "stop", reason: "enough" } }, { to: follower.name }).ended).toMatchObject({
        code: "call-failed",
        value: "enough",
      });
      expect(await follower.exited).toMatchObject({ value: "enough" });
      await leader.until("hears of it", (peer) => peer.of("handleDown").length === 1);
      expect(leader.running).toBe(true);
    },
  ),

  scenario("case 23: stop with a reply: the caller gets it, local and remote", async (site) => {
    const ended = await endLeader(site, { does: "stop", reason: "enough", reply: { last: "words" }, broadcast: "last words" });
    expect(ended.fromFollower).toEqual({ type: "value", value: { last: "words" } });
    expect(ended.fromLeader).toEqual({ type: "value", value: { last: "words" } });
    expect(ended.exit).toMatchObject({ value: "enough" });
    expect(ended.leader.of("terminate")).toMatchObject([{ payload: "enough", state: ["last words"] }]);
    expect(ended.alone.of("terminate")).toMatchObject([{ payload: "enough" }]);
    for (const peer of [ended.follower, ended.worker]) expect(peer.of("handleInfo")).toEqual([]);

    // A reply of undefined is a reply.
    const { leader, follower } = await startThreeElsewhere(site, "undefined");
    const silent = follower.leaderCall({ type: "act", act: { does: "stop", reason: "enough", reply: undefined } });
    expect(await silent.ended).toEqual({ type: "value", value: undefined });
    // And from handleCall, local and remote.
    await leader.exited;
    expect(await follower.call({ type: "act", act: { does: "stop", reason: "done", reply: 1 } }).ended).toEqual({
      type: "value",
      value: 1,
    });
    expect(await follower.exited).toMatchObject({ value: "done" });
  }),

  scenario("case 24: an unknown return stops that instance with a bad return value, and the others fail over", async (site) => {
    const values = [
      undefined,
      null,
      1,
      "ok",
      {},
      { type: "ok" },
      { type: "reply" },
      { type: "sync", state: [], sync: 0, to: "all" },
      [1, 2],
    ];
    for (const [index, value] of values.entries()) {
      const server = `return ${index}`;
      const { leader, follower, worker } = await startThreeElsewhere(site, server);
      const call = follower.leaderCall({ type: "act", act: { does: "return", value } }, { timeoutMs: Infinity });
      expect(await call.ended).toMatchObject({ type: "failure", code: "call-failed" });
      expect((await leader.exited).code).toBe("bad-return-value");
      expect(leader.of("terminate")).toMatchObject([{ payload: { code: "bad-return-value" } }]);
      expect(await site.agreed([follower, worker])).toBe(follower);
      expect(await worker.append("goes on")).toBe(1);
    }
    // Every callback of every role is held to it; only the peer that it ran on ends.
    const { leader, follower, worker } = await startThreeElsewhere(site, "others");
    const bad: Act = { does: "return", value: { type: "noreply", state: [] } };
    await worker.cast({ type: "act", act: bad });
    expect((await worker.exited).code).toBe("bad-return-value");
    expect(worker.of("terminate")).toHaveLength(1);
    const asked = follower.call({ type: "act", act: { does: "ok" } });
    expect(await asked.ended).toMatchObject({ code: "call-failed" });
    expect((await follower.exited).code).toBe("bad-return-value");
    await leader.leaderCast({ type: "act", act: bad });
    expect((await leader.exited).code).toBe("bad-return-value");
    // A follower whose fromLeader is wrong ends alone.
    const sound = await site.start("s", { server: "broadcasts" });
    const unsound = await site.start("u", { server: "broadcasts", plan: { fromLeader: bad } });
    await site.agreed([sound, unsound]);
    await sound.append("1");
    expect((await unsound.exited).code).toBe("bad-return-value");
    await sound.until("hears of it", (peer) => peer.of("handleDown").length === 1);
    expect(await sound.append("2")).toBe(2);
  }),

  scenario("case 25: a throw is an error, even of something that would have been a fine result", async (site) => {
    for (const act of [
      { does: "throw-reply", value: "thrown" },
      { does: "throw", value: "thrown" },
      { does: "reject", value: "thrown" },
    ] as const) {
      const server = `throws ${act.does}`;
      const { leader, follower, worker } = await startThreeElsewhere(site, server);
      await leader.append("kept");
      const end = await follower.leaderCall({ type: "act", act }, { timeoutMs: Infinity }).ended;
      expect(end).toMatchObject({ type: "failure", code: "call-failed", outcome: "unknown" });
      const reason = act.does === "throw-reply" ? { type: "reply", reply: "thrown" } : "thrown";
      expect((await leader.exited).message).toBe(String(typeof reason === "string" ? reason : {}));
      expect(leader.of("terminate")).toMatchObject([{ payload: reason, state: ["kept"] }]);
      await site.agreed([follower, worker]);
      expect(await follower.read()).toEqual(["kept"]);
    }
  }),

  scenario(
    "case 26: a bad return in elected, surrendered or handleDown runs terminate, and does not take the candidates down in turn",
    async (site) => {
      const bad: Act = { does: "return", value: "nonsense" };
      const limits = patient;

      // elected: everybody's is at fault, so that in the original each survivor is elected and crashes.
      const plan: Plan = { elected: bad };
      const realms = await Promise.all(["a", "b", "c"].map((name) => site.realm(name)));
      const doomed = await Promise.all(realms.map((realm) => realm.start({ anonymous: true, limits, plan })));
      await site.until("one of them has ended", () => doomed.some(({ running }) => !running));
      const [first, ...others] = doomed.filter(({ running }) => !running);
      expect(others).toEqual([]);
      expect((await first?.exited)?.code).toBe("bad-return-value");
      expect(first?.of("elected", "terminate").map(({ callback }) => callback)).toEqual(["elected", "terminate"]);
      // The others hold back. One that is sound comes, leads, and takes them in.
      const sound = await site.start("d", { anonymous: true, limits: responsive });
      const rest = doomed.filter((peer) => peer !== first);
      expect(await site.agreed([...rest, sound])).toBe(sound);
      for (const peer of rest) expect(peer.of("elected", "terminate")).toEqual([]);

      // elected for a joiner: the leader at fault ends, the joiner and the others go on.
      // surrendered: that follower ends alone.
      const leader = await site.start("e", { server: "surrendered" });
      const follower = await site.start("f", { server: "surrendered", anonymous: true, plan: { surrendered: bad } });
      expect((await follower.exited).code).toBe("bad-return-value");
      expect(follower.of("surrendered", "terminate").map(({ callback }) => callback)).toEqual(["surrendered", "terminate"]);
      const another = await site.start("g", { server: "surrendered" });
      expect(await site.agreed([leader, another])).toBe(leader);
      expect(await another.append("1")).toBe(1);

      // handleDown: everybody's is at fault, and each leader's end would be the next one's `down`.
      const chain: LonePeer[] = [];
      // Ranked by priority: within one millisecond seniority is a matter of chance.
      for (const [place, name] of ["h", "i", "j", "k"].entries()) {
        chain.push(await site.start(name, { server: "down", limits, priority: -place, plan: { handleDown: bad } }));
        await site.agreed(chain);
      }
      const [head, second, ...tail] = chain;
      head?.crash();
      expect((await second?.exited)?.code).toBe("bad-return-value");
      expect(second?.of("handleDown", "terminate").map(({ callback }) => callback)).toEqual(["handleDown", "terminate"]);
      const rescuer = await site.start("l", { server: "down", limits: responsive, anonymous: true });
      expect(await site.agreed([...tail, rescuer])).toBe(rescuer);
      for (const peer of tail) expect(peer.of("handleDown", "terminate")).toEqual([]);
    },
  ),
];

/** The same three, in a cluster of their own. */
async function startThreeElsewhere(site: Site, server: string): Promise<{ leader: LonePeer; follower: LonePeer; worker: LonePeer }> {
  const leader = await site.start("a", { server, anonymous: true });
  await leader.until("leads", ({ view }) => view.phase === "leading");
  const follower = await site.start("b", { server, anonymous: true });
  const worker = await site.start("w", { server, anonymous: true, role: "worker" });
  await site.agreed([leader, follower, worker]);
  return { leader, follower, worker };
}
