import { reply, type ServerStatus } from "gen-leader";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { countedTransport } from "../support/counted-transport.js";
import { createLatch } from "../support/latch.js";
import { createLog } from "../support/log.js";
import { createManualClock } from "../support/manual-clock.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

describe("stop", () => {
  test("stop: ends with a reason, `normal` by default; exited never rejects", async () => {
    const ends: unknown[] = [];
    const behaviour = createLog({ terminate: (_items, reason) => void ends.push(reason) });
    const reasons = [undefined, "shutdown", { any: "thing" }, new Error("failed"), null];
    for (const reason of reasons) {
      const server = await cluster.start("log", behaviour, { limits });
      const exit = reason === undefined ? await server.stop() : await server.stop(reason);
      expect(exit.reason).toBe(reason === undefined ? "normal" : reason);
      expect(await server.exited).toEqual(exit);
    }
    expect(ends).toEqual(["normal", ...reasons.slice(1)]);
  });

  test("stop: gives leadership up at once, without waiting for a detector", async () => {
    const leader = await cluster.start("log", createLog(), { limits });
    await until(leader, ({ isLeader }) => isLeader);
    const follower = await cluster.start("log", createLog(), { limits });
    await agreed([leader, follower]);
    const stopped = leader.stop();
    expect(leader.election.isLeader).toBe(false);
    await stopped;
    await until(follower, ({ isLeader }) => isLeader);
    expect(follower.election.down).toEqual([leader.election.self]);
  });

  test("stop: is idempotent: the first reason counts, terminate runs once", async () => {
    let ends = 0;
    const server = await cluster.start(
      "log",
      createLog({
        terminate: () => {
          ends += 1;
        },
      }),
      { limits },
    );
    const exits = await Promise.all([server.stop("first"), server.stop("second"), server.stop()]);
    expect(exits).toEqual([{ reason: "first" }, { reason: "first" }, { reason: "first" }]);
    expect(await server.stop("third")).toEqual({ reason: "first" });
    expect(ends).toBe(1);
  });

  test("stop: nothing is posted and nothing throws after it, no timer is left, and nobody hears anything", async () => {
    const clock = createManualClock();
    const transport = countedTransport(cluster.hub.medium("log").transport);
    const server = await cluster.start("log", createLog(), { limits, clock, transport });
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    const statuses: ServerStatus[] = [];
    server.subscribe((status) => statuses.push(status));
    await server.leaderCall({ type: "append", item: "x" });
    await server.stop();
    const { sent } = transport;
    const { framesIn } = server.sys.statistics();
    const { length } = statuses;
    expect(statuses.at(-1)?.running).toBe(false);
    expect(clock.scheduled).toBe(0);

    server.leaderCast("x");
    server.cast("x");
    server.cast("x", { to: other.election.self });
    server.info("x");
    for (const attempt of [
      server.leaderCall({ type: "items" }),
      server.call({ type: "items" }),
      server.call({ type: "items" }, { to: other.election.self }),
      server.stepDown(),
    ])
      await expect(attempt).rejects.toMatchObject({ name: "ServerEndedError", code: "server-ended", server: "log", cause: "normal" });
    await server.stop();
    const newcomer = await cluster.start("log", createLog(), { limits });
    await agreed([other, newcomer]);
    await newcomer.leaderCall({ type: "append", item: "y" });
    clock.advance(10 ** 9);
    expect(transport.sent).toBe(sent);
    expect(server.sys.statistics().framesIn).toBe(framesIn);
    expect(statuses).toHaveLength(length);
    expect(server.election).toMatchObject({ phase: "away", isLeader: false, leader: null });
  });

  test("stop: who waits is told: calls, a hand-over, sys", async () => {
    const held = createLatch();
    const behaviour = createLog({
      async handleCall(items) {
        await held.promise;
        return reply(items, items);
      },
    });
    const worker = await cluster.start("log", behaviour, { limits, role: "worker", localCalls: "always" });
    const waiting = [
      worker.leaderCall({ type: "items" }, { timeoutMs: Infinity }),
      worker.call({ type: "items" }, { timeoutMs: Infinity }),
      worker.call({ type: "items" }, { timeoutMs: Infinity }),
    ];
    const asked = worker.sys.getState();
    void worker.stop("over");
    held.open();
    for (const attempt of [...waiting, asked]) await expect(attempt).rejects.toMatchObject({ code: "server-ended", cause: "over" });
  });

  test("stop: from within a callback it waits for that callback", async () => {
    const order: string[] = [];
    const server = await cluster.start(
      "log",
      createLog({
        async handleInfo(items) {
          void server.stop("from within");
          await Promise.resolve();
          order.push("callback");
          return { type: "ok", state: [...items, "late"] };
        },
        terminate: (items) => void order.push(`terminate ${items.length}`),
      }),
      { limits },
    );
    await until(server, ({ isLeader }) => isLeader);
    server.info("go");
    expect(await server.exited).toEqual({ reason: "from within" });
    expect(order).toEqual(["callback", "terminate 0"]);
  });
});

describe("subscribe", () => {
  test("subscribe: calls at once with the present status, then at every change; a late subscriber misses nothing", async () => {
    const server = await cluster.start("log", createLog(), { limits });
    const early: string[] = [];
    const note = (to: string[]) => (status: ServerStatus) =>
      void to.push(`${status.election.phase} ${status.election.alive.length} ${status.running}`);
    server.subscribe(note(early));
    expect(early).toHaveLength(1);
    await until(server, ({ isLeader }) => isLeader);
    const late: string[] = [];
    server.subscribe(note(late));
    expect(late).toEqual(["leading 1 true"]);
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    expect(late.at(-1)).toBe("leading 2 true");
    expect(early.at(-1)).toBe("leading 2 true");
    await server.stop();
    expect(late.at(-1)).toBe("away 1 false");
    const after: string[] = [];
    server.subscribe(note(after));
    expect(after).toEqual(["away 1 false"]);
  });

  test("subscribe: ends one subscription, not another of the same function", async () => {
    const server = await cluster.start("log", createLog(), { limits });
    await until(server, ({ isLeader }) => isLeader);
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    const first = server.subscribe(listener);
    server.subscribe(listener);
    expect(calls).toBe(2);
    first();
    first();
    let published = -1;
    server.subscribe(() => {
      published += 1;
    });
    calls = 0;
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    expect(published).toBeGreaterThan(0);
    expect(calls).toBe(published);
    server.subscribe(listener);
    calls = 0;
    published = 0;
    await other.stop();
    await agreed([server]);
    expect(published).toBeGreaterThan(0);
    expect(calls).toBe(2 * published);
  });

  test("subscribe: tells nothing twice", async () => {
    const server = await cluster.start("log", createLog(), { limits });
    await until(server, ({ isLeader }) => isLeader);
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    let calls = -1;
    other.subscribe(() => {
      calls += 1;
    });
    for (let index = 0; index < 20; index += 1) await other.leaderCall({ type: "append", item: "x" });
    expect(calls).toBe(0);
  });

  test("subscribe: a listener that throws harms nobody, and is heard of through the logger", async () => {
    const errors: unknown[] = [];
    const logger = { debug() {}, info() {}, warn() {}, error: (_message: string, error: unknown) => void errors.push(error) };
    const server = await cluster.start("log", createLog(), { limits, logger });
    await until(server, ({ isLeader }) => isLeader);
    const thrown = new Error("listener");
    let calls = 0;
    server.subscribe(() => {
      calls += 1;
      if (calls > 1) throw thrown;
    });
    let others = 0;
    server.subscribe(() => {
      others += 1;
    });
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    expect(calls).toBeGreaterThan(1);
    expect(others).toBe(calls);
    expect(errors).toContain(thrown);
    expect(await other.leaderCall({ type: "append", item: "x" })).toBe(1);
  });
});
