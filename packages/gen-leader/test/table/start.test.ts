import { ignore, type MediumFactory, ok, stop, type Transport } from "gen-leader";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { createLatch } from "../support/latch.js";
import { createLog } from "../support/log.js";
import { createManualClock } from "../support/manual-clock.js";
import { createPage } from "../support/page.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

describe("start/6", () => {
  test("start/6: resolves to a server once init has run, before there is a leader", async () => {
    const server = await cluster.start("log", createLog(), { role: "worker", limits });
    expect(server.name).toBe("log");
    expect(server.election.leader).toBeNull();
    expect(server.election.phase).toBe("joining");
    expect(await cluster.realm().start("other", createLog({ init: () => ignore() }))).toMatchObject({ name: "other" });
  });

  test("start/6: rejects with the very reason that init stopped with or threw, and frees the name", async () => {
    const reason = { some: "reason" };
    const realm = cluster.realm();
    await expect(realm.start("log", createLog({ init: () => stop(null, reason) }))).rejects.toBe(reason);
    await expect(realm.start("log", createLog({ init: () => Promise.reject(reason) }))).rejects.toBe(reason);
    const error = new Error("no");
    const thrown = realm.start(
      "log",
      createLog({
        init() {
          throw error;
        },
      }),
    );
    await expect(thrown).rejects.toBe(error);
    expect(realm.whereis("log")).toBeUndefined();
    const server = await realm.start("log", createLog(), { limits });
    await server.stop();
  });

  test("start/6: a name runs once in a realm and namespace: AlreadyStartedError, also while the first is starting", async () => {
    const realm = cluster.realm();
    const [first, second] = await Promise.allSettled([realm.start("log", createLog()), realm.start("log", createLog())]);
    expect(first.status).toBe("fulfilled");
    expect(second).toMatchObject({ status: "rejected", reason: { name: "AlreadyStartedError", code: "already-started", server: "log" } });
    await expect(realm.start("log", createLog())).rejects.toMatchObject({ code: "already-started" });
    const elsewhere = await realm.start("log", createLog(), { namespace: "other" });
    await elsewhere.stop();
    await realm.whereis("log")?.stop();
    const again = await realm.start("log", createLog());
    await again.stop();
  });

  test("start/6: a live peer with the chosen name is not disturbed, the newcomer gets NameTakenError", async () => {
    const elder = await cluster.start("log", createLog(), { peer: "me", limits });
    const other = await cluster.start("log", createLog(), { peer: "other", limits });
    await agreed([elder, other]);
    const { self, token } = elder.election;
    for (const name of ["me", "other"]) {
      const realm = cluster.realm();
      const error = { name: "NameTakenError", code: "name-taken", peer: expect.stringMatching(`^${name}#`) };
      await expect(realm.start("log", createLog(), { peer: name, limits })).rejects.toMatchObject(error);
      expect(realm.whereis("log")).toBeUndefined();
    }
    expect(elder.election).toMatchObject({ self, token, isLeader: true });
    expect(await agreed([elder, other])).toBe(elder);
    // It is free again when its bearer is gone.
    cluster.crash(other);
    const heir = await cluster.start("log", createLog(), { peer: "other", limits });
    await agreed([elder, heir]);
  });

  test("start/6: a failed start closes its media and runs terminate before it rejects, and frees the name", async () => {
    const refusal = new Error("no locks here");
    const page = createPage(cluster.hub.medium);
    const ended: string[] = [];
    const medium: MediumFactory = (name, options) => {
      const made = page.medium(name, options);
      const transport: Transport = {
        open: (...args) => made.transport.open(...args),
        post: (message) => made.transport.post(message),
        send: (to, message) => made.transport.send(to, message),
        close() {
          ended.push("closed");
          made.transport.close();
        },
      };
      return { ...made, transport, failureDetector: { ...made.failureDetector, open: () => Promise.reject(refusal) } };
    };
    const behaviour = createLog({ terminate: (_items, reason) => void ended.push(`terminated for ${String(reason)}`) });
    const realm = cluster.realm();
    await expect(realm.start("log", behaviour, { limits, medium })).rejects.toBe(refusal);
    expect(ended).toEqual(["closed", "terminated for Error: no locks here"]);
    expect(page.watchers).toBe(0);
    expect(realm.whereis("log")).toBeUndefined();
  });

  test("start/6: a start that failed does not take the name from the one after it", async () => {
    const first = await cluster.start("log", createLog(), { limits, peer: "same" });
    await until(first, ({ isLeader }) => isLeader);
    const held = createLatch();
    const realm = cluster.realm();
    const failed = realm.start("log", createLog({ terminate: () => held.promise }), { limits, peer: "same" });
    const rejected = expect(failed).rejects.toMatchObject({ code: "name-taken" });
    await until(first, () => true);
    held.open();
    await rejected;
    const server = await realm.start("log", createLog(), { limits });
    expect(realm.whereis("log")).toBe(server);
    await server.stop();
  });

  test("start/6: the id that a server has before it is open is nobody's, whoever draws it", async () => {
    const mediumOf =
      (...throws: readonly number[]): MediumFactory =>
      (name) => {
        const made = cluster.hub.medium(name);
        const dice = [...throws];
        return { ...made, random: () => dice.shift() ?? 0.9, clock: { ...made.clock, wall: () => 1_700_000_000_000 } };
      };
    // Were it drawn too, the first would open under the id that the second had begun with, and not be heard by it.
    const media = [mediumOf(0.1, 0.3), mediumOf(0.3, 0.7)];
    const both = await Promise.allSettled(media.map((medium) => cluster.start("log", createLog(), { peer: "me", limits, medium })));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("start/6: of two that choose one name at the same time, exactly one stays", async () => {
    // Their ids are told apart by dice within a millisecond: one throw in a thousand is the same.
    const mediumOf =
      (dice: number): MediumFactory =>
      (name) => ({ ...cluster.hub.medium(name), random: () => dice });
    for (let round = 0; round < 10; round += 1) {
      const both = await Promise.allSettled(
        [0.2, 0.7].map((dice) => cluster.start(`log ${round}`, createLog(), { peer: "me", limits, medium: mediumOf(dice) })),
      );
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      for (const outcome of both) if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "name-taken" });
    }
  });

  test("start/6: importing and creating does nothing: no medium is made before the first start", () => {
    const made: string[] = [];
    const { realm } = createCluster({
      ...cluster.hub,
      medium(name) {
        made.push(name);
        return cluster.hub.medium(name);
      },
    });
    realm();
    expect(made).toEqual([]);
  });
});

describe("timeout option", () => {
  test("timeout: initTimeoutMs rejects with StartTimeoutError, and the name is free", async () => {
    const clock = createManualClock();
    const realm = cluster.realm();
    const starting = realm.start("log", createLog({ init: () => new Promise(() => {}) }), { initTimeoutMs: 100, clock });
    clock.advance(99);
    expect(realm.whereis("log")).toBeUndefined();
    clock.advance(1);
    await expect(starting).rejects.toMatchObject({ name: "StartTimeoutError", code: "start-timeout" });
    const server = await realm.start("log", createLog({ init: async () => ok(["slow"]) }), { initTimeoutMs: 100, clock });
    expect(clock.scheduled).toBe(0);
    expect(await server.sys.getState()).toEqual(["slow"]);
    await server.stop();
  });
});

describe("start_link/6", () => {
  test("start_link/6: the server ends with its parent, for the parent's reason", async () => {
    const ends: unknown[] = [];
    const parent = new AbortController();
    const server = await cluster.realm().startLink(
      "log",
      createLog({
        terminate(_items, reason) {
          ends.push(reason);
        },
      }),
      { signal: parent.signal, limits },
    );
    const reason = new Error("the parent is gone");
    parent.abort(reason);
    expect((await server.exited).reason).toBe(reason);
    expect(ends).toEqual([reason]);
  });

  test("start_link/6: its parent hears of its end", async () => {
    const parent = new AbortController();
    const server = await cluster.realm().startLink("log", createLog(), { signal: parent.signal, limits });
    await server.stop("by itself");
    expect(await server.exited).toEqual({ reason: "by itself" });
    parent.abort();
    expect(await server.exited).toEqual({ reason: "by itself" });
  });

  test("start_link/6: a parent that is gone already starts nothing", async () => {
    let began = false;
    const behaviour = createLog({
      init() {
        began = true;
        return ok([]);
      },
    });
    await expect(cluster.realm().startLink("log", behaviour, { signal: AbortSignal.abort("gone") })).rejects.toBe("gone");
    expect(began).toBe(false);
  });

  test("start_link/6: a parent that goes while init runs takes the server with it", async () => {
    const parent = new AbortController();
    const behaviour = createLog({
      async init() {
        parent.abort("meanwhile");
        return ok([]);
      },
    });
    const server = await cluster.realm().startLink("log", behaviour, { signal: parent.signal, limits });
    expect(await server.exited).toEqual({ reason: "meanwhile" });
  });
});

describe("whereis", () => {
  test("whereis: finds the server of a name in this realm and namespace while it runs", async () => {
    const realm = cluster.realm();
    expect(realm.whereis("log")).toBeUndefined();
    const server = await realm.start("log", createLog(), { limits });
    const spaced = await realm.start("log", createLog(), { namespace: "user 7", limits });
    expect(realm.whereis("log")).toBe(server);
    expect(realm.whereis("log", { namespace: "user 7" })).toBe(spaced);
    expect(realm.whereis("log", { namespace: "user 8" })).toBeUndefined();
    expect(cluster.realm().whereis("log")).toBeUndefined();
    await server.stop();
    expect(realm.whereis("log")).toBeUndefined();
    expect(realm.whereis("log", { namespace: "user 7" })).toBe(spaced);
    await spaced.stop();
  });
});

describe("namespace option", () => {
  test("namespace: two clusters of one name in one process do not hear each other", async () => {
    const realms = [cluster.realm(), cluster.realm()];
    const [red = [], blue = []] = await Promise.all(
      ["red", "blue"].map((namespace) => Promise.all(realms.map((realm) => realm.start("log", createLog(), { namespace, limits })))),
    );
    const redLeader = await agreed(red);
    const blueLeader = await agreed(blue);
    await red[0]?.leaderCall({ type: "append", item: "red" });
    await blue[1]?.leaderCall({ type: "append", item: "blue" });
    for (const server of red) expect(await server.leaderCall({ type: "items" })).toEqual(["red"]);
    for (const server of blue) expect(await server.leaderCall({ type: "items" })).toEqual(["blue"]);
    for (const server of [...red, ...blue]) expect(server.sys.statistics().dropped).toEqual({});
    await redLeader.stop();
    const rest = red.filter((server) => server !== redLeader);
    await agreed(rest);
    expect(await agreed(blue)).toBe(blueLeader);
    await Promise.all([...rest, ...blue].map((server) => server.stop()));
  });

  test("namespace: its text cannot be mistaken for a part of another cluster's name", async () => {
    const a = await cluster.start("b/c", createLog(), { namespace: "a", limits });
    const b = await cluster.start("c", createLog(), { namespace: "a/b", limits });
    const c = await cluster.start("a/b/c", createLog(), { limits });
    await Promise.all([a, b, c].map((server) => until(server, ({ isLeader }) => isLeader)));
    for (const server of [a, b, c]) expect(server.election.alive).toHaveLength(1);
  });
});
