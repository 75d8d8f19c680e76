/**
 * What every storage must do, sentence by sentence of the port's contract.
 */
import type { PeerId, Token } from "gen-leader";
import { afterEach, describe, expect, test } from "vitest";
import type { RecordStorage } from "../../src/storage/port.js";

type Storages = (name: string) => RecordStorage;

export const token = (epoch: number): Token => ({ epoch, leader: "peer#1" as PeerId });

/** Defines the tests of storages by name. `createStorages` is called for each test. */
export function testStorage(title: string, createStorages: () => Storages | Promise<Storages>): void {
  describe(`storage: ${title}`, () => {
    const opened: RecordStorage[] = [];

    async function open(): Promise<(name?: string) => RecordStorage> {
      const storages = await createStorages();
      return (name = "@store") => {
        const storage = storages(name);
        opened.push(storage);
        return storage;
      };
    }

    afterEach(async () => {
      await Promise.all(opened.splice(0).map((storage) => storage.close()));
    });

    test("nothing is kept at first", async () => {
      const storage = (await open())();
      expect(await storage.read("all")).toEqual({ token: null, note: null, base: [], log: [] });
      expect(await storage.claim(token(1))).toEqual({ note: null, isDamaged: false });
    });

    test("what is appended is kept in order, with the last note, for whoever opens it next", async () => {
      const storages = await open();
      const first = storages();
      for (const number of [1, 2, 3]) expect(await first.append(token(5), { number }, { upTo: number })).toBe(true);
      const log = [{ number: 1 }, { number: 2 }, { number: 3 }];
      expect(await first.read("all")).toEqual({ token: token(5), note: { upTo: 3 }, base: [], log });
      await first.close();
      expect(await storages().read("all")).toEqual({ token: token(5), note: { upTo: 3 }, base: [], log });
    });

    test("what was asked for without waiting is done in order", async () => {
      const storage = (await open())();
      const results = Array.from({ length: 20 }, (_, number) => storage.append(token(1), { number }, { number }));
      expect(await Promise.all(results)).toEqual(results.map(() => true));
      const { log, note } = await storage.read("log");
      expect(log).toEqual(results.map((_, number) => ({ number })));
      expect(note).toEqual({ number: 19 });
    });

    test("nothing is shared by storages of two names", async () => {
      const storages = await open();
      await storages("@one").append(token(1), { number: 1 }, {});
      expect(await storages("@other").read("all")).toEqual({ token: null, note: null, base: [], log: [] });
    });

    test("what structured clone keeps is kept, and a copy of it", async () => {
      const storage = (await open())();
      const record = { map: new Map([["a", new Set([1])]]), date: new Date(5), list: [null, undefined, 1n], bytes: new Uint8Array([1, 2]) };
      await storage.append(token(1), record, record);
      record.list.push(null);
      const { log, note } = await storage.read("all");
      expect(log).toEqual([{ ...record, list: [null, undefined, 1n] }]);
      expect(note).toEqual(log[0]);
    });

    test("what cannot be cloned is refused, and nothing is written", async () => {
      const storage = (await open())();
      await expect(storage.append(token(1), { run: () => 1 }, {})).rejects.toThrow();
      expect((await storage.read("all")).log).toEqual([]);
      expect(await storage.append(token(1), {}, {})).toBe(true);
    });

    test("a base takes the place of all that was there, with its note", async () => {
      const storages = await open();
      const storage = storages();
      for (const number of [1, 2, 3]) await storage.append(token(1), { number }, { upTo: number });
      const base = Array.from({ length: 40 }, (_, number) => ({ base: number }));
      expect(await storage.replace(token(1), base, { upTo: "base" })).toBe(true);
      expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: "base" }, base, log: [] });
      await storage.append(token(1), { number: 4 }, { upTo: 4 });
      const after = { token: token(1), note: { upTo: 4 }, base, log: [{ number: 4 }] };
      expect(await storage.read("all")).toEqual(after);
      expect(await storages().read("all")).toEqual(after);
      expect((await storage.read("log")).base).toEqual([]);
      expect(await storage.replace(token(1), [{ base: "next" }], null)).toBe(true);
      expect(await storage.read("all")).toEqual({ ...after, base: [{ base: "next" }], log: [] });
    });

    test("what is read while one base takes the place of another is one of the two, whole", async () => {
      const storages = await open();
      const [writer, reader] = [storages(), storages()];
      const baseOf = (number: number) => Array.from({ length: 10 }, () => ({ base: number }));
      await writer.replace(token(1), baseOf(0), {});
      for (let number = 1; number <= 30; number += 1) {
        const replaced = writer.replace(token(1), baseOf(number), {});
        const reads = await Promise.all([reader.read("all"), replaced.then(() => reader.read("all"))]);
        for (const { base } of reads) expect([baseOf(number - 1), baseOf(number)]).toContainEqual(base);
      }
    });

    test("what is appended while a base is written stays behind it", async () => {
      const storage = (await open())();
      await storage.append(token(1), { number: 1 }, { upTo: 1 });
      const base = Array.from({ length: 64 }, (_, number) => ({ base: number }));
      const replaced = storage.replace(token(1), base, null);
      const appended = [2, 3].map((number) => storage.append(token(1), { number }, { upTo: number }));
      expect(await Promise.all([...appended, replaced])).toEqual([true, true, true]);
      expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: 3 }, base, log: [{ number: 2 }, { number: 3 }] });
    });

    test("of two bases that one peer writes at once, the later one counts, whichever is done first", async () => {
      const storage = (await open())();
      await storage.append(token(1), { number: 1 }, { upTo: 1 });
      const long = Array.from({ length: 64 }, (_, number) => ({ long: number }));
      const first = storage.replace(token(1), long, null).catch(() => false);
      const second = storage.replace(token(1), [{ short: true }], { upTo: 1 });
      await Promise.all([first, second]);
      const { base, log } = await storage.read("all");
      expect([long, [{ short: true }]]).toContainEqual(base);
      expect(log).toEqual([]);
    });

    test("a base whose records end in a throw takes nobody's place", async () => {
      const storage = (await open())();
      await storage.append(token(1), { number: 1 }, { upTo: 1 });
      function* torn() {
        for (let number = 0; number < 30; number += 1) yield { number };
        throw new RangeError("torn");
      }
      await expect(storage.replace(token(1), torn(), { upTo: "torn" })).rejects.toThrow("torn");
      expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: 1 }, base: [], log: [{ number: 1 }] });
      expect(await storage.replace(token(1), [{ whole: true }], { upTo: 1 })).toBe(true);
      expect(await storage.read("all")).toEqual({ token: token(1), note: { upTo: 1 }, base: [{ whole: true }], log: [] });
    });

    test("whoever was deposed writes nothing", async () => {
      const storages = await open();
      const [old, next] = [storages(), storages()];
      await old.append(token(3), { number: 1 }, { upTo: 1 });
      expect(await next.claim(token(4))).toEqual({ note: { upTo: 1 }, isDamaged: false });
      const kept = { token: token(4), note: { upTo: 1 }, base: [], log: [{ number: 1 }] };
      expect(await old.append(token(3), { number: 2 }, { upTo: 2 })).toBe(false);
      expect(await old.replace(token(3), [{ base: 1 }], { upTo: 2 })).toBe(false);
      expect(await old.claim(token(3))).toBe(null);
      expect(await storages().read("all")).toEqual(kept);
      expect(await next.append(token(4), { number: 2 }, { upTo: 2 })).toBe(true);
    });

    test("a base that is being written is there whole, although the last leader ends with one of its own", async () => {
      const storages = await open();
      const [old, next] = [storages(), storages()];
      await old.append(token(3), { number: 1 }, { upTo: 1 });
      const base = Array.from({ length: 60 }, (_, number) => ({ number }));
      const ended = old.replace(token(3), [{ old: true }], { upTo: "old" });
      expect(await next.replace(token(4), base, { upTo: "base" })).toBe(true);
      await ended;
      expect((await storages().read("all")).base).toHaveLength(60);
    });

    test("whoever is deposed while it writes a base leaves what is there", async () => {
      const storages = await open();
      const [old, next] = [storages(), storages()];
      await old.append(token(3), { number: 1 }, { upTo: 1 });
      let deposed: Promise<unknown> = Promise.resolve();
      function* base() {
        for (let number = 0; number < 60; number += 1) {
          if (number === 20) deposed = next.claim(token(4)).then(() => next.append(token(4), { number: 2 }, { upTo: 2 }));
          yield { number };
        }
      }
      const replaced = await old.replace(token(3), base(), { upTo: "base" });
      await deposed;
      const { token: last, note, log } = await storages().read("all");
      expect(last).toEqual(token(4));
      expect(note).toEqual({ upTo: 2 });
      // It may have been done before the other one came.
      expect(log).toEqual(replaced ? [{ number: 2 }] : [{ number: 1 }, { number: 2 }]);
      expect(await old.append(token(3), {}, {})).toBe(false);
    });

    test("two that write under two tokens at once: the smaller is shut out, and all that resolved is kept", async () => {
      const storages = await open();
      const [old, next] = [storages(), storages()];
      const write = async (storage: RecordStorage, epoch: number): Promise<readonly object[]> => {
        const kept: object[] = [];
        for (let number = 0; number < 10; number += 1) {
          const record = { epoch, number };
          if (await storage.append(token(epoch), record, record)) kept.push(record);
        }
        return kept;
      };
      const [ofOld, ofNext] = await Promise.all([write(old, 3), write(next, 4)]);
      expect(ofNext).toHaveLength(10);
      const { log } = await storages().read("all");
      expect(log).toEqual([...ofOld, ...ofNext]);
    });

    test("one that is closed has done what it was asked for", async () => {
      const storages = await open();
      const storage = storages();
      const appended = storage.append(token(1), { number: 1 }, {});
      await storage.close();
      await storage.close();
      expect(await appended).toBe(true);
      expect((await storages().read("all")).log).toEqual([{ number: 1 }]);
    });
  });
}
