/**
 * The storages, each held to the contract, and what only one of them has.
 */
import "fake-indexeddb/auto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createFileStorage } from "../../src/storage/files.js";
import { createIdbStorage } from "../../src/storage/idb.js";
import { createMemoryStorages } from "../../src/storage/memory.js";
import { testStorage, token } from "./contract.js";

const made: string[] = [];

async function createDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "gen-leader-store-"));
  made.push(directory);
  return directory;
}

afterAll(async () => {
  for (const directory of made) await rm(directory, { recursive: true });
});

testStorage("memory", createMemoryStorages);
testStorage("files", async () => {
  const directory = await createDirectory();
  return (name) => createFileStorage(join(directory, name));
});
let databases = 0;
testStorage("IndexedDB", () => {
  databases += 1;
  const prefix = databases;
  return (name) => createIdbStorage(`${prefix}${name}`, "strict", null);
});

const bucket = new IDBFactory();
testStorage("IndexedDB, twice", () => {
  databases += 1;
  const prefix = databases;
  return (name) => createIdbStorage(`${prefix}${name}`, "relaxed", () => Promise.resolve(bucket));
});

describe("a storage that is kept twice", () => {
  const open = () => createIdbStorage("twice@store", "relaxed", () => Promise.resolve(bucket));

  async function throwAway(factory: IDBFactory): Promise<void> {
    const request = factory.deleteDatabase("gen-leader/twice@store");
    await new Promise((resolve, reject) => {
      request.onsuccess = resolve;
      request.onerror = () => reject(request.error);
    });
  }

  test("is there although either was thrown away, and is written into both by whoever claims it", async () => {
    const all = { token: token(1), note: { upTo: 3 }, base: [{ base: 1 }], log: [{ number: 2 }, { number: 3 }] };
    const first = open();
    await first.append(token(1), { number: 1 }, { upTo: 1 });
    await first.replace(token(1), [{ base: 1 }], { upTo: 1 });
    for (const number of [2, 3]) await first.append(token(1), { number }, { upTo: number });
    await first.close();
    for (const [epoch, factory] of [indexedDB, bucket, indexedDB].entries()) {
      await throwAway(factory);
      const next = open();
      expect(await next.read("all")).toEqual({ ...all, token: token(epoch + 1) });
      expect(await next.claim(token(epoch + 2))).toEqual({ note: { upTo: 3 }, isDamaged: true });
      await next.replace(token(epoch + 2), all.base, null);
      for (const number of [2, 3]) await next.append(token(epoch + 2), { number }, { upTo: number });
      expect(await next.claim(token(epoch + 2))).toEqual({ note: { upTo: 3 }, isDamaged: false });
      await next.close();
    }
  });

  test("tells whoever claims it that the last write is missing in one of them", async () => {
    const names = ["ends@store", "relaxed"] as const;
    const storage = createIdbStorage(...names, () => Promise.resolve(bucket));
    await storage.replace(token(1), [{ base: 1 }], {});
    await storage.close();
    // The browser was killed in between.
    const alone = createIdbStorage(...names, null);
    await alone.append(token(1), { number: 1 }, { upTo: 1 });
    await alone.close();
    const next = createIdbStorage(...names, () => Promise.resolve(bucket));
    expect(await next.claim(token(2))).toEqual({ note: { upTo: 1 }, isDamaged: true });
    await next.close();
  });

  test("goes on with one where the other cannot be opened", async () => {
    const storage = createIdbStorage("once@store", "relaxed", () => Promise.reject(new DOMException("no buckets", "SecurityError")));
    expect(await storage.append(token(1), { number: 1 }, {})).toBe(true);
    expect((await storage.read("all")).log).toEqual([{ number: 1 }]);
    await storage.close();
  });
});

describe("files", () => {
  test("a write that was torn is told apart from one that is not there, and what comes after it stays", async () => {
    const directory = await createDirectory();
    const storage = createFileStorage(directory);
    for (const number of [1, 2, 3]) await storage.append(token(1), { number }, { upTo: number });
    const names = (await readdir(directory)).sort();
    const second = join(directory, names[1] ?? "");
    const bytes = await readFile(second);
    await writeFile(second, bytes.subarray(0, bytes.length - 3));
    expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: 3 }, base: [], log: [{ number: 1 }, null, { number: 3 }] });
    await writeFile(
      second,
      bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)),
    );
    expect((await storage.read("log")).log).toEqual([{ number: 1 }, null, { number: 3 }]);
  });

  test("a last write that was torn is told to whoever claims the storage", async () => {
    const directory = await createDirectory();
    const storage = createFileStorage(directory);
    for (const number of [1, 2]) await storage.append(token(1), { number }, { upTo: number });
    const last = join(directory, (await readdir(directory)).sort().at(-1) ?? "");
    const bytes = await readFile(last);
    await writeFile(last, bytes.subarray(0, bytes.length - 3));
    expect(await createFileStorage(directory).claim(token(2))).toEqual({ note: { upTo: 1 }, isDamaged: true });
  });

  test("what a base stands for is removed, and so are bases that nobody names", async () => {
    const directory = await createDirectory();
    const storage = createFileStorage(directory);
    for (let number = 0; number < 5; number += 1) {
      await storage.append(token(1), { number }, {});
      await storage.replace(token(1), [{ base: number }], {});
    }
    const names = await readdir(directory);
    expect(names.filter((name) => name.endsWith(".base"))).toHaveLength(1);
    expect(names.filter((name) => name.endsWith(".slot")).length).toBeLessThan(3);
    expect(names).toHaveLength(3);
  });

  test("who wakes up long after its number was given to others is shut out", async () => {
    const directory = await createDirectory();
    const [old, next] = [createFileStorage(directory), createFileStorage(directory)];
    await old.append(token(1), { number: 1 }, {});
    await next.claim(token(2));
    await next.replace(token(2), [{ base: 1 }], {});
    expect(await old.append(token(1), { number: 2 }, {})).toBe(false);
    expect((await next.read("all")).log).toEqual([]);
  });
});

describe("IndexedDB", () => {
  test("no transaction waits for its page: each is committed as soon as all was asked for", async () => {
    const begun = vi.spyOn(IDBDatabase.prototype, "transaction");
    const committed = vi.spyOn(IDBTransaction.prototype, "commit");
    const storage = createIdbStorage("committed@store", "relaxed", null);
    await storage.claim(token(1));
    await storage.append(token(1), { number: 1 }, {});
    await storage.replace(token(1), [{ base: 1 }], {});
    await storage.read("all");
    await storage.close();
    // But for the one in which the database is made.
    const ours = begun.mock.calls.filter(([, mode]) => mode === "readonly" || mode === "readwrite");
    expect(ours.length).toBeGreaterThan(5);
    expect(committed.mock.calls.length).toBe(ours.length);
    vi.restoreAllMocks();
  });

  test("one that is removed while it is open is not written on: whoever wrote is told, once", async () => {
    const storage = createIdbStorage("removed@store", "relaxed", null);
    await storage.append(token(1), { number: 1 }, {});
    await storage.replace(token(1), [{ base: 1 }], {});
    const request = indexedDB.deleteDatabase("gen-leader/removed@store");
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    await expect(storage.append(token(1), { number: 2 }, {})).rejects.toThrow("removed");
    expect(await storage.replace(token(1), [{ base: 2 }], { upTo: 2 })).toBe(true);
    expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: 2 }, base: [{ base: 2 }], log: [] });
    await storage.close();
  });

  test("a connection that is lost is opened anew", async () => {
    const storage = createIdbStorage("lost@store", "relaxed", null);
    await storage.append(token(1), { number: 1 }, {});
    // As a browser that takes the database away: it asks whoever has it open to close it.
    const opened = indexedDB.open("gen-leader/lost@store", 2);
    const upgraded = await new Promise<IDBDatabase>((resolve, reject) => {
      opened.onsuccess = () => resolve(opened.result);
      opened.onerror = () => reject(opened.error);
      opened.onblocked = () => reject(new Error("blocked"));
    });
    upgraded.close();
    expect(await storage.append(token(1), { number: 2 }, {})).toBe(true);
    expect((await storage.read("log")).log).toEqual([{ number: 1 }, { number: 2 }]);
    await storage.close();
  });
});
