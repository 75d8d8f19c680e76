import { noreply, ok, type PeerId, reply, replyTo, stop, sync } from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, startTwo, until } from "../support/cluster.js";
import { createLatch } from "../support/latch.js";
import { createLog } from "../support/log.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

test("elected/2: on winning gets null, the token and the new view, and its sync is what the others surrender to", async () => {
  const joiners: (PeerId | null)[] = [];
  const behaviour = createLog({
    elected(items, joiner, ctx) {
      joiners.push(joiner);
      expect(ctx.token).toEqual({ epoch: expect.any(Number), leader: ctx.self });
      expect(ctx.mayHaveLost).toBe(false);
      expect(ctx.signal.aborted).toBe(false);
      return sync([...items, joiner === null ? "won" : "joined"], [`from ${items.length}`]);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  expect(joiners).toEqual([null, follower.election.self]);
  expect(await leader.call({ type: "items" })).toEqual(["won", "joined"]);
  expect(await follower.call({ type: "items" })).toEqual(["from 1"]);
});

test('elected/2: sync for a joiner goes to it alone by default, and with { to: "all" } to the others through fromLeader', async () => {
  const heard: string[] = [];
  let everybody = false;
  const behaviour = createLog({
    elected: (items, joiner) => sync(items, joiner === null ? ["all"] : [`for ${joiner}`], everybody ? { to: "all" } : {}),
    fromLeader(items, message, ctx) {
      heard.push(`${ctx.self} hears ${JSON.stringify(message)}`);
      return ok(items);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  const second = await cluster.start("log", behaviour, { limits });
  await agreed([leader, follower, second]);
  expect(heard).toEqual([]);
  everybody = true;
  const third = await cluster.start("log", behaviour, { limits });
  await agreed([leader, follower, second, third]);
  await Promise.all([follower, second].map((server) => server.leaderCall({ type: "items" })));
  const message = JSON.stringify([`for ${third.election.self}`]);
  expect(heard.sort()).toEqual([follower, second].map(({ election }) => `${election.self} hears ${message}`).sort());
  expect(await third.call({ type: "items" })).toEqual([`for ${third.election.self}`]);
});

test("elected/2: what it broadcasts itself for a joiner goes to the others, and is in the joiner's sync", async () => {
  const behaviour = createLog({
    elected(items, joiner, ctx) {
      const more = joiner === null ? items : [...items, "joined"];
      if (joiner !== null) ctx.broadcast("joined");
      return sync(more, more);
    },
  });
  const leader = await cluster.start("log", behaviour, { limits });
  await until(leader, ({ isLeader }) => isLeader);
  const all = [leader];
  for (const expected of [["joined"], ["joined", "joined"]]) {
    all.push(await cluster.start("log", behaviour, { limits }));
    await agreed(all);
    for (const server of all) {
      // The reply comes after what was broadcast before it.
      await server.leaderCall({ type: "items" });
      expect(await server.call({ type: "items" })).toEqual(expected);
    }
  }
});

test("elected/2: what is broadcast while it runs for a joiner reaches the joiner after its sync", async () => {
  const begun = createLatch();
  const held = createLatch();
  let broadcast: ((item: string) => void) | undefined;
  const behaviour = createLog({
    async elected(items, joiner, ctx) {
      broadcast ??= (item) => ctx.broadcast(item);
      if (joiner !== null) {
        begun.open();
        await held.promise;
      }
      return sync(items, items);
    },
    // The leader does not hear its own broadcasts: what it appends itself is not of interest here.
    handleLeaderCall: (items) => reply(items, items),
  });
  const leader = await cluster.start("log", behaviour, { limits });
  await until(leader, ({ isLeader }) => isLeader);
  const joiner = await cluster.start("log", createLog(), { limits });
  await begun.promise;
  broadcast?.("1");
  broadcast?.("2");
  held.open();
  await agreed([leader, joiner]);
  broadcast?.("3");
  // The reply comes after what was broadcast before it.
  await joiner.leaderCall({ type: "items" });
  expect(await joiner.call({ type: "items" })).toEqual(["1", "2", "3"]);
  expect(joiner.election.applied).toBe(leader.election.applied);
});

test("elected/2: an answer does not overtake what was broadcast before it, while a joiner's sync is made and in a hand-over", async () => {
  const begun = createLatch();
  const held = createLatch();
  const asked = createLatch<() => void>();
  let joins = 0;
  const behaviour = createLog({
    async elected(items, joiner) {
      if (joiner !== null) joins += 1;
      if (joins === 2) {
        begun.open();
        await held.promise;
      }
      return sync(items, items);
    },
    handleLeaderCall(items, request, ctx) {
      if (request.type === "items") return reply(items, items);
      asked.open(() => {
        ctx.broadcast(request.item);
        replyTo(ctx.from, 1);
      });
      return noreply(items);
    },
  });
  const leader = await cluster.start("log", behaviour, { limits });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", behaviour, { limits });
  await agreed([leader, follower]);
  const write = follower.leaderCall({ type: "append", item: "1" });
  const answerIt = await asked.promise;
  const joiner = await cluster.start("log", behaviour, { limits });
  await begun.promise;
  answerIt();
  const steppingDown = leader.stepDown({ to: follower.election.self });
  held.open();
  await write;
  expect(await follower.call({ type: "items" })).toEqual(["1"]);
  await steppingDown;
  await agreed([leader, follower, joiner]);
  for (const server of [follower, joiner]) expect(await server.call({ type: "items" })).toEqual(["1"]);
});

test("elected/2: stop ends the server, another is elected", async () => {
  const doomed = createLog({ elected: (items) => stop(items, "not I") });
  const first = await cluster.start("log", doomed, { limits });
  expect(await first.exited).toEqual({ reason: "not I" });
  const second = await cluster.start("log", createLog(), { limits });
  await until(second, ({ isLeader }) => isLeader);
});
