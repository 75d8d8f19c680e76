/**
 * The storage that all simulated realms share, as slots: what a store writes to IndexedDB and files goes the same way.
 */
import type { SimulatedStorage } from "@gen-leader/testing";
import type { RecordStorage } from "../../src/storage/port.js";
import { createSlotStorage, type Slots, type Write } from "../../src/storage/slots.js";

/** Records of a base that are written in one transaction. */
const batch = 4;

export function overSimulated(storage: SimulatedStorage): RecordStorage {
  return createSlotStorage(createSlots(storage));
}

function createSlots(storage: SimulatedStorage): Slots {
  return {
    write: (number, value) =>
      storage.transact((transaction) => {
        const key = keyOf("slot", number);
        const numbers = [...transaction.entries().keys()].filter((other) => other.startsWith("slot"));
        if (numbers.includes(key)) return "taken";
        transaction.set(key, value);
        return numbers.every((other) => other < key) ? "last" : "overtaken";
      }),
    read: (from) =>
      storage.transact((transaction) =>
        [...transaction.entries()].flatMap(([key, value]) =>
          key.startsWith("slot") && key >= keyOf("slot", from) ? [[numberOf(key), value]] : [],
        ),
      ),
    last: () =>
      storage.transact((transaction) => {
        const found = [...transaction.entries()].findLast(([key]) => key.startsWith("slot"));
        return found === undefined ? null : { number: numberOf(found[0]), write: found[1] as Write };
      }),
    async writeBase(number, records) {
      const all = [...records];
      for (let from = 0; from < all.length; from += batch)
        await storage.transact((transaction) => {
          for (const [index, record] of all.slice(from, from + batch).entries())
            transaction.set(keyOf(keyOf("base", number), from + index), record);
        });
    },
    readBase: (number) =>
      storage.transact((transaction) =>
        [...transaction.entries()].flatMap(([key, value]) => (key.startsWith(`${keyOf("base", number)}/`) ? [value] : [])),
      ),
    sweep: (below) =>
      storage.transact((transaction) => {
        for (const key of transaction.entries().keys()) {
          for (const kind of ["slot", "base"]) if (key.startsWith(kind) && key < keyOf(kind, below)) transaction.delete(key);
        }
      }),
    removeBase: (number) =>
      storage.transact((transaction) => {
        for (const key of transaction.entries().keys()) if (key.startsWith(`${keyOf("base", number)}/`)) transaction.delete(key);
      }),
    has: (number) => storage.transact((transaction) => transaction.get(keyOf("slot", number)) !== undefined),
    loss: () => null,
    close: () => Promise.resolve(),
  };
}

function keyOf(kind: string, number: number): string {
  return `${kind}/${String(number).padStart(9, "0")}`;
}

function numberOf(key: string): number {
  return Number(key.slice(key.lastIndexOf("/") + 1));
}
