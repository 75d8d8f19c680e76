/**
 * Storages over slots when others write at the worst of moments.
 */
import type { PeerId, Token } from "gen-leader";
import { expect, test } from "vitest";
import type { RecordStorage } from "../../src/storage/port.js";
import { createSlotStorage, type Slots, type Write } from "../../src/storage/slots.js";

const tokenOf = (epoch: number): Token => ({ epoch, leader: "peer#1" as PeerId });

/** Slots in memory; `before` runs before each of their operations. */
function createMemorySlots(before: (operation: keyof Slots) => Promise<void>): Slots {
  const slots = new Map<number, Write>();
  const bases = new Map<number, readonly object[]>();
  const numbers = (): number[] => [...slots.keys()].sort((one, other) => one - other);
  return {
    async write(number, value) {
      await before("write");
      if (slots.has(number)) return "taken";
      slots.set(number, value);
      return numbers().at(-1) === number ? "last" : "overtaken";
    },
    async read(from) {
      await before("read");
      return numbers().flatMap((number) => (number >= from ? [[number, slots.get(number)] as const] : []));
    },
    async last() {
      await before("last");
      const number = numbers().at(-1) ?? 0;
      const write = slots.get(number);
      return write === undefined ? null : { number, write };
    },
    async writeBase(number, records) {
      await before("writeBase");
      bases.set(number, [...records]);
    },
    async readBase(number) {
      await before("readBase");
      return bases.get(number) ?? [];
    },
    async sweep(below) {
      await before("sweep");
      for (const kept of [slots, bases]) for (const number of [...kept.keys()]) if (number < below) kept.delete(number);
    },
    async removeBase(number) {
      await before("removeBase");
      bases.delete(number);
    },
    async has(number) {
      await before("has");
      return slots.has(number);
    },
    loss: () => null,
    close: () => Promise.resolve(),
  };
}

/** A storage, and the same for somebody else, who does something once, right before an operation of the first. */
function createShared() {
  const planned: { operation: keyof Slots; run: (other: RecordStorage) => Promise<unknown> }[] = [];
  let isOther = false;
  const slots = createMemorySlots(async (operation) => {
    if (isOther || planned[0]?.operation !== operation) return;
    isOther = true;
    await planned.shift()?.run(other);
    isOther = false;
  });
  const other = createSlotStorage(slots);
  return {
    storage: createSlotStorage(slots),
    other,
    plan: (operation: keyof Slots, run: (by: RecordStorage) => Promise<unknown>) => void planned.push({ operation, run }),
  };
}

test("a base that is swept away while it is read is not taken for one that is empty", async () => {
  for (const operation of ["read", "readBase"] as const) {
    const { storage, other, plan } = createShared();
    await other.replace(tokenOf(1), [{ base: 1 }], {});
    await other.append(tokenOf(1), { number: 1 }, {});
    plan(operation, (by) => by.replace(tokenOf(1), [{ base: 2 }], {}));
    const { base, log } = await storage.read("all");
    expect([base, log]).toEqual([[{ base: 2 }], []]);
  }
});

test("a base that was begun before another one is not named after it", async () => {
  const { storage } = createShared();
  function* slow(): Generator<object, void> {
    yield { base: 1 };
  }
  await storage.append(tokenOf(1), { number: 1 }, {});
  const [first, second] = [storage.replace(tokenOf(1), slow(), null), storage.replace(tokenOf(1), [{ base: 2 }], null)];
  await Promise.allSettled([first, second]);
  expect((await storage.read("all")).base).toHaveLength(1);
});

test("a number that was swept away, and is free again, does not count", async () => {
  const { storage, other } = createShared();
  await storage.append(tokenOf(1), { number: 1 }, { upTo: 1 });
  await other.claim(tokenOf(2));
  await other.replace(tokenOf(2), [{ base: 2 }], { upTo: 2 });
  expect(await storage.append(tokenOf(1), { number: 2 }, { upTo: 2 })).toBe(false);
  expect(await other.read("all")).toEqual({ token: tokenOf(2), note: { upTo: 2 }, base: [{ base: 2 }], log: [] });
});

test("of two that want one number, the one that is later finds out who was first", async () => {
  const { storage, other, plan } = createShared();
  await storage.append(tokenOf(1), { number: 1 }, { upTo: 1 });
  await storage.append(tokenOf(1), { number: 2 }, { upTo: 2 });
  plan("write", (by) => by.append(tokenOf(2), { number: 3 }, { upTo: 3 }));
  expect(await storage.append(tokenOf(1), { number: 4 }, { upTo: 4 })).toBe(false);
  expect((await other.read("all")).log).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
});
