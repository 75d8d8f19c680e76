import { type CallTimeoutError, type From, noreply, ok, PeerDownError, reply, replyTo, type Server, UncloneableError } from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { createLatch } from "../support/latch.js";
import { createLog, type Log } from "../support/log.js";
import { createManualClock } from "../support/manual-clock.js";
import { createPage } from "../support/page.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

/** A server that has no leader, for as long as it wants. */
function startWaiting(options: Parameters<typeof cluster.start<Log>>[2] = {}): Promise<Server<Log>> {
  return cluster.start("log", createLog(), { role: "worker", limits, ...options });
}

test("leader_call/3: waits for a leader; timeoutMs rejects with CallTimeoutError, whose outcome says whether it may have run", async () => {
  const clock = createManualClock();
  let handled = 0;
  const silent = createLog({
    handleLeaderCall(items) {
      handled += 1;
      return noreply(items);
    },
  });
  const worker = await startWaiting({ clock });
  const queued = worker.leaderCall({ type: "items" }, { timeoutMs: 20 });
  clock.advance(20);
  const error = { name: "CallTimeoutError", code: "call-timeout", timeoutMs: 20 } satisfies Partial<CallTimeoutError>;
  await expect(queued).rejects.toMatchObject({ ...error, outcome: "not-started" });

  const leader = await cluster.start("log", silent, { limits, clock });
  await agreed([worker, leader]);
  expect(handled).toBe(0);
  for (const server of [worker, leader]) {
    const sent = server.leaderCall({ type: "items" }, { timeoutMs: 20 });
    await until(leader, () => true);
    const seen = new Promise<void>((resolve) => {
      const end = leader.sys.trace(({ type }) => {
        if (type !== "leader-call") return;
        end();
        resolve();
      });
    });
    if (server === worker) await seen;
    clock.advance(20);
    await expect(sent).rejects.toMatchObject({ ...error, outcome: "unknown" });
  }
  expect(handled).toBe(2);
});

test("leader_call/2: the default timeout is five seconds, as in Erlang, and Infinity has none", async () => {
  const clock = createManualClock();
  const worker = await startWaiting({ clock });
  const before = clock.scheduled;
  const call = worker.leaderCall({ type: "items" });
  expect(clock.scheduled).toBe(before + 1);
  clock.advance(4999);
  expect(worker.sys.statistics().pendingCalls).toBe(1);
  clock.advance(1);
  await expect(call).rejects.toMatchObject({ code: "call-timeout", timeoutMs: 5000, outcome: "not-started" });
  const endless = worker.leaderCall({ type: "items" }, { timeoutMs: Infinity });
  expect(clock.scheduled).toBe(before);
  clock.advance(10 ** 5);
  expect(worker.sys.statistics().pendingCalls).toBe(1);
  await worker.stop("enough");
  await expect(endless).rejects.toMatchObject({ code: "server-ended", cause: "enough" });
});

test("leader_call/2: a leader that calls itself without a pause hears the others all the same", async () => {
  const leader = await cluster.start("log", createLog(), { limits });
  const follower = await cluster.start("log", createLog(), { limits });
  await agreed([leader, follower]);
  let isAnswered = false;
  const call = follower.leaderCall({ type: "items" }).then(() => {
    isAnswered = true;
  });
  let calls = 0;
  while (!isAnswered && calls < 10_000) {
    await leader.leaderCall({ type: "items" });
    calls += 1;
  }
  expect(isAnswered).toBe(true);
  await call;
});

test("call/2: a peer that calls itself without a pause hears the others all the same", async () => {
  const leader = await cluster.start("log", createLog(), { limits });
  const follower = await cluster.start("log", createLog(), { limits });
  await agreed([leader, follower]);
  let isAnswered = false;
  const call = leader.call({ type: "items" }, { to: follower.election.self }).then(() => {
    isAnswered = true;
  });
  let calls = 0;
  while (!isAnswered && calls < 10_000) {
    await follower.call({ type: "items" });
    calls += 1;
  }
  expect(isAnswered).toBe(true);
  await call;
});

test("leader_call/3: bad timeouts reject with BadArgumentError", async () => {
  const worker = await startWaiting();
  for (const timeoutMs of [0, -1, Number.NaN])
    await expect(worker.leaderCall({ type: "items" }, { timeoutMs })).rejects.toMatchObject({
      name: "BadArgumentError",
      code: "bad-argument",
    });
});

test("leader_call/3: an AbortSignal rejects with its reason; the call does not run if it has not begun", async () => {
  const handled: string[] = [];
  const behaviour = createLog({
    handleLeaderCall(items, request) {
      handled.push(request.type === "append" ? request.item : "items");
      return reply(items, 0);
    },
  });
  const worker = await startWaiting();
  const reason = new Error("changed my mind");
  const aborter = new AbortController();
  const queued = worker.leaderCall({ type: "append", item: "queued" }, { signal: aborter.signal, timeoutMs: Infinity });
  aborter.abort(reason);
  await expect(queued).rejects.toBe(reason);
  await expect(worker.leaderCall({ type: "append", item: "late" }, { signal: aborter.signal })).rejects.toBe(reason);
  const local = new AbortController();
  const own = worker.call({ type: "items" }, { signal: local.signal, timeoutMs: Infinity });
  local.abort("no");
  await expect(own).rejects.toBe("no");
  expect(worker.sys.statistics().pendingCalls).toBe(0);
  const leader = await cluster.start("log", behaviour, { limits });
  await agreed([worker, leader]);
  await worker.leaderCall({ type: "append", item: "kept" });
  expect(handled).toEqual(["kept"]);
});

test("leader_call/3: settled calls leave no listener on their signal and no timer behind", async () => {
  const clock = createManualClock();
  const leader = await cluster.start("log", createLog(), { limits, clock });
  await until(leader, ({ isLeader }) => isLeader);
  const before = clock.scheduled;
  const listeners = new Set<unknown>();
  const { signal } = new AbortController();
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.add(listener);
    add(type, listener);
  };
  signal.removeEventListener = (_type: string, listener: EventListenerOrEventListenerObject) => {
    listeners.delete(listener);
  };
  await Promise.all(Array.from({ length: 5 }, () => leader.leaderCall({ type: "items" }, { signal })));
  expect(listeners.size).toBe(0);
  expect(clock.scheduled).toBe(before);
});

test("leader_call/3: with retry a call whose leader died goes to the next, without it rejects with LeaderDiedError", async () => {
  const handled: string[] = [];
  const both = createLatch();
  const behaviour = createLog({
    handleLeaderCall(items, request, ctx) {
      const item = request.type === "append" ? request.item : "";
      handled.push(`${item} on ${ctx.self}`);
      if (handled.length === 2) both.open();
      return handled.length <= 2 ? noreply([...items, item]) : reply([...items, item], items.length + 1, { broadcast: item });
    },
  });
  const leader = await cluster.start("log", behaviour, { limits, peer: "leader" });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", behaviour, { limits, peer: "follower" });
  await agreed([leader, follower]);
  const once = follower.leaderCall({ type: "append", item: "once" });
  const again = follower.leaderCall({ type: "append", item: "again" }, { retry: true });
  await both.promise;
  const dead = leader.election;
  cluster.crash(leader);
  await expect(once).rejects.toMatchObject({
    name: "LeaderDiedError",
    code: "leader-died",
    leader: dead.self,
    token: expect.objectContaining({ leader: dead.self }),
    outcome: "unknown",
  });
  expect(await again).toBe(1);
  expect(handled).toEqual([`once on ${dead.self}`, `again on ${dead.self}`, `again on ${follower.election.self}`]);
});

test("call/3: the peer named in `to` that is not up rejects with PeerDownError, and the outcome tells whether it may have run", async () => {
  const behaviour = createLog({ handleCall: (items) => noreply(items) });
  const a = await cluster.start("log", behaviour, { limits, peer: "a" });
  const b = await cluster.start("log", behaviour, { limits, peer: "b" });
  await agreed([a, b]);
  const unknown = a.call({ type: "items" }, { to: "c" });
  await expect(unknown).rejects.toBeInstanceOf(PeerDownError);
  await expect(unknown).rejects.toMatchObject({ code: "peer-down", peer: "c", outcome: "not-started" });
  const pending = a.call({ type: "items" }, { to: "b", timeoutMs: Infinity });
  const { self } = b.election;
  cluster.crash(b);
  await expect(pending).rejects.toMatchObject({ code: "peer-down", peer: self, outcome: "unknown" });
  await agreed([a]);
  await expect(a.call({ type: "items" }, { to: self })).rejects.toMatchObject({ code: "peer-down", outcome: "not-started" });
  a.cast("nobody there", { to: "c" });
});

test("call/3: a call to another peer that times out or is aborted is taken back there", async () => {
  const clock = createManualClock();
  let asked = 0;
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const behaviour = createLog({
    async handleCall(items) {
      asked += 1;
      if (asked === 1) await held;
      return reply(items, []);
    },
  });
  const a = await cluster.start("log", behaviour, { limits, clock, peer: "a" });
  const b = await cluster.start("log", behaviour, { limits, peer: "b", debug: ["log"] });
  await agreed([a, b]);
  const first = a.call({ type: "items" }, { to: "b" });
  const second = a.call({ type: "items" }, { to: "b", timeoutMs: 10 });
  clock.advance(10);
  await expect(second).rejects.toMatchObject({ code: "call-timeout", timeoutMs: 10, outcome: "unknown" });
  const third = a.call({ type: "items" }, { to: "b" });
  await new Promise<void>((resolve) => {
    let calls = 0;
    const end = b.sys.trace(({ text }) => {
      if (/: peer-call 3/.test(text)) calls += 1;
      if (calls === 0) return;
      end();
      resolve();
    });
  });
  release();
  await first;
  await third;
  expect(asked).toBe(2);
});

test("call/3: a call to this very peer is answered though the peer is another incarnation by then", async () => {
  const page = createPage(cluster.hub.medium);
  const asked = createLatch<From<readonly string[]>>();
  const behaviour = createLog({
    handleCall(items, _request, ctx) {
      if (ctx.election.isLeader) asked.open(ctx.from);
      return ctx.election.isLeader ? noreply(items) : reply(items, ["at once"]);
    },
  });
  const server = await cluster.start("log", behaviour, { limits, medium: page.medium });
  await until(server, ({ isLeader }) => isLeader);
  const open = server.call({ type: "items" }, { timeoutMs: Infinity });
  const from = await asked.promise;
  page.suspend();
  const away = server.call({ type: "items" }, { timeoutMs: Infinity });
  const other = await cluster.start("log", createLog(), { limits });
  await agreed([other]);
  page.resume();
  await agreed([other, server]);
  replyTo(from, ["late"]);
  expect(await open).toEqual(["late"]);
  expect(await away).toEqual(["at once"]);
});

test("leader_call/3: what cannot be cloned rejects with UncloneableError before anything is sent", async () => {
  const leader = await cluster.start("log", createLog(), { limits });
  const follower = await cluster.start("log", createLog(), { limits, peer: "f" });
  const before = await agreed([leader, follower]);
  const item = untyped(() => {});
  for (const server of [leader, follower]) {
    const call = server.leaderCall({ type: "append", item });
    await expect(call).rejects.toBeInstanceOf(UncloneableError);
    await expect(call).rejects.toMatchObject({ code: "uncloneable", cause: expect.objectContaining({ name: "DataCloneError" }) });
    await expect(server.call(untyped({ type: "items", item }))).rejects.toMatchObject({ code: "uncloneable" });
    expect(() => server.leaderCast(item)).toThrow(UncloneableError);
    expect(() => server.cast(item)).toThrow(UncloneableError);
    expect(server.sys.statistics().pendingCalls).toBe(0);
  }
  expect(await agreed([leader, follower])).toBe(before);
  expect(await follower.leaderCall({ type: "append", item: "x" })).toBe(1);
});

test("leader_call/3: a reply that cannot be cloned is the callee's fault: the caller is told, the server lives", async () => {
  const behaviour = createLog({
    handleLeaderCall: (items) =>
      reply(
        items,
        untyped(() => {}),
      ),
  });
  const leader = await cluster.start("log", behaviour, { limits });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", behaviour, { limits });
  await agreed([leader, follower]);
  for (const server of [leader, follower])
    await expect(server.leaderCall({ type: "items" })).rejects.toMatchObject({
      code: "call-failed",
      message: expect.stringContaining("cannot be cloned"),
    });
  expect(await agreed([leader, follower])).toBe(leader);
});

test("leader_call/3: request and reply are copies, on the leader's own peer as well", async () => {
  const kept: unknown[] = [];
  type Types = {
    state: null;
    sync: null;
    leaderCalls: { swap(request: { list: number[] }): { list: number[] } };
    calls: { swap(request: { list: number[] }): { list: number[] } };
  };
  const answer = { list: [9] };
  const server = await cluster.start<Types>(
    "copies",
    {
      init: () => ok(null),
      elected: () => ({ type: "sync", state: null, sync: null, to: "joiner" }),
      surrendered: () => ok(null),
      handleLeaderCall(state, request) {
        kept.push(request.list);
        return reply(state, answer);
      },
      handleCall(state, request) {
        kept.push(request.list);
        return reply(state, answer);
      },
    },
    { limits },
  );
  const list = [1];
  const replies = [await server.leaderCall({ type: "swap", list }), await server.call({ type: "swap", list })];
  for (const got of replies) expect(got).toEqual(answer);
  for (const got of replies) expect(got).not.toBe(answer);
  for (const got of kept) expect(got).toEqual(list);
  for (const got of kept) expect(got).not.toBe(list);
});

test("leader_cast/2: waits for a leader, in order; never throws for want of one, nor after the end", async () => {
  const worker = await startWaiting();
  for (const item of ["1", "2", "3"]) worker.leaderCast(item);
  const leader = await cluster.start("log", createLog(), { limits });
  await agreed([worker, leader]);
  expect(await worker.leaderCall({ type: "items" })).toEqual(["1", "2", "3"]);
  await worker.stop();
  worker.leaderCast("4");
  worker.cast("4");
  worker.info("4");
  expect(await leader.leaderCall({ type: "items" })).toEqual(["1", "2", "3"]);
});

test("reply/2: answers from anywhere in the realm, once; a second answer and a late one are counted and do nothing", async () => {
  const froms: Parameters<typeof replyTo<number>>[0][] = [];
  const behaviour = createLog({
    handleLeaderCall(items, _request, ctx) {
      froms.push(ctx.from);
      return noreply(items);
    },
  });
  const leader = await cluster.start("log", behaviour, { limits, debug: ["log"] });
  await until(leader, ({ isLeader }) => isLeader);
  const answered = leader.leaderCall({ type: "append", item: "1" });
  const open = leader.leaderCall({ type: "append", item: "2" });
  const [first, second] = froms;
  if (first === undefined || second === undefined) throw new Error("two calls were made");
  expect(first.peer).toBe(leader.election.self);
  replyTo(first, 1);
  replyTo(first, 2);
  expect(await answered).toBe(1);
  const late = () => leader.sys.log().filter(({ type }) => type === "late-reply");
  expect(late()).toHaveLength(1);
  await leader.stop();
  await expect(open).rejects.toMatchObject({ code: "leader-died", outcome: "unknown" });
  replyTo(second, 3);
  expect(late()).toHaveLength(2);
  replyTo({ peer: "nobody#1", call: 1 }, 4);
});

/** What a program without types may pass. */
function untyped(value: unknown): never;
function untyped(value: unknown): unknown {
  return value;
}
