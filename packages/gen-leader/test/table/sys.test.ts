import { ok, reply, type ServerEvent, type StartOptions } from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
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

async function startLeader(options: StartOptions<Log> = {}) {
  const server = await cluster.start("log", createLog(), { limits, ...options });
  await until(server, ({ isLeader }) => isLeader);
  return server;
}

test("sys: suspend lets no message run until resume, while the election goes on", async () => {
  const heard: string[] = [];
  const leader = await startLeader();
  const follower = await cluster.start(
    "log",
    createLog({
      fromLeader(items, item) {
        heard.push(item);
        return ok([...items, item]);
      },
    }),
    { limits },
  );
  await agreed([leader, follower]);
  await follower.sys.suspend();
  await leader.leaderCall({ type: "append", item: "1" });
  const write = follower.leaderCall({ type: "append", item: "2" });
  const third = await cluster.start("log", createLog(), { limits });
  await agreed([leader, follower, third]);
  // The suspended peer knows of the newcomer, so it has what came before; and it ran nothing.
  const read = follower.call({ type: "items" });
  expect(follower.election.alive).toHaveLength(3);
  expect(heard).toEqual([]);
  follower.sys.resume();
  expect(await write).toBe(2);
  expect(heard).toEqual(["1", "2"]);
  expect(await read).toEqual(["1", "2"]);
  follower.sys.resume();
  expect(await follower.leaderCall({ type: "items" })).toEqual(["1", "2"]);
});

test("sys: suspend waits for the callback that runs", async () => {
  const held = createLatch();
  const begun = createLatch();
  const order: string[] = [];
  const server = await cluster.start(
    "log",
    createLog({
      async handleCall(items) {
        begun.open();
        await held.promise;
        order.push("callback");
        return reply(items, items);
      },
    }),
    { limits },
  );
  const call = server.call({ type: "items" });
  await begun.promise;
  const suspended = server.sys.suspend().then(() => order.push("suspended"));
  held.open();
  await suspended;
  await call;
  expect(order).toEqual(["callback", "suspended"]);
  server.sys.resume();
});

test("sys: what looks at a suspended server or changes it does not wait for resume; once resumed, it runs", async () => {
  const server = await startLeader();
  await server.sys.suspend();
  const write = server.leaderCall({ type: "append", item: "2" });
  await server.sys.suspend();
  expect(await server.sys.getState()).toEqual([]);
  expect(await server.sys.replaceState(() => ["1"])).toEqual(["1"]);
  await server.sys.replaceBehaviour(createLog({ codeChange: (items) => ok([...items, "changed"]) }), 2);
  expect(await server.sys.getState()).toEqual(["1", "changed"]);
  server.sys.resume();
  expect(await write).toBe(3);
});

test("sys: getState and replaceState see the state between two callbacks", async () => {
  const server = await startLeader();
  const first = server.leaderCall({ type: "append", item: "1" });
  const state = server.sys.getState();
  const second = server.leaderCall({ type: "append", item: "2" });
  const replaced = server.sys.replaceState((items) => [...items, "replaced"]);
  await Promise.all([first, second]);
  expect(await state).toEqual(["1"]);
  expect(await replaced).toEqual(["1", "2", "replaced"]);
  expect(await server.leaderCall({ type: "items" })).toEqual(["1", "2", "replaced"]);
  const error = new Error("no");
  await expect(
    server.sys.replaceState(() => {
      throw error;
    }),
  ).rejects.toBe(error);
  expect(await server.sys.getState()).toEqual(["1", "2", "replaced"]);
});

test("debug option: trace calls its listener for what happens from now on, until it is ended", async () => {
  const server = await startLeader();
  const events: ServerEvent[] = [];
  const end = server.sys.trace((event) => events.push(event));
  expect(events).toEqual([]);
  await server.leaderCall({ type: "append", item: "x" });
  expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(["call", "leader-call", "broadcast", "answered", "settle"]));
  for (const { at, peer, text } of events) {
    expect(at).toBeGreaterThan(0);
    expect(peer).toBe(server.election.self);
    expect(text).not.toBe("");
  }
  end();
  const { length } = events;
  await server.leaderCall({ type: "items" });
  expect(events).toHaveLength(length);
});

test('debug option: "trace" sends every step to the logger, "log" keeps the last 200, without them nothing is kept', async () => {
  const lines: string[] = [];
  const logger = { debug: (line: string) => void lines.push(line), info() {}, warn() {}, error() {} };
  const traced = await startLeader({ debug: ["trace"], logger });
  await traced.leaderCall({ type: "append", item: "x" });
  expect(lines.some((line) => line.startsWith(traced.election.self) && line.includes('"x"'))).toBe(true);
  expect(traced.sys.log()).toEqual([]);

  const quiet = await cluster.start("quiet", createLog(), { limits, logger });
  const before = lines.length;
  await quiet.leaderCall({ type: "append", item: "y" });
  expect(lines).toHaveLength(before);
  expect(quiet.sys.log()).toEqual([]);

  const logged = await cluster.start("logged", createLog(), { limits, debug: ["log", "statistics"] });
  await logged.leaderCall({ type: "append", item: "first" });
  expect(logged.sys.log().some(({ text }) => text.includes("first"))).toBe(true);
  for (let index = 0; index < 100; index += 1) await logged.leaderCall({ type: "append", item: "more" });
  expect(logged.sys.log()).toHaveLength(200);
  expect(logged.sys.log().some(({ text }) => text.includes("first"))).toBe(false);
  const { at: oldest } = logged.sys.log()[0] ?? { at: Infinity };
  expect(oldest).toBeLessThanOrEqual(logged.sys.log().at(-1)?.at ?? 0);
});

test("debug option: statistics count frames, callbacks, elections, waiting calls and what was dropped", async () => {
  const leader = await startLeader();
  const first = leader.sys.statistics();
  expect(first).toMatchObject({ elections: 1, pendingCalls: 0, dropped: {} });
  expect(first.startedAt).toBeGreaterThan(0);
  const follower = await cluster.start("log", createLog(), { limits });
  await agreed([leader, follower]);
  const before = leader.sys.statistics();
  expect(before.framesIn).toBeGreaterThan(first.framesIn);
  expect(before.framesOut).toBeGreaterThan(first.framesOut);
  await follower.leaderCall({ type: "append", item: "x" });
  const after = leader.sys.statistics();
  expect(after.callbacks).toBe(before.callbacks + 1);
  expect(after.framesIn).toBe(before.framesIn + 1);
  expect(after.framesOut).toBe(before.framesOut + 2);
  await leader.stepDown();
  await agreed([leader, follower]);
  expect(leader.sys.statistics().elections).toBe(2);
});

test("sys: after the end everything rejects, and what can be read still can", async () => {
  const server = await startLeader({ debug: ["log"] });
  await server.leaderCall({ type: "append", item: "x" });
  await server.stop("over");
  for (const attempt of [
    server.sys.getState(),
    server.sys.suspend(),
    server.sys.replaceState((items) => items),
    server.sys.replaceBehaviour(createLog()),
  ])
    await expect(attempt).rejects.toMatchObject({ code: "server-ended", cause: "over" });
  server.sys.resume();
  expect(server.sys.log().length).toBeGreaterThan(0);
  expect(server.sys.statistics().callbacks).toBeGreaterThan(0);
});

test("sys: a listener that throws harms nobody", async () => {
  const errors: unknown[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_message: string, error: unknown) => void errors.push(error) };
  const leader = await startLeader({ logger });
  const follower = await cluster.start("log", createLog(), { limits });
  await agreed([leader, follower]);
  const thrown = new Error("listener");
  leader.sys.trace(() => {
    throw thrown;
  });
  expect(await follower.leaderCall({ type: "append", item: "x" })).toBe(1);
  expect(await agreed([leader, follower])).toBe(leader);
  expect(errors).toContain(thrown);
});
