import { nameOf, ok, type PeerId, reply, type Server, sync } from "gen-leader";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { createLatch } from "../support/latch.js";
import { createLog, type Log } from "../support/log.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;
const names = (ids: readonly PeerId[]) => ids.map(nameOf);

/** A leader, two candidates and a worker, in order of rank. */
async function startFour(): Promise<readonly [Server<Log>, Server<Log>, Server<Log>, Server<Log>]> {
  const a = await cluster.start("log", createLog(), { limits, peer: "a", priority: 3 });
  const b = await cluster.start("log", createLog(), { limits, peer: "b", priority: 2 });
  const c = await cluster.start("log", createLog(), { limits, peer: "c", priority: 1 });
  const w = await cluster.start("log", createLog(), { limits, peer: "w", priority: 9, role: "worker" });
  const all = [a, b, c, w] as const;
  await agreed(all);
  return all;
}

describe("queries", () => {
  test("alive/1: every peer that is up, on followers and workers as on the leader, in order of rank", async () => {
    const [a, b, c, w] = await startFour();
    for (const { election } of [a, b, c, w]) expect(names(election.alive)).toEqual(["a", "b", "c", "w"]);
    cluster.crash(b);
    await agreed([a, c, w]);
    for (const { election } of [a, c, w]) expect(names(election.alive)).toEqual(["a", "c", "w"]);
  });

  test("down/1: who went down, latest first, no peer twice, and whoever of the list is not up", async () => {
    const [a, b, c, w] = await startFour();
    for (const { election } of [a, b, c, w]) expect(election.down).toEqual([]);
    const gone = [b.election.self, w.election.self];
    cluster.crash(b);
    await agreed([a, c, w]);
    cluster.crash(w);
    await agreed([a, c]);
    for (const { election } of [a, c]) expect(election.down).toEqual([gone[1], gone[0]]);
    const again = await cluster.start("log", createLog(), { limits, peer: "b" });
    await agreed([a, c, again]);
    for (const { election } of [a, c]) expect(election.down).toEqual([gone[1]]);

    const listed = await cluster.start("listed", createLog(), { limits, peer: "x", candidates: ["y", "x", "z"] });
    await until(listed, ({ isLeader }) => isLeader);
    expect(names(listed.election.down)).toEqual(["y", "z"]);
  });

  test("candidates/1: the peers that may lead, best first", async () => {
    for (const { election } of await startFour()) expect(names(election.candidates)).toEqual(["a", "b", "c"]);
  });

  test("workers/1: the peers that may never lead", async () => {
    for (const { election } of await startFour()) expect(names(election.workers)).toEqual(["w"]);
  });

  test("leader_node/1: election.leader, isLeader, epoch and token, and null while nobody leads", async () => {
    const waiting = await cluster.start("log", createLog(), { limits, role: "worker" });
    expect(waiting.election).toMatchObject({ leader: null, isLeader: false, epoch: 0, token: null, phase: "joining" });
    await waiting.stop();
    const [a, b, c, w] = await startFour();
    const { self, epoch } = a.election;
    for (const { election } of [a, b, c, w]) expect(election).toMatchObject({ leader: self, epoch, token: { epoch, leader: self } });
    expect([a, b, c, w].map(({ election }) => election.isLeader)).toEqual([true, false, false, false]);
    expect([a, b, c, w].map(({ election }) => election.phase)).toEqual(["leading", "following", "following", "following"]);
    for (const server of [b, c]) cluster.crash(server);
    await agreed([a, w]);
    cluster.crash(a);
    await until(w, ({ leader }) => leader === null);
    // The last token stays, so that what it fenced is still refused.
    expect(w.election).toMatchObject({ isLeader: false, epoch, token: { epoch, leader: self } });
  });

  test("alive/1: inStep, members, self and applied are as true on followers", async () => {
    const all = await startFour();
    const [a, b, , w] = all;
    for (const { election } of all) {
      expect(names(election.inStep).sort()).toEqual(["a", "b", "c", "w"]);
      expect(election.members.map(({ id, role, priority }) => `${nameOf(id)} ${role} ${priority}`)).toEqual([
        "a candidate 3",
        "b candidate 2",
        "c candidate 1",
        "w worker 9",
      ]);
    }
    expect(new Set(all.map(({ election }) => election.self)).size).toBe(4);
    const before = b.election.applied;
    await b.leaderCall({ type: "append", item: "x" });
    expect(b.election.applied).toBe(before + 1);
    await w.leaderCall({ type: "items" });
    expect(w.election.applied).toBe(a.election.applied);
  });

  test("alive/1: the view is live and cannot be written to", async () => {
    const [a, b] = await startFour();
    const { election } = b;
    cluster.crash(a);
    await until(b, ({ isLeader }) => isLeader);
    expect(election.isLeader).toBe(true);
    expect(() => Object.assign(election, { leader: "me#1" })).toThrow(TypeError);
  });
});

describe("broadcast/3", () => {
  type Told = {
    readonly state: readonly string[];
    readonly sync: readonly string[];
    readonly broadcast: string;
    readonly leaderCalls: { tell(request: { readonly items: readonly string[]; readonly to?: PeerId | readonly PeerId[] }): void };
    readonly calls: { items(): readonly string[]; late(): void };
  };

  const createTold = (late: { ctx?: { broadcast(message: string): void } } = {}) => ({
    init: () => ok<readonly string[]>([]),
    elected: (items: readonly string[]) => sync(items, items),
    surrendered: (_items: readonly string[], theirs: readonly string[]) => ok(theirs),
    fromLeader: (items: readonly string[], item: string) => ok([...items, item]),
    handleLeaderCall(
      items: readonly string[],
      request: { readonly items: readonly string[]; readonly to?: PeerId | readonly PeerId[] },
      ctx: { broadcast(message: string, options?: { to?: PeerId | readonly PeerId[] }): void },
    ) {
      late.ctx = ctx;
      for (const item of request.items) ctx.broadcast(item, request.to === undefined ? {} : { to: request.to });
      return reply(items, undefined);
    },
    handleCall(items: readonly string[], request: { readonly type: "items" | "late" }, ctx: { broadcast(message: string): void }) {
      if (request.type === "late") ctx.broadcast("from a follower");
      return reply(items, request.type === "items" ? items : undefined);
    },
  });

  test("broadcast/3: ctx.broadcast reaches every follower, in order, with the broadcast field of the result after it", async () => {
    const leader = await cluster.start<Told>("told", createTold(), { limits });
    await until(leader, ({ isLeader }) => isLeader);
    const followers = await Promise.all([1, 2].map(() => cluster.start<Told>("told", createTold(), { limits })));
    await agreed([leader, ...followers]);
    for (const follower of followers) await follower.leaderCall({ type: "tell", items: ["1", "2", "3"] });
    for (const follower of followers) await follower.leaderCall({ type: "tell", items: [] });
    for (const follower of followers) expect(await follower.call({ type: "items" })).toEqual(["1", "2", "3", "1", "2", "3"]);
    expect(await leader.call({ type: "items" })).toEqual([]);
  });

  test("broadcast/3: with { to } it reaches these alone, is not numbered, and no part of what a successor catches up with", async () => {
    const leader = await cluster.start<Told>("told", createTold(), { limits });
    await until(leader, ({ isLeader }) => isLeader);
    const b = await cluster.start<Told>("told", createTold(), { limits, priority: 2 });
    const c = await cluster.start<Told>("told", createTold(), { limits, priority: 1 });
    await agreed([leader, b, c]);
    const { applied } = leader.election;
    await b.leaderCall({ type: "tell", items: ["for b"], to: b.election.self });
    await c.leaderCall({ type: "tell", items: ["for both"], to: [b.election.self, c.election.self] });
    await b.leaderCall({ type: "tell", items: ["for nobody"], to: ["nobody#1", leader.election.self] });
    await c.leaderCall({ type: "tell", items: [] });
    expect(await b.call({ type: "items" })).toEqual(["for b", "for both"]);
    expect(await c.call({ type: "items" })).toEqual(["for both"]);
    expect(leader.election.applied).toBe(applied);
  });

  test("broadcast/3: of an ended tenure, and on a follower, a counted no-op", async () => {
    const late: { ctx?: { broadcast(message: string): void } } = {};
    const leader = await cluster.start<Told>("told", createTold(late), { limits });
    await until(leader, ({ isLeader }) => isLeader);
    const follower = await cluster.start<Told>("told", createTold(), { limits });
    await agreed([leader, follower]);
    await follower.leaderCall({ type: "tell", items: ["1"] });
    await follower.call({ type: "late" });
    expect(follower.sys.statistics().dropped).toEqual({ stale: 1 });
    await leader.stepDown();
    await agreed([leader, follower]);
    expect(follower.election.isLeader).toBe(true);
    late.ctx?.broadcast("too late");
    expect(leader.sys.statistics().dropped).toMatchObject({ stale: 1 });
    await leader.leaderCall({ type: "tell", items: [] });
    expect(await leader.call({ type: "items" })).toEqual(["1"]);
    expect(await follower.call({ type: "items" })).toEqual(["1"]);
    await leader.stop();
    late.ctx?.broadcast("much too late");
  });

  test("broadcast/3: one that cannot be cloned is a fault of the callback, and ends the server", async () => {
    const leader = await cluster.start(
      "log",
      createLog({ handleLeaderCall: (items) => reply(items, 1, { broadcast: untyped(() => {}) }) }),
      {
        limits,
      },
    );
    await until(leader, ({ isLeader }) => isLeader);
    await expect(leader.leaderCall({ type: "append", item: "x" })).rejects.toMatchObject({ code: "call-failed" });
    expect((await leader.exited).reason).toMatchObject({ code: "uncloneable" });
  });
});

describe("stepDown", () => {
  test("leader_node/1: stepDown hands over to the best candidate, and resolves once it leads; no call is dropped", async () => {
    const [a, b, c, w] = await startFour();
    const all = [a, b, c, w];
    const calls = all.flatMap((server) =>
      Array.from({ length: 10 }, (_, index) => server.leaderCall({ type: "append", item: `${index}` })),
    );
    await a.stepDown();
    expect(a.election.leader).toBe(b.election.self);
    expect((await Promise.all(calls)).sort((x, y) => x - y)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
    expect(await agreed(all)).toBe(b);
    for (const server of all) expect(await server.leaderCall({ type: "items" })).toHaveLength(40);
  });

  test("leader_node/1: stepDown({ to }) names the successor, by name or id; a follower's stepDown resolves at once", async () => {
    const [a, b, c, w] = await startFour();
    const all = [a, b, c, w];
    await b.stepDown({ to: "nobody" });
    await a.stepDown({ to: "c" });
    expect(await agreed(all)).toBe(c);
    await c.stepDown({ to: b.election.self });
    expect(await agreed(all)).toBe(b);
  });

  test("leader_node/1: stepDown to who may not lead, is not up, or is nobody, rejects with PeerDownError and changes nothing", async () => {
    const [a, b, c, w] = await startFour();
    const { token } = a.election;
    for (const to of ["w", "nobody", "a"]) await expect(a.stepDown({ to })).rejects.toMatchObject({ code: "peer-down" });
    await expect(a.stepDown({ backOffMs: -1 })).rejects.toMatchObject({ code: "bad-argument" });
    expect(await agreed([a, b, c, w])).toBe(a);
    expect(a.election.token).toEqual(token);
    expect(await b.leaderCall({ type: "append", item: "x" })).toBe(1);
    const alone = await cluster.start("alone", createLog(), { limits });
    await until(alone, ({ isLeader }) => isLeader);
    await expect(alone.stepDown()).rejects.toMatchObject({ name: "NoSuccessorError", code: "no-successor" });
    expect(alone.election.isLeader).toBe(true);
  });

  test("leader_node/1: stepDown said twice is done once; to somebody else meanwhile rejects and disturbs nothing", async () => {
    const [a, b, c, w] = await startFour();
    const twice = [a.stepDown({ to: "b" }), a.stepDown()];
    await expect(a.stepDown({ to: "c" })).rejects.toMatchObject({ code: "peer-down", peer: "c" });
    await Promise.all(twice);
    expect(await agreed([a, b, c, w])).toBe(b);
  });

  test("leader_node/1: stepDown rejects if this peer leads again because its successor died", async () => {
    const [a, b, c, w] = await startFour();
    const { epoch } = a.election;
    for (const server of [c, w]) await server.stop();
    await agreed([a, b]);
    // It dies as soon as it is told to lead.
    const died = new Promise<void>((resolve) => {
      const end = b.subscribe(({ election }) => {
        if (election.phase !== "contending") return;
        queueMicrotask(() => end());
        cluster.crash(b);
        resolve();
      });
    });
    const steppingDown = a.stepDown();
    const outcome = expect(steppingDown).rejects.toMatchObject({ code: "no-successor" });
    await died;
    await outcome;
    expect(a.election.isLeader).toBe(true);
    expect(a.election.epoch).toBeGreaterThan(epoch);
  });

  test("leader_node/1: stepDown may be awaited in a callback of this peer's own", async () => {
    const done = createLatch();
    const behaviour = createLog({
      async handleInfo(items) {
        await first.stepDown();
        done.open();
        return ok(items);
      },
    });
    const first = await cluster.start("log", behaviour, { limits });
    await until(first, ({ isLeader }) => isLeader);
    const second = await cluster.start("log", createLog(), { limits });
    await agreed([first, second]);
    first.info("step down");
    await done.promise;
    expect(await agreed([first, second])).toBe(second);
  });

  test("leader_node/1: stepDown waits for the callback that runs, and calls made meanwhile go to the successor", async () => {
    const held = createLatch();
    const begun = createLatch();
    const behaviour = createLog({
      async handleLeaderCall(items, request, ctx) {
        if (request.type === "append" && request.item === "slow") {
          begun.open();
          await held.promise;
        }
        if (request.type === "items") return reply(items, items);
        const item = `${request.item} by ${nameOf(ctx.self)}`;
        return reply([...items, item], items.length + 1, { broadcast: item });
      },
    });
    const a = await cluster.start("log", behaviour, { limits, peer: "a" });
    await until(a, ({ isLeader }) => isLeader);
    const b = await cluster.start("log", behaviour, { limits, peer: "b" });
    await agreed([a, b]);
    const slow = b.leaderCall({ type: "append", item: "slow" });
    await begun.promise;
    const steppingDown = a.stepDown();
    const meanwhile = [a.leaderCall({ type: "append", item: "1" }), b.leaderCall({ type: "append", item: "2" })];
    expect(a.election.isLeader).toBe(true);
    held.open();
    await steppingDown;
    expect(await slow).toBe(1);
    await Promise.all(meanwhile);
    const items = await a.leaderCall({ type: "items" });
    expect(items[0]).toBe("slow by a");
    expect([...items.slice(1)].sort()).toEqual(["1 by b", "2 by b"]);
  });
});

/** What a program without types may broadcast. */
function untyped(value: unknown): never;
function untyped(value: unknown): unknown {
  return value;
}
