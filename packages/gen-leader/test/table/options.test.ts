import {
  BadArgumentError,
  type Clock,
  createLead,
  createRealm,
  type MediumFactory,
  nameOf,
  type Server,
  type StartOptions,
  type Transport,
  UnsupportedRuntimeError,
} from "gen-leader";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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

describe("who leads", () => {
  test("role: a worker never leads, a candidate may, and candidate is the default", async () => {
    const worker = await cluster.start("log", createLog(), { limits, role: "worker", priority: 100 });
    const first = await cluster.start("log", createLog(), { limits });
    await until(first, ({ isLeader }) => isLeader);
    const second = await cluster.start("log", createLog(), { limits, role: "candidate" });
    expect(await agreed([worker, first, second])).toBe(first);
    await expect(first.stepDown({ to: worker.election.self })).rejects.toMatchObject({ code: "peer-down" });
    cluster.crash(first);
    expect(await agreed([worker, second])).toBe(second);
    cluster.crash(second);
    await until(worker, ({ leader }) => leader === null);
    expect(worker.election.phase).toBe("joining");
  });

  test("priority: the larger leads next, and never deposes", async () => {
    const first = await cluster.start("log", createLog(), { limits });
    await until(first, ({ isLeader }) => isLeader);
    const low = await cluster.start("log", createLog(), { limits, priority: 1 });
    const high = await cluster.start("log", createLog(), { limits, priority: 1.5 });
    const none = await cluster.start("log", createLog(), { limits, priority: -1 });
    expect(await agreed([first, low, high, none])).toBe(first);
    cluster.crash(first);
    expect(await agreed([low, high, none])).toBe(high);
  });

  test("prefer: of equals, the peer whose page is visible leads next", async () => {
    const tab = createPage(cluster.hub.medium);
    const first = await cluster.start("log", createLog(), { limits });
    await until(first, ({ isLeader }) => isLeader);
    // A millisecond apart: who started within one is elder by chance.
    const clock = createManualClock();
    const elder = await cluster.start("log", createLog(), { limits, clock });
    clock.advance(1);
    const page = await cluster.start("log", createLog(), { limits, prefer: "visible", medium: tab.medium, clock });
    await agreed([first, elder, page]);
    expect(first.election.candidates.at(-1)).toBe(page.election.self);
    tab.show();
    await until(elder, ({ candidates }) => candidates[0] === page.election.self);
    cluster.crash(first);
    expect(await agreed([elder, page])).toBe(page);
    await page.stop();
    expect(tab.watchers).toBe(0);
  });

  test("candidates, workers: the order of the list is the rank; roles are as listed, whatever role says", async () => {
    const lists: StartOptions<Log> = { limits, candidates: ["b", "a", "c"], workers: ["w"] };
    const a = await cluster.start("log", createLog(), { ...lists, peer: "a" });
    await until(a, ({ isLeader }) => isLeader);
    const c = await cluster.start("log", createLog(), { ...lists, peer: "c", priority: 9 });
    const b = await cluster.start("log", createLog(), { ...lists, peer: "b", role: "worker" });
    const w = await cluster.start("log", createLog(), { ...lists, peer: "w", role: "candidate" });
    expect(await agreed([a, b, c, w])).toBe(a);
    expect(a.election.candidates.map(nameOf)).toEqual(["b", "a", "c"]);
    expect(a.election.workers.map(nameOf)).toEqual(["w"]);
    cluster.crash(a);
    expect(await agreed([b, c, w])).toBe(b);
  });

  test("candidates, workers: a peer on neither list is ignored, by itself and by the others", async () => {
    const lists: StartOptions<Log> = { limits, candidates: ["a", "b"], workers: ["w"] };
    const a = await cluster.start("log", createLog(), { ...lists, peer: "a" });
    const w = await cluster.start("log", createLog(), { ...lists, peer: "w" });
    await agreed([a, w]);
    let began = false;
    const unlisted = createLog({
      init() {
        began = true;
        throw new Error("never");
      },
    });
    const itself = await cluster.start("log", unlisted, { ...lists, peer: "x" });
    expect(await itself.exited).toEqual({ reason: "ignored" });
    expect(began).toBe(false);
    // One that thinks otherwise is heard by nobody, and the count of what was dropped tells.
    const stranger = await cluster.start("log", createLog(), {
      limits: { ...limits, responseMs: 5 },
      peer: "y",
      candidates: ["y", "a", "b"],
    });
    const count = () => Math.min(...[a, w].map((server) => server.sys.statistics().dropped.foreign ?? 0));
    expect(count()).toBeGreaterThan(0);
    expect(stranger.election.isLeader).toBe(false);
    expect(await agreed([a, w])).toBe(a);
    expect(await w.leaderCall({ type: "append", item: "x" })).toBe(1);
  });

  test("candidates, workers: lists that differ are told through the logger", async () => {
    const warnings: string[] = [];
    const logger = { debug() {}, info() {}, warn: (line: string) => void warnings.push(line), error() {} };
    const a = await cluster.start("log", createLog(), { limits, logger, peer: "a", candidates: ["a", "b"] });
    await until(a, ({ isLeader }) => isLeader);
    const b = await cluster.start("log", createLog(), { limits, logger, peer: "b", candidates: ["b", "a"] });
    await agreed([a, b]);
    expect(warnings).toEqual([expect.stringContaining("b#")]);
    expect(warnings[0]).toContain("other candidates or workers");
  });
});

describe("versions and names", () => {
  test("version: what the leader was started with is ctx.version elsewhere", async () => {
    const versions: number[] = [];
    const follows = createLog({
      surrendered(_items, theirs, ctx) {
        versions.push(ctx.version);
        return { type: "ok", state: theirs };
      },
      fromLeader(items, item, ctx) {
        versions.push(ctx.version);
        return { type: "ok", state: [...items, item] };
      },
    });
    const a = await cluster.start("log", createLog(), { limits, version: 7 });
    await until(a, ({ isLeader }) => isLeader);
    const b = await cluster.start("log", follows, { limits, version: 8 });
    await b.leaderCall({ type: "append", item: "x" });
    expect(versions).toEqual([7, 7]);
    expect(new Set(a.election.members.map(({ version }) => version))).toEqual(new Set([7, 8]));
  });

  test("peer: the name in the id; left out it is random; an id is never used twice", async () => {
    const named = await cluster.start("log", createLog(), { limits, peer: "me" });
    expect(named.election.self).toMatch(/^me#\d+$/);
    const anonymous = await Promise.all([1, 2, 3].map(() => cluster.start("log", createLog(), { limits })));
    expect(new Set([named, ...anonymous].map(({ election }) => nameOf(election.self))).size).toBe(4);
    const ids = new Set<string>([named.election.self]);
    await named.stop();
    for (let round = 0; round < 20; round += 1) {
      const again = await cluster.start("log", createLog(), { limits, peer: "me" });
      expect(ids.has(again.election.self)).toBe(false);
      ids.add(again.election.self);
      await again.stop();
    }
  });
});

describe("local calls", () => {
  test('localCalls: "when-led" waits for a leader, as in Erlang; "always" serves at once, in order', async () => {
    const waits = await cluster.start("waits", createLog({ init: () => ({ type: "ok", state: ["here"] }) }), { limits, role: "worker" });
    let served = false;
    const waiting = waits.call({ type: "items" }).then(() => {
      served = true;
    });
    const eager = await cluster.start("eager", createLog({ init: () => ({ type: "ok", state: ["here"] }) }), {
      limits,
      role: "worker",
      localCalls: "always",
    });
    expect(await eager.call({ type: "items" })).toEqual(["here"]);
    expect(eager.election.leader).toBeNull();
    expect(served).toBe(false);
    await cluster.start("waits", createLog(), { limits });
    await waiting;
  });

  test('localCalls: "when-led" waits again while there is no leader in between', async () => {
    const a = await cluster.start("log", createLog(), { limits });
    await until(a, ({ isLeader }) => isLeader);
    const w = await cluster.start("log", createLog(), { limits, role: "worker" });
    await agreed([a, w]);
    cluster.crash(a);
    await until(w, ({ leader }) => leader === null);
    const order: string[] = [];
    const call = w.call({ type: "items" }).then(() => order.push("served"));
    const b = await cluster.start("log", createLog(), { limits });
    await until(w, ({ leader }) => leader !== null).then(() => order.push("led"));
    await call;
    await agreed([b, w]);
    expect(order).toEqual(["led", "served"]);
  });
});

describe("the platform", () => {
  test("medium: what a peer runs on; without one and without a default, UnsupportedRuntimeError", async () => {
    const realm = createRealm(null);
    await expect(realm.start("log", createLog())).rejects.toBeInstanceOf(UnsupportedRuntimeError);
    const server = await realm.start("log", createLog(), { limits, medium: cluster.hub.medium });
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([server, other]);
    await server.stop();
  });

  test("medium: keepAwake and keepProcessAlive are handed to it", async () => {
    const seen: unknown[] = [];
    const medium: MediumFactory = (name, options) => {
      seen.push(options);
      return cluster.hub.medium(name, options);
    };
    await cluster.start("a", createLog(), { limits, medium });
    await cluster.start("b", createLog(), { limits, medium, keepAwake: false, keepProcessAlive: true });
    expect(seen).toEqual([
      { keepAwake: true, keepProcessAlive: false },
      { keepAwake: false, keepProcessAlive: true },
    ]);
  });

  test("transport, failureDetector, fence, clock: each replaces the medium's", async () => {
    const used = new Set<string>();
    const spied = <P extends object>(name: string, port: P): P =>
      new Proxy(port, {
        get(target, key, receiver) {
          used.add(name);
          const value: unknown = Reflect.get(target, key, receiver);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    const inner = cluster.hub.medium("log");
    if (inner.fence === null) throw new Error("the memory medium has a fence");
    const ports = {
      transport: spied<Transport>("transport", inner.transport),
      failureDetector: spied("failureDetector", inner.failureDetector),
      fence: spied("fence", inner.fence),
      clock: spied<Clock>("clock", inner.clock),
    };
    const a = await cluster.start("log", createLog(), { limits, ...ports });
    const b = await cluster.start("log", createLog(), { limits });
    await agreed([a, b]);
    expect([...used].sort()).toEqual(["clock", "failureDetector", "fence", "transport"]);
  });

  test("fence: null goes without, and guarantees say what the medium promises, as data", async () => {
    const fenced = await cluster.start("fenced", createLog(), { limits });
    expect(fenced.guarantees).toMatchObject({ medium: "memory", fence: "memory", failureDetection: "perfect", census: true });
    expect(structuredClone(fenced.guarantees)).toEqual(fenced.guarantees);
    expect(fenced.guarantees.caveats.length).toBeGreaterThan(0);
    const peers = await Promise.all([1, 2, 3].map(() => cluster.start("unfenced", createLog(), { limits, fence: null })));
    const leader = await agreed(peers);
    for (const { guarantees } of peers) expect(guarantees.fence).toBe("none");
    cluster.crash(leader);
    await agreed(peers.filter((peer) => peer !== leader));
  });

  test("epoch: this peer leads under larger ones than it was told of", async () => {
    const known = Date.now() + 1_000_000;
    const server = await cluster.start("log", createLog(), { limits, epoch: known });
    await until(server, ({ isLeader }) => isLeader);
    expect(server.election.epoch).toBeGreaterThan(known);
    for (const epoch of [-1, 0.5, Number.NaN])
      await expect(cluster.start("other", createLog(), { limits, epoch })).rejects.toBeInstanceOf(BadArgumentError);
  });

  test("clock: epochs start at the wall clock and only grow", async () => {
    const clock = createManualClock();
    const first = await cluster.start("log", createLog(), { limits, clock });
    await until(first, ({ isLeader }) => isLeader);
    const { epoch } = first.election;
    expect(epoch).toBeGreaterThanOrEqual(clock.wall());
    await first.stop();
    clock.advance(10);
    const second = await cluster.start("log", createLog(), { limits, clock });
    await until(second, ({ isLeader }) => isLeader);
    expect(second.election.epoch).toBeGreaterThan(epoch);
  });

  test("clock: an epoch that is won after the machine slept is not below the wall clock, though the peer's own clock stood still", async () => {
    const clock = createManualClock();
    const first = await cluster.start("log", createLog(), { limits, clock });
    const second = await cluster.start("log", createLog(), { limits, clock });
    const leader = await agreed([first, second]);
    clock.sleep(3_600_000);
    cluster.crash(leader);
    const successor = leader === first ? second : first;
    await until(successor, ({ isLeader }) => isLeader);
    expect(successor.election.epoch).toBeGreaterThanOrEqual(clock.wall());
  });

  test("medium: a realm that is suspended leaves, and comes back as the same server under a new incarnation, with its state", async () => {
    const tab = createPage(cluster.hub.medium);
    let inits = 0;
    const back = createLatch<boolean>();
    const behaviour = createLog({
      init() {
        inits += 1;
        return { type: "ok", state: [] };
      },
      surrendered(items, theirs, ctx) {
        if (items.length > 0) back.open(ctx.deposed);
        return { type: "ok", state: theirs };
      },
    });
    const page = await cluster.start("log", behaviour, { limits, medium: tab.medium, peer: "page" });
    await until(page, ({ isLeader }) => isLeader);
    const other = await cluster.start("log", createLog(), { limits });
    await agreed([page, other]);
    await other.leaderCall({ type: "append", item: "1" });
    const before = page.election.self;
    tab.suspend();
    expect(page.election.phase).toBe("away");
    expect(page.election.isLeader).toBe(false);
    await agreed([other]);
    await other.leaderCall({ type: "append", item: "2" });
    const waiting = page.leaderCall({ type: "append", item: "3" }, { timeoutMs: Infinity });
    tab.resume();
    expect(await waiting).toBe(3);
    expect(await agreed([page, other])).toBe(other);
    expect(page.election.self).not.toBe(before);
    expect(nameOf(page.election.self)).toBe("page");
    expect(inits).toBe(1);
    expect(await back.promise).toBe(true);
    expect(await page.leaderCall({ type: "items" })).toEqual(["1", "2", "3"]);
  });
});

describe("bad options", () => {
  const bad: readonly [string, StartOptions<Log>][] = [
    ["a role that is none", { role: untyped("leader") }],
    ["workers without candidates", { workers: ["w"] }],
    ["a name twice in candidates", { candidates: ["a", "a"] }],
    ["a name on both lists", { candidates: ["a"], workers: ["a"] }],
    ["a list with an empty name", { candidates: [""] }],
    ["a peer with white space", { peer: "a b" }],
    ["a peer with a #", { peer: "a#1" }],
    ["a peer that is empty", { peer: "" }],
    ["a peer that is too long", { peer: "x".repeat(1000) }],
    ["a peer that is no string", { peer: untyped(1) }],
    ["a priority that is no number", { priority: Number.NaN }],
    ["a priority that is infinite", { priority: Infinity }],
    ["a version that is no number", { version: untyped("1") }],
    ["a namespace that is no string", { namespace: untyped(7) }],
    ["a limit of 0", { limits: { responseMs: 0 } }],
    ["a limit that is no number", { limits: { electionMs: Number.NaN } }],
    ["a suspicion that comes too late", { limits: { suspectMs: 1000, unresponsiveMs: 1500 } }],
    ["a history of nothing", { historyLimit: 0 }],
    ["an initTimeoutMs of 0", { initTimeoutMs: 0 }],
    ["a localCalls that is none", { localCalls: untyped("never") }],
    ["a debug that is none", { debug: untyped(["everything"]) }],
  ];
  test.each(bad)("options: %s is refused with BadArgumentError, before init runs", async (_, options) => {
    let began = false;
    const behaviour = createLog({
      init() {
        began = true;
        return { type: "ok", state: [] };
      },
    });
    const realm = cluster.realm();
    await expect(realm.start("log", behaviour, options)).rejects.toBeInstanceOf(BadArgumentError);
    expect(began).toBe(false);
    expect(realm.whereis("log")).toBeUndefined();
  });

  test("options: a name that is empty, or no string, is refused", async () => {
    const realm = cluster.realm();
    for (const name of ["", untyped(7)]) {
      await expect(realm.start(name, createLog())).rejects.toBeInstanceOf(BadArgumentError);
      expect(() => createLead(cluster.hub.medium)(name, () => {})).toThrow(BadArgumentError);
    }
  });

  test("options: an unknown value changes nothing for those that run", async () => {
    const server: Server<Log> = await cluster.start("log", createLog(), { limits, peer: "a" });
    await until(server, ({ isLeader }) => isLeader);
    await expect(cluster.start("log", createLog(), { peer: "a b" })).rejects.toBeInstanceOf(BadArgumentError);
    expect(server.election.isLeader).toBe(true);
  });
});

/** What a program without types may pass. */
function untyped(value: unknown): never;
function untyped(value: unknown): unknown {
  return value;
}
