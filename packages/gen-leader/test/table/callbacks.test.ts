import {
  acceptBehaviour,
  type BadReturnValueError,
  type Behaviour,
  type Context,
  type From,
  noreply,
  ok,
  type PeerId,
  reply,
  replyTo,
  stop,
  sync,
} from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, startTwo, until } from "../support/cluster.js";
import { createLatch } from "../support/latch.js";
import { createLog, type Log } from "../support/log.js";
import { createManualClock } from "../support/manual-clock.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

/** A leader and a follower of one behaviour, or of two. */
test("init/1: gets args, runs once on every peer, may be asynchronous", async () => {
  type Types = { args: readonly string[]; state: readonly string[]; sync: readonly string[]; calls: { items(): readonly string[] } };
  const seen: unknown[] = [];
  const behaviour: Behaviour<Types> = {
    async init(args) {
      seen.push(args);
      await Promise.resolve();
      return ok(args);
    },
    elected: (items) => sync(items, items),
    surrendered: (_items, theirs) => ok(theirs),
    handleCall: (items) => reply(items, items),
  };
  const a = await cluster.start("args", behaviour, { limits, args: ["a"] });
  const b = await cluster.start("args", behaviour, { limits, args: ["b"] });
  await agreed([a, b]);
  expect(seen).toEqual([["a"], ["b"]]);
  expect(await b.call({ type: "items" })).toEqual(["a"]);
});

test("surrendered/3: runs on followers, with the sync, the token and the leader's version, before any fromLeader", async () => {
  const order: string[] = [];
  const follows = createLog({
    surrendered(items, theirs, ctx) {
      order.push("surrendered");
      expect(items).toEqual(["mine"]);
      expect(ctx).toMatchObject({ version: 3, lost: [], deposed: false, token: ctx.election.token });
      expect(ctx.election.leader).toBe(ctx.token.leader);
      return ok(theirs);
    },
    fromLeader(items, item) {
      order.push(item);
      return ok([...items, item]);
    },
    init: () => ok(["mine"]),
  });
  const leader = await cluster.start("log", createLog({ init: () => ok(["theirs"]) }), { limits, version: 3 });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", follows, { limits, version: 4 });
  expect(await follower.leaderCall({ type: "append", item: "x" })).toBe(2);
  expect(order).toEqual(["surrendered", "x"]);
  expect(await follower.call({ type: "items" })).toEqual(["theirs", "x"]);
});

test("surrendered/3: stop ends that follower alone", async () => {
  const leader = await cluster.start("log", createLog(), { limits });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", createLog({ surrendered: (items) => stop(items, "never") }), { limits });
  expect(await follower.exited).toEqual({ reason: "never" });
  expect(await leader.leaderCall({ type: "append", item: "x" })).toBe(1);
});

test("from_leader/3: runs on followers only, in order, with a copy of the message and the leader's version", async () => {
  const heard: unknown[] = [];
  const message = { nested: { list: [1, 2, 3] } };
  type Types = { state: null; sync: null; broadcast: typeof message; leaderCalls: { tell(): void } };
  const behaviour = {
    init: () => ok(null),
    elected: () => sync(null, null),
    surrendered: () => ok(null),
    fromLeader(_state: null, received: typeof message, ctx: { version: number }) {
      heard.push(structuredClone(received), ctx.version);
      // Changing the copy changes nobody else's.
      received.nested.list.push(4);
      return ok(null);
    },
    handleLeaderCall: () => reply(null, undefined, { broadcast: message }),
  };
  const leader = await cluster.start<Types>("tell", behaviour, { limits, version: 9 });
  await until(leader, ({ isLeader }) => isLeader);
  const followers = await Promise.all([1, 2].map(() => cluster.start<Types>("tell", behaviour, { limits })));
  await agreed([leader, ...followers]);
  await Promise.all(followers.map((server) => server.leaderCall({ type: "tell" })));
  expect(heard).toEqual(Array.from({ length: 4 }, () => [{ nested: { list: [1, 2, 3] } }, 9]).flat());
  expect(message.nested.list).toEqual([1, 2, 3]);
});

test("from_leader/3: stop ends that follower alone", async () => {
  const { leader, follower } = await startTwo(cluster, createLog(), createLog({ fromLeader: (items, item) => stop(items, `no ${item}`) }));
  await leader.leaderCall({ type: "append", item: "x" });
  expect(await follower.exited).toEqual({ reason: "no x" });
  expect(await leader.leaderCall({ type: "append", item: "y" })).toBe(2);
});

test("handle_leader_call/4: reply, noreply and stop, each with a broadcast that is posted first; ctx.from tells the caller", async () => {
  const callers: PeerId[] = [];
  let waiting: From<number> | null = null;
  const told = createLatch();
  const behaviour = createLog({
    handleLeaderCall(items, request, ctx) {
      callers.push(ctx.from.peer);
      if (request.type === "items") return stop(items, "asked", { reply: items, broadcast: "good-bye" });
      const next = [...items, request.item];
      if (request.item !== "later") return reply(next, next.length, { broadcast: request.item });
      waiting = ctx.from;
      return noreply(next, { broadcast: request.item });
    },
    fromLeader(items, item) {
      if (item === "later") told.open();
      return ok([...items, item]);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  expect(await follower.leaderCall({ type: "append", item: "now" })).toBe(1);
  const open = follower.leaderCall({ type: "append", item: "later" });
  await told.promise;
  expect(await follower.call({ type: "items" })).toEqual(["now", "later"]);
  if (waiting !== null) replyTo(waiting, 77);
  expect(await open).toBe(77);
  expect(await follower.leaderCall({ type: "items" })).toEqual(["now", "later"]);
  expect(await leader.exited).toEqual({ reason: "asked" });
  await until(follower, ({ isLeader }) => isLeader);
  expect(await follower.call({ type: "items" })).toEqual(["now", "later", "good-bye"]);
  expect(callers).toEqual([follower, follower, follower].map(({ election }) => election.self));
});

test("handle_leader_call/4: callbacks may be asynchronous, one at a time: the next message waits, the election does not", async () => {
  const running: string[] = [];
  const held = createLatch();
  const behaviour = createLog({
    async handleLeaderCall(items, request) {
      const name = request.type === "append" ? request.item : "items";
      running.push(`${name} begins`);
      if (name === "slow") await held.promise;
      running.push(`${name} ends`);
      return reply([...items, name], items.length + 1, { broadcast: name });
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  const slow = follower.leaderCall({ type: "append", item: "slow" });
  const quick = leader.leaderCall({ type: "append", item: "quick" });
  // A newcomer is not welcomed while a callback runs, but everybody knows that it is there, and nobody is deposed.
  const third = await cluster.start("log", behaviour, { limits });
  await until(leader, ({ alive }) => alive.length === 3);
  expect(running).not.toContain("slow ends");
  held.open();
  const results = await Promise.all([slow, quick]);
  expect([...results].sort()).toEqual([1, 2]);
  expect(running.filter((line) => line.endsWith("begins"))).toHaveLength(2);
  for (let index = 0; index < running.length; index += 2) expect(running[index + 1]).toBe(running[index]?.replace("begins", "ends"));
  await agreed([leader, follower, third]);
});

test("handle_leader_call/4: what a callback returns after its tenure is discarded; its signal has aborted", async () => {
  const held = createLatch();
  const begun = createLatch<AbortSignal>();
  const behaviour = createLog({
    async handleLeaderCall(items, request, ctx) {
      if (request.type === "append" && request.item === "slow") {
        begun.open(ctx.signal);
        await held.promise;
      }
      const item = request.type === "append" ? request.item : "";
      return request.type === "items" ? reply(items, items) : reply([...items, item], 1, { broadcast: item });
    },
  });
  const leader = await cluster.start("log", behaviour, { limits, peer: "leader" });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", behaviour, { limits });
  await agreed([leader, follower]);
  const slow = follower.leaderCall({ type: "append", item: "slow" });
  const signal = await begun.promise;
  expect(signal.aborted).toBe(false);
  // The peer goes on as an object; for the others it is dead.
  cluster.crash(leader);
  await expect(slow).rejects.toMatchObject({ code: "leader-died", outcome: "unknown" });
  await until(follower, ({ isLeader }) => isLeader);
  void leader.stop("over");
  await expect(signalAborted(signal)).resolves.toBeUndefined();
  held.open();
  await leader.exited;
  expect(await follower.leaderCall({ type: "items" })).toEqual([]);
});

function signalAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

test("handle_leader_call/4: without one, the call rejects with NotImplementedError and nobody ends", async () => {
  const { handleLeaderCall: _, handleCall: __, ...rest } = createLog();
  const { leader, follower } = await startTwo(cluster, rest);
  for (const server of [leader, follower])
    await expect(server.leaderCall({ type: "items" })).rejects.toMatchObject({ name: "NotImplementedError", code: "not-implemented" });
  await expect(follower.call({ type: "items" })).rejects.toMatchObject({ code: "not-implemented" });
  await expect(follower.call({ type: "items" }, { to: "leader" })).rejects.toMatchObject({ code: "not-implemented" });
  expect(await agreed([leader, follower])).toBe(leader);
});

test("handle_leader_cast/3: runs on the leader for casts from anywhere; ok with a broadcast, and stop", async () => {
  const { leader, follower } = await startTwo(
    cluster,
    createLog({ handleLeaderCast: (items, item) => (item === "end" ? stop(items, item) : ok([...items, item], { broadcast: item })) }),
  );
  follower.leaderCast("f");
  leader.leaderCast("l");
  await follower.leaderCall({ type: "items" });
  expect([...(await follower.call({ type: "items" }))].sort()).toEqual(["f", "l"]);
  follower.leaderCast("end");
  expect(await leader.exited).toEqual({ reason: "end" });
});

test("handle_DOWN/3: runs on the leader with the peer and the reason, sees the new view, and may broadcast or stop", async () => {
  const downs: { peer: PeerId; reason: string; alive: number; on: PeerId }[] = [];
  const behaviour = createLog({
    handleDown(items, peer, ctx) {
      downs.push({ peer, reason: ctx.reason, alive: ctx.election.alive.length, on: ctx.self });
      return downs.length === 3 ? stop(items, "lonely") : ok([...items, ctx.reason], { broadcast: ctx.reason });
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  const others = await Promise.all(["x", "y", "z"].map((peer) => cluster.start("log", behaviour, { limits, peer })));
  await agreed([leader, follower, ...others]);
  const [x, y, z] = others;
  if (x === undefined || y === undefined || z === undefined) throw new Error("three were started");
  cluster.crash(x);
  await agreed([leader, follower, y, z]);
  await y.stop();
  await agreed([leader, follower, z]);
  await follower.leaderCall({ type: "items" });
  expect(await follower.call({ type: "items" })).toEqual(["crashed", "left"]);
  cluster.crash(z);
  expect(await leader.exited).toEqual({ reason: "lonely" });
  const on = leader.election.self;
  expect(downs.slice(0, 3)).toEqual([
    { peer: x.election.self, reason: "crashed", alive: 4, on },
    { peer: y.election.self, reason: "left", alive: 3, on },
    { peer: z.election.self, reason: "crashed", alive: 2, on },
  ]);
});

test("handle_call/3: runs on the peer asked: this one, or the one named in `to` by name or id", async () => {
  const asked: string[] = [];
  const behaviour = createLog({
    handleCall(items, _request, ctx) {
      asked.push(`${ctx.self} by ${ctx.from.peer}`);
      return reply(items, [ctx.self]);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  const [l, f] = [leader.election.self, follower.election.self];
  expect(await follower.call({ type: "items" })).toEqual([f]);
  expect(await follower.call({ type: "items" }, { to: "follower" })).toEqual([f]);
  expect(await follower.call({ type: "items" }, { to: "leader" })).toEqual([l]);
  expect(await leader.call({ type: "items" }, { to: f })).toEqual([f]);
  expect(asked).toEqual([`${f} by ${f}`, `${f} by ${f}`, `${l} by ${f}`, `${f} by ${l}`]);
});

test("handle_cast/2: runs on the peer that is cast to; ok and stop", async () => {
  const got: string[] = [];
  const behaviour = createLog({
    handleCast(items, message, ctx) {
      got.push(`${ctx.election.isLeader ? "leader" : "follower"} ${message}`);
      return message === "end" ? stop(items, message) : ok(items);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  follower.cast("1");
  follower.cast("2", { to: "leader" });
  await leader.call({ type: "items" });
  leader.cast("3", { to: follower.election.self });
  leader.cast("end", { to: "follower" });
  expect(await follower.exited).toEqual({ reason: "end" });
  expect(got).toEqual(["follower 1", "leader 2", "follower 3", "follower end"]);
  leader.cast("nobody", { to: "follower" });
});

test("handle_info/2: gets everything else that its own realm hands in, whatever that is", async () => {
  const got: unknown[] = [];
  const behaviour = createLog({
    handleInfo(items, message) {
      got.push(message);
      return message === "end" ? stop(items, "ended") : ok(items);
    },
  });
  const { leader, follower } = await startTwo(cluster, behaviour);
  const uncloneable = { run: () => {} };
  follower.info(uncloneable);
  follower.info("end");
  expect(await follower.exited).toEqual({ reason: "ended" });
  expect(got[0]).toBe(uncloneable);
  expect(got).toHaveLength(2);
  expect(leader.election.isLeader).toBe(true);
});

test("handle_cast/2: those that are left out ignore what they are sent", async () => {
  const { fromLeader: _, handleLeaderCast: __, ...rest } = createLog();
  const { leader, follower } = await startTwo(cluster, rest);
  follower.cast("x");
  follower.info("x");
  follower.leaderCast("x");
  await leader.leaderCall({ type: "append", item: "x" });
  cluster.crash(follower);
  await agreed([leader]);
  expect(await leader.leaderCall({ type: "items" })).toEqual(["x"]);
});

test("terminate/2: runs last, once, with the state and the reason, after the callback that runs; what it returns or throws is ignored", async () => {
  const order: string[] = [];
  const held = createLatch();
  const begun = createLatch();
  const errors: string[] = [];
  const behaviour = createLog({
    async handleLeaderCall(items) {
      begun.open();
      await held.promise;
      order.push("handleLeaderCall");
      return reply(items, items);
    },
    terminate(items, reason) {
      order.push(`terminate ${items} ${reason}`);
      throw new Error("never mind");
    },
  });
  const logger = { debug() {}, info() {}, warn() {}, error: (message: string) => void errors.push(message) };
  const server = await cluster.start("log", behaviour, { limits, logger });
  const call = server.leaderCall({ type: "items" });
  await begun.promise;
  const stopping = server.stop("enough");
  expect(order).toEqual([]);
  held.open();
  expect(await stopping).toEqual({ reason: "enough" });
  await expect(call).rejects.toMatchObject({ code: "leader-died", outcome: "unknown" });
  expect(order).toEqual(["handleLeaderCall", "terminate  enough"]);
  expect(errors).toHaveLength(1);
  await server.stop("again");
  expect(order).toHaveLength(2);
});

test("code_change/4: sys.replaceBehaviour goes on with other callbacks, after codeChange has seen the state and the old version", async () => {
  const seen: unknown[] = [];
  const server = await cluster.start("log", createLog({ init: () => ok(["old"]) }), { limits, version: 1 });
  await until(server, ({ isLeader }) => isLeader);
  const next = createLog({
    codeChange(items, fromVersion, ctx: Context<Log>) {
      seen.push(items, fromVersion, ctx.self);
      return ok([...items, "changed"]);
    },
    handleCall: (items) => reply(items, ["new", ...items]),
  });
  await server.sys.replaceBehaviour(next, 2);
  expect(seen).toEqual([["old"], 1, server.election.self]);
  expect(await server.call({ type: "items" })).toEqual(["new", "old", "changed"]);
  // Without a codeChange the state stays; without a version, the version does.
  await server.sys.replaceBehaviour(createLog());
  expect(await server.call({ type: "items" })).toEqual(["old", "changed"]);
  await server.sys.replaceBehaviour(next);
  expect(seen.slice(3, 5)).toEqual([["old", "changed"], 2]);
});

test("code_change/4: the others read what the leader sends as of its new version, and a snapshot that is gone is not asked for", async () => {
  const versions: number[] = [];
  const leader = await cluster.start("log", createLog({ snapshot: (items) => items }), { limits, version: 1, peer: "leader" });
  await until(leader, ({ isLeader }) => isLeader);
  const hear = createLog({
    fromLeader(items, item, ctx) {
      versions.push(ctx.version);
      return ok([...items, item]);
    },
  });
  const follower = await cluster.start("log", hear, { limits });
  await agreed([leader, follower]);
  await follower.leaderCall({ type: "append", item: "1" });
  await leader.sys.replaceBehaviour(createLog(), 2);
  await follower.leaderCall({ type: "append", item: "2" });
  expect(versions).toEqual([1, 2]);
});

test("code_change/4: on hot reload acceptBehaviour hands the new module's behaviour on", async () => {
  const server = await cluster.start("log", createLog(), { limits });
  await until(server, ({ isLeader }) => isLeader);
  type Module = { readonly log: ReturnType<typeof createLog>; readonly version: number };
  const changed = createLatch<number>();
  const reload = acceptBehaviour(
    server,
    ({ log }: Module) => log,
    ({ version }) => version,
  );
  reload(undefined);
  const log = createLog({
    codeChange(items, fromVersion) {
      changed.open(fromVersion);
      return ok([...items, "reloaded"]);
    },
  });
  reload({ log, version: 5 });
  expect(await changed.promise).toBe(0);
  expect(await server.call({ type: "items" })).toEqual(["reloaded"]);
  // Nobody waits for a reload, so a server that has ended is no matter.
  await server.stop();
  reload({ log, version: 6 });
});

test("code_change/4: a bad result of codeChange ends the server", async () => {
  const server = await cluster.start("log", createLog(), { limits });
  const bad: unknown = { ...createLog(), codeChange: () => "nonsense" };
  await expect(server.sys.replaceBehaviour(asLog(bad))).rejects.toMatchObject({ code: "server-ended" });
  const reason = (await server.exited).reason as BadReturnValueError;
  expect(reason).toMatchObject({ code: "bad-return-value", callback: "codeChange", value: "nonsense" });
});

/** What a program without types may pass. */
function asLog(value: unknown): ReturnType<typeof createLog>;
function asLog(value: unknown): unknown {
  return value;
}

test("handle_leader_call/4: a callback that outlives its tenure is waited for until abandonMs, then the next runs with the state from before it", async () => {
  const clock = createManualClock();
  const elections: (readonly string[])[] = [];
  const begun = createLatch<AbortSignal>();
  const never = createLatch();
  const elected = createLatch();
  const behaviour = createLog({
    elected(items) {
      elections.push(items);
      if (elections.length === 2) elected.open();
      return sync(items, items);
    },
    async handleLeaderCall(items, request, ctx) {
      if (request.type === "items") return reply([...items, "kept"], items);
      begun.open(ctx.signal);
      await never.promise;
      return reply([...items, "discarded"], 0);
    },
  });
  const server = await cluster.start("log", behaviour, { clock, limits: { ...patient, abandonMs: 1000 } });
  await until(server, ({ isLeader }) => isLeader);
  const { epoch } = server.election;
  await server.leaderCall({ type: "items" });
  const call = server.leaderCall({ type: "append", item: "stuck" }, { timeoutMs: Infinity });
  const signal = await begun.promise;

  // Somebody robs this peer of the fence, and gives it back.
  const thief = cluster.hub.medium("log").fence;
  await thief?.open("thief#1", () => thief.release());
  thief?.steal(server.election.self);
  await expect(call).rejects.toMatchObject({ code: "leader-died", outcome: "unknown" });
  expect(signal.aborted).toBe(true);
  await until(server, ({ phase }) => phase === "contending");
  clock.advance(999);
  expect(elections).toEqual([[]]);
  clock.advance(1);
  await elected.promise;
  await until(server, ({ isLeader }) => isLeader);
  expect(elections).toEqual([[], ["kept"]]);
  expect(server.election.epoch).toBeGreaterThan(epoch);
  never.open();
  expect(await server.call({ type: "items" })).toEqual(["kept"]);
  thief?.close();
});
