import { beforeEach, describe, expect, test } from "vitest";
import { createRandom, noFaults, StorageFailedError } from "../src/index.js";
import { Agenda } from "../src/simulation/agenda.js";
import { Database } from "../src/simulator/database.js";
import { Site } from "../src/simulator/site.js";

/** A database in a world of its own, and what was written to it. */
function createStage(faults: Partial<typeof noFaults> = {}, seed = 1) {
  const agenda = new Agenda();
  const database = new Database(
    agenda,
    createRandom(seed),
    () => ({ ...noFaults, ...faults }),
    (run) => run(),
  );
  const commits: { readonly atMs: number; readonly name: string; readonly writes: Readonly<Record<string, unknown>> }[] = [];
  const open = (name: string) => {
    const site = new Site(name, agenda, 0, () => 0);
    const storage = database.createStorage(site, (_token, writes) => {
      commits.push({ atMs: agenda.now, name, writes: Object.fromEntries(writes) });
    });
    return { site, storage };
  };
  /** Lets everything happen that is planned up to `untilMs`, and what waits for it. */
  const pass = async (untilMs = Infinity): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (agenda.step(untilMs));
  };
  return { agenda, database, commits, open, pass };
}

describe("the simulated database", () => {
  let stage = createStage();
  beforeEach(() => {
    stage = createStage();
  });

  test("is shared by all realms, and lends nobody what is stored", async () => {
    const { open, pass } = stage;
    const [a, b] = [open("a"), open("b")];
    const colours = ["red"];
    const written = a.storage.transact((transaction) => {
      transaction.set("colours", colours);
      colours.push("green");
      return "done";
    });
    await pass();
    expect(await written).toBe("done");
    const read = b.storage.transact((transaction) => {
      const got = transaction.get("colours");
      if (Array.isArray(got)) got.push("blue");
      return transaction.get("colours");
    });
    await pass();
    expect(await read).toEqual(["red"]);
  });

  test("a transaction sees its own writes, and lists all keys in their order", async () => {
    const { open, pass, commits } = stage;
    const { storage } = open("a");
    const seen = storage.transact((transaction) => {
      transaction.set("b", 1);
      transaction.set("a", 2);
      transaction.set("c", 3);
      transaction.delete("c");
      return [transaction.get("b"), transaction.get("c"), [...transaction.entries()]];
    });
    const later = [storage.entries(), storage.read("a"), storage.read("c")];
    await pass();
    const all = [
      ["a", 2],
      ["b", 1],
    ];
    expect(await seen).toEqual([1, undefined, all]);
    expect(await Promise.all(later)).toEqual([new Map(Object.entries({ a: 2, b: 1 })), 2, undefined]);
    expect(commits).toMatchObject([{ name: "a", writes: { a: 2, b: 1, c: undefined } }]);
  });

  test("what throws has written nothing", async () => {
    const { open, pass, commits } = stage;
    const { storage } = open("a");
    const refused = storage.transact((transaction) => {
      transaction.set("a", 1);
      throw new Error("stale");
    });
    const uncloneable = storage.transact((transaction) => {
      transaction.set("a", 1);
      transaction.set("b", () => 1);
    });
    const all = storage.entries();
    const outcomes = Promise.allSettled([refused, uncloneable, all]);
    await pass();
    expect(await outcomes).toMatchObject([{ reason: { message: "stale" } }, { reason: { name: "DataCloneError" } }, { value: new Map() }]);
    expect(commits).toEqual([]);
  });

  test("a transaction is over once its function has returned", async () => {
    const { open, pass, commits } = stage;
    const late = open("a").storage.transact(async (transaction) => {
      transaction.set("a", 1);
      await Promise.resolve();
      transaction.set("b", 2);
    });
    const outcome = Promise.allSettled([late]);
    await pass();
    expect(await outcome).toMatchObject([{ reason: { name: "TypeError" } }]);
    expect(commits).toMatchObject([{ writes: { a: 1 } }]);
  });

  test("commits after the time that is drawn, in each realm in order", async () => {
    const { open, pass, commits, database } = createStage({ storageMs: [10, 50] });
    const realms = [open("a"), open("b"), open("c")];
    for (let round = 0; round < 20; round += 1)
      for (const { storage, site } of realms)
        void storage.transact((transaction) => {
          const count = transaction.get("count");
          transaction.set("count", typeof count === "number" ? count + 1 : 1);
          transaction.set(site.name, round);
        });
    expect(database.handles).toBe(60);
    await pass();
    expect(database.handles).toBe(0);
    // Each saw what all before it had written: none was lost.
    expect(commits.map(({ writes }) => writes.count)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    for (const { site } of realms) {
      const own = commits.filter(({ name }) => name === site.name);
      expect(own.map(({ writes }) => writes[site.name])).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }
    // Between realms there is no order.
    expect(commits.slice(0, 3).map(({ name }) => name)).not.toEqual(["a", "b", "c"]);
    expect(commits.every(({ atMs }) => atMs >= 10 && atMs <= 50)).toBe(true);
  });

  test("a realm that hangs has its transactions committed, and hears of them in order when it goes on", async () => {
    const { open, pass, commits, agenda } = createStage({ storageMs: [5, 5] });
    const { site, storage } = open("a");
    const heard: { readonly what: string; readonly atMs: number }[] = [];
    const ask = (what: string) =>
      void storage.transact((transaction) => transaction.set(what, true)).then(() => heard.push({ what, atMs: agenda.now }));
    ask("first");
    agenda.plan(1, () => site.hang());
    // As the realm goes on, the second commits: what waits for the realm comes first all the same.
    agenda.plan(0, () => ask("second"));
    agenda.plan(5, () => site.wake());
    await pass(4);
    expect(heard).toEqual([]);
    await pass();
    expect(commits.map(({ atMs }) => atMs)).toEqual([5, 5]);
    expect(heard.map(({ what }) => what)).toEqual(["first", "second"]);
  });

  test("a realm that has ended hears of nothing, asks for nothing, and leaves the first of its transactions whole, if any", async () => {
    const kept = new Map<number, number>();
    for (let seed = 1; seed <= 40; seed += 1) {
      const { open, pass, commits, database } = createStage({ storageMs: [1, 9] }, seed);
      const { site, storage } = open("a");
      let isHeard = false;
      const ask = (number: number) =>
        void storage
          .transact((transaction) => {
            transaction.set("from", number);
            transaction.set("to", number);
          })
          .then(() => {
            isHeard = true;
          });
      for (const number of [1, 2, 3]) ask(number);
      site.end();
      ask(4);
      await pass();
      expect(isHeard).toBe(false);
      expect(database.handles).toBe(0);
      expect(commits.map(({ writes }) => writes)).toEqual(
        [1, 2, 3].slice(0, commits.length).map((number) => ({ from: number, to: number })),
      );
      kept.set(commits.length, (kept.get(commits.length) ?? 0) + 1);
    }
    expect([...kept.keys()].sort()).toEqual([0, 1, 2, 3]);
  });

  test("a transaction that the platform does not commit fails by name, and has written nothing", async () => {
    const { open, pass, commits } = createStage({ storageFailure: 0.5 });
    const { storage } = open("a");
    const writes = Array.from({ length: 40 }, (_, index) => storage.transact((transaction) => transaction.set(`${index}`, true)));
    const reads = Array.from({ length: 40 }, () => storage.read("0"));
    const outcomes = Promise.all([Promise.allSettled(writes), Promise.allSettled(reads)]);
    await pass();
    const [written, read] = await outcomes;
    expect(commits.flatMap(({ writes }) => Object.keys(writes))).toEqual(
      written.flatMap(({ status }, index) => (status === "fulfilled" ? [`${index}`] : [])),
    );
    const errors = (some: typeof written | typeof read): unknown[] =>
      some.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    const reasons = (some: typeof written | typeof read) =>
      new Set(
        errors(some).map((error) => {
          if (!(error instanceof StorageFailedError)) throw error;
          const { code }: { readonly code: "storage-failed" } = error;
          expect(code).toBe("storage-failed");
          return error.reason;
        }),
      );
    expect([...reasons(written)].sort()).toEqual(["closing", "quota"]);
    expect([...reasons(read)]).toEqual(["closing"]);
  });
});
