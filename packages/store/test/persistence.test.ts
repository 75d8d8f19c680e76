/**
 * A store that is kept while nobody has it open.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NotPersistedError, OutdatedReleaseError, StorageFailedError, StoreClosedError, type StoreOptions } from "../src/index.js";
import { createFailingStorages, type FailingStorages } from "./failing-storages.js";
import { createStores, type Stores } from "./stores.js";
import { type Tally, tally } from "./tally.js";

let storages: FailingStorages;
let stores: Stores;
const kept = (): StoreOptions<Tally, typeof tally.commands> => ({ ...tally, durability: "persisted", persistence: storages.persistence });
const full = new DOMException("no room", "QuotaExceededError");

beforeEach(() => {
  storages = createFailingStorages();
  stores = createStores();
});

afterEach(async () => {
  storages.fails = null;
  storages.release();
  await stores.closeAll();
});

/** The store as the next program finds it: nobody of the last one is there. */
async function reopened() {
  await stores.closeAll();
  stores = createStores();
  return stores.open("tally", kept());
}

describe("what was acknowledged", () => {
  test("is there when everything was closed, with the position and before anybody leads", async () => {
    const first = await stores.open("tally", kept());
    await first.do.add(3);
    await first.do.join("ada");
    const again = await reopened();
    expect(again.get()).toEqual({ value: 3, names: ["ada"] });
    expect(again.status.position).toBe(2);
    expect(await again.do.add(1)).toBe(4);
  });

  test("is there when everything ended without a word", async () => {
    const first = await stores.open("tally", kept());
    await first.do.add(3);
    stores.crash(first);
    expect((await reopened()).get().value).toBe(3);
  });

  test("is not acknowledged before it is stored", async () => {
    const store = await stores.open("tally", kept());
    await store.do.add(1);
    storages.isHeld = true;
    let isDone = false;
    const added = store.do.add(2).then(() => {
      isDone = true;
    });
    await storages.held();
    expect(isDone).toBe(false);
    expect(store.get().value).toBe(1);
    storages.release();
    await added;
    expect((await storages.kept("tally")).note).toMatchObject({ position: 2 });
  });

  test("of commands that need not wait for it is stored all the same", async () => {
    const store = await stores.open("tally", { ...kept(), durability: "replicated" });
    await store.do.add(1);
    await store.do.add(2);
    expect((await reopened()).get().value).toBe(3);
  });

  test("is written by many commands at once", async () => {
    const store = await stores.open("tally", kept());
    await store.do.add(0);
    await store.do.add(1);
    const before = storages.writes;
    await Promise.all(Array.from({ length: 50 }, () => store.do.add(1)));
    expect(store.get().value).toBe(51);
    expect(storages.writes - before).toBeLessThan(10);
  });

  test("is kept by the next leader, which writes what the last one could not", async () => {
    const first = await stores.open("tally", kept());
    const second = await stores.open("tally", kept());
    await first.do.add(1);
    storages.isHeld = true;
    const added = second.do.add(2);
    await storages.held();
    stores.crash(first);
    storages.release();
    expect(await added).toBe(3);
    stores.crash(second);
    expect((await reopened()).get().value).toBe(3);
  });

  test("takes effect once, although it is asked again of a leader that has only what is stored", async () => {
    const first = await stores.open("tally", kept());
    const asking = await stores.open("tally", { ...kept(), role: "worker" });
    await asking.do.add(1);
    storages.isHeld = true;
    const added = asking.do.add(2);
    await storages.held();
    storages.release();
    stores.crash(first);
    await stores.open("tally", kept());
    expect(await added).toBe(3);
    expect(asking.get().value).toBe(3);
  });
});

describe("a log", () => {
  test("that has grown heavier than the copy is put into it, and commands go on meanwhile", async () => {
    const store = await stores.open("tally", kept());
    const name = "x".repeat(10_000);
    await store.do.join(name);
    const replaced = storages.replaced();
    for (let number = 1; number < 60; number += 1) await store.do.join(`${name}${number}`);
    await replaced;
    const { base, log } = await storages.kept("tally");
    expect(base.length).toBeGreaterThan(5);
    expect(log.length).toBeLessThan(60);
    expect((await reopened()).get().names).toHaveLength(60);
  });

  test("is cut off where it is corrupt, with a report, and goes on from there", async () => {
    const first = await stores.open("tally", kept());
    for (const by of [1, 2, 4, 8]) await first.do.add(by);
    stores.crash(first);
    await storages.spoil("tally", (found) => {
      found.log[1] = { ...Object(found.log[1]), sum: 0 };
    });
    stores = createStores();
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const again = await stores.open("tally", { ...kept(), logger });
    expect(logger.error).toHaveBeenCalledWith(expect.stringContaining("after commit 1"), expect.anything());
    expect(again.get().value).toBe(1);
    await again.do.add(100);
    expect((await reopened()).get().value).toBe(101);
  });
});

test("a copy that cannot be read is not replaced by less", async () => {
  const first = await stores.open("tally", kept());
  await first.do.add(3);
  await storages.spoil("tally", (found) => void found.base.pop());
  await expect(stores.open("tally", { ...kept(), namespace: "" })).rejects.toThrow();
  stores.crash(first);
  stores = createStores();
  const opening = stores.open("tally", kept());
  await expect(opening).rejects.toBeInstanceOf(StorageFailedError);
  await expect(opening).rejects.toMatchObject({ reason: "corrupt" });
  await storages.spoil("tally", () => undefined);
  expect((await stores.open("tally", kept())).get().value).toBe(3);
});

describe("a storage that fails", () => {
  test("when the store is opened: it is not opened", async () => {
    storages.fails = { error: new DOMException("private", "SecurityError"), at: ["read"] };
    const opening = stores.open("tally", kept());
    await expect(opening).rejects.toBeInstanceOf(StorageFailedError);
    await expect(opening).rejects.toMatchObject({ code: "storage-failed", reason: "blocked" });
    storages.fails = null;
    expect((await stores.open("tally", kept())).get()).toEqual(tally.initial);
  });

  test("when it is written: the caller is told that its command has taken effect and is not stored, and the next one stores both", async () => {
    const leader = await stores.open("tally", kept());
    const store = await stores.open("tally", kept());
    await store.do.add(1);
    storages.fails = { error: full, at: ["append", "replace"] };
    const adding = store.do.add(2);
    await expect(adding).rejects.toBeInstanceOf(NotPersistedError);
    await expect(adding).rejects.toMatchObject({ code: "not-persisted", outcome: "unknown", cause: { reason: "quota" } });
    await store.sync();
    expect(store.get().value).toBe(3);
    expect(leader.get().value).toBe(3);
    await expect(store.do.add(4)).rejects.toBeInstanceOf(NotPersistedError);
    expect(await store.doWith({ durability: "replicated" }).add(8)).toBe(15);
    storages.fails = null;
    expect(await store.do.add(16)).toBe(31);
    expect((await reopened()).get().value).toBe(31);
  });

  test("when another peer takes over: it goes on without, says so at once, and stores all later", async () => {
    const first = await stores.open("tally", kept());
    const second = await stores.open("tally", kept());
    await second.do.add(1);
    storages.fails = { error: full, at: ["claim"] };
    stores.crash(first);
    await expect(second.do.add(2)).rejects.toMatchObject({ code: "not-persisted", outcome: "not-started" });
    expect(await second.doWith({ durability: "replicated" }).add(4)).toBe(5);
    storages.fails = null;
    const third = await stores.open("tally", kept());
    await third.sync();
    stores.crash(second);
    expect(await third.do.add(8)).toBe(13);
    expect((await reopened()).get().value).toBe(13);
  });

  test("when another peer takes over: a command that is asked again is not said to be stored", async () => {
    const first = await stores.open("tally", kept());
    const second = await stores.open("tally", kept());
    const asking = await stores.open("tally", { ...kept(), role: "worker" });
    await asking.do.add(1);
    await second.sync();
    storages.isHeld = true;
    const adding = asking.do.add(2);
    await storages.held();
    storages.fails = { error: full, at: ["claim"] };
    stores.crash(first);
    await expect(adding).rejects.toMatchObject({ code: "not-persisted", outcome: "unknown" });
    await asking.sync();
    expect(asking.get().value).toBe(3);
  });

  test("when a base cannot be written beside the log, and then the log cannot be: one after the other, all is stored", async () => {
    const store = await stores.open("tally", kept());
    await store.do.join("y".repeat(300_000));
    const name = "x".repeat(10_000);
    storages.isHeld = true;
    const joining = Array.from({ length: 40 }, (_, number) => store.do.join(`${name}${number}`).catch(() => undefined));
    await storages.held();
    storages.fails = { error: full, at: ["append"] };
    storages.release();
    await Promise.all(joining);
    storages.fails = null;
    await store.do.add(1);
    const { names, value } = (await reopened()).get();
    expect([names.length, value]).toEqual([41, 1]);
  });

  test("when a peer takes over that may lack what is stored: it does not lead", async () => {
    await (await stores.open("tally", kept())).do.add(1);
    await stores.closeAll();
    stores = createStores();
    storages.fails = { error: full, at: ["claim"] };
    const store = await stores.open("tally", kept());
    await expect(store.do.add(1)).rejects.toBeInstanceOf(StoreClosedError);
    storages.fails = null;
    expect((await reopened()).get().value).toBe(1);
  });

  test("that is not there at all: commands that want it are refused", async () => {
    const store = await stores.open("tally", tally);
    await expect(store.doWith({ durability: "persisted" }).add(1)).rejects.toMatchObject({ code: "not-persisted", outcome: "not-started" });
    expect(store.get().value).toBe(0);
  });
});

describe("another release", () => {
  test("makes a state of its own of what an older one has stored", async () => {
    await (await stores.open("tally", kept())).do.join("ada");
    await stores.closeAll();
    stores = createStores();
    const migrate = (state: unknown, fromVersion: number) => ({ ...(state as Tally), value: fromVersion + 10 });
    const next = await stores.open("tally", { ...kept(), version: 2, migrate });
    expect(next.get()).toEqual({ value: 10, names: ["ada"] });
    await next.do.add(1);
    await stores.closeAll();
    stores = createStores();
    const same = await stores.open("tally", { ...kept(), version: 2, migrate });
    expect(same.get()).toEqual({ value: 11, names: ["ada"] });
  });

  test("that is older is refused, and changes nothing", async () => {
    await (await stores.open("tally", { ...kept(), version: 3 })).do.add(1);
    await stores.closeAll();
    stores = createStores();
    const opening = stores.open("tally", { ...kept(), version: 2 });
    await expect(opening).rejects.toBeInstanceOf(OutdatedReleaseError);
    await expect(opening).rejects.toMatchObject({ code: "outdated-release", version: 2, storedVersion: 3 });
    const store = await stores.open("tally", { ...kept(), version: 3 });
    expect(store.get().value).toBe(1);
  });
});

test("epochs grow although the clock was set back while nobody was there", async () => {
  const now = Date.now();
  const first = await stores.open("tally", kept());
  await first.do.add(1);
  const { token } = await storages.kept("tally");
  expect(token?.epoch).toBeGreaterThanOrEqual(now);
  await stores.closeAll();
  stores = createStores();
  const back = vi.spyOn(Date, "now").mockReturnValue(now - 1e9);
  const timeOrigin = vi.spyOn(performance, "timeOrigin", "get").mockReturnValue(performance.timeOrigin - 1e9);
  try {
    const again = await stores.open("tally", kept());
    await again.do.add(1);
    expect((await storages.kept("tally")).token?.epoch).toBeGreaterThan(token?.epoch ?? Infinity);
    expect(again.get().value).toBe(2);
  } finally {
    back.mockRestore();
    timeOrigin.mockRestore();
  }
});
