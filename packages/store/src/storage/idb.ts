/**
 * A storage in IndexedDB, a database for each store. Requests are those of idb-keyval; transactions are our own: of a slot that is written
 * once, and none waits for the page in the middle.
 *
 * @see https://github.com/jakearchibald/idb-keyval
 * @see https://w3c.github.io/IndexedDB/
 * @module
 */
import { promisifyRequest, type UseStore } from "idb-keyval";
import { createPersistence } from "./keeper.js";
import { mirrored } from "./mirrored.js";
import type { Persistence } from "./persistence.js";
import type { RecordStorage } from "./port.js";
import { createSlotStorage, type Slots } from "./slots.js";

/** Options of {@link idb}. */
export interface IdbOptions {
  /**
   * When a write is done: when the operating system has it, or when the disk has it. The first outlives the end of the browser, the second a
   * power cut as well, and is slower. @default "relaxed"
   */
  readonly durability?: "relaxed" | "strict";
  /**
   * How often everything is written. A second copy, in a storage bucket of its own, is kept where the browser has those (Chromium), since there a
   * database may be removed as a whole after the browser was killed; it costs a second transaction for each write. @default 2
   */
  readonly copies?: 1 | 2;
}

const records = "records";
/** Records of a base that are written in one transaction. */
const batch = 8;

/** Keeps stores in IndexedDB: in pages and in workers, one database of the origin for each store. */
export function idb({ durability = "relaxed", copies = 2 }: IdbOptions = {}): Persistence {
  return createPersistence((name) => createIdbStorage(name, durability, copies === 2 ? findBucket() : null));
}

/** The storage of one store; see {@link idb}. */
export function createIdbStorage(name: string, durability: "relaxed" | "strict", second: FindFactory | null): RecordStorage {
  const slotsIn = (factory: FindFactory): Slots => createSlots(createConnection(factory, `gen-leader/${name}`, durability));
  const first = slotsIn(async () => indexedDB);
  return createSlotStorage(second === null ? first : mirrored(first, slotsIn(second)));
}

/** Where databases are opened. Rejects where there are none. */
type FindFactory = () => Promise<IDBFactory>;

interface StorageBuckets {
  open(name: string): Promise<{ readonly indexedDB: IDBFactory }>;
}

/**
 * A storage bucket beside the one that everything of an origin is in otherwise, where the browser has them.
 *
 * @see https://wicg.github.io/storage-buckets/
 */
function findBucket(): FindFactory | null {
  if (typeof navigator === "undefined" || !("storageBuckets" in navigator)) return null;
  const buckets = navigator.storageBuckets as StorageBuckets;
  return async () => (await buckets.open("gen-leader")).indexedDB;
}

function createSlots({ use, loss, close }: Connection): Slots {
  const lastSlot = (store: IDBObjectStore): Promise<IDBCursorWithValue | null> => promisifyRequest(store.openCursor(allOf("slot"), "prev"));

  return {
    write: (number, value) =>
      use("readwrite", async (store) => {
        const asked = [promisifyRequest(store.add(value, ["slot", number])), lastSlot(store), promisifyRequest(store.transaction)] as const;
        const [added, last, done] = await Promise.allSettled(asked);
        if (added.status === "rejected" && isNamed(added.reason, "ConstraintError")) return "taken";
        for (const result of [added, done]) if (result.status === "rejected") throw result.reason;
        return last.status === "fulfilled" && numberOf(last.value?.key) === number ? "last" : "overtaken";
      }),
    read: (from) =>
      use("readonly", async (store) => {
        const range = IDBKeyRange.bound(["slot", from], ["slot", []]);
        const [keys, values] = await Promise.all([promisifyRequest(store.getAllKeys(range)), promisifyRequest(store.getAll(range))]);
        return values.map((value, index) => [numberOf(keys[index]), value] as const);
      }),
    last: () =>
      use("readonly", async (store) => {
        const found = await lastSlot(store);
        return found === null ? null : { number: numberOf(found.key), write: found.value };
      }),
    async writeBase(number, all) {
      let written = 0;
      let waiting: object[] = [];
      const write = async (): Promise<void> => {
        const [from, batched] = [written, waiting];
        written += waiting.length;
        waiting = [];
        await use("readwrite", (store) => {
          for (const [index, record] of batched.entries()) store.put(record, ["base", number, from + index]);
          return promisifyRequest(store.transaction);
        });
      };
      for (const record of all) if (waiting.push(record) === batch) await write();
      await write();
    },
    readBase: (number) => use("readonly", (store) => promisifyRequest<unknown[]>(store.getAll(allOf("base", number)))),
    sweep: (below) =>
      use("readwrite", (store) => {
        for (const kind of ["slot", "base"]) store.delete(IDBKeyRange.bound([kind], [kind, below], false, true));
        return promisifyRequest(store.transaction);
      }),
    removeBase: (number) =>
      use("readwrite", (store) => {
        store.delete(allOf("base", number));
        return promisifyRequest(store.transaction);
      }),
    has: async (number) => (await use("readonly", (store) => promisifyRequest(store.getKey(["slot", number])))) !== undefined,
    loss,
    close,
  };
}

function numberOf(key: IDBValidKey | undefined): number {
  return Array.isArray(key) && typeof key[1] === "number" ? key[1] : 0;
}

/** Every key that begins so. Lists come after everything else. */
function allOf(...key: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(key, [...key, []]);
}

interface Connection {
  /** Runs a transaction: all that it does is asked for at once. Where the connection was lost, it is opened anew, and the transaction is run once more. */
  readonly use: UseStore;
  /** What the browser says that it has thrown away. */
  readonly loss: () => string | null;
  close(): Promise<void>;
}

function createConnection(factory: FindFactory, database: string, durability: "relaxed" | "strict"): Connection {
  let opened: Promise<IDBDatabase> | null = null;
  let loss: string | null = null;
  let wasOpen = false;
  /** What was asked for, when all of it is done. */
  let done: Promise<unknown> = Promise.resolve();

  function open(): Promise<IDBDatabase> {
    if (opened !== null) return opened;
    const own = connect(() => {
      if (opened === own) opened = null;
    });
    opened = own;
    return own;
  }

  /** `lost` is called when the connection is, or cannot be made; not from within. */
  async function connect(lost: () => void): Promise<IDBDatabase> {
    try {
      const request = (await factory()).open(database);
      let isNew = false;
      request.onupgradeneeded = (event) => {
        request.result.createObjectStore(records);
        loss = lossIn(event);
        isNew = true;
      };
      const connection = await promisifyRequest(request);
      // What was to be written goes on from what is not there any more: whoever asked has to write everything.
      if (isNew && wasOpen) {
        wasOpen = false;
        connection.close();
        throw new Error("The database was removed while the store was open.");
      }
      wasOpen = true;
      // Safari closes connections of pages in the background.
      connection.onclose = lost;
      // Whoever deletes the database must not wait for us.
      connection.onversionchange = () => {
        lost();
        connection.close();
      };
      return connection;
    } catch (error) {
      lost();
      throw error;
    }
  }

  async function run<T>(mode: IDBTransactionMode, callback: (store: IDBObjectStore) => T | PromiseLike<T>): Promise<T> {
    const transaction = (await open()).transaction(records, mode, { durability });
    const result = callback(transaction.objectStore(records));
    // All has been asked for: it is done, and others go on, although this page hangs, or ends.
    transaction.commit();
    return result;
  }

  return {
    use(mode, callback) {
      const result = run(mode, callback).catch((error: unknown) => {
        if (!isLost(error)) throw error;
        opened = null;
        return run(mode, callback);
      });
      done = Promise.allSettled([done, result]);
      return result;
    },
    loss: () => loss,
    async close() {
      await done;
      const connection = await opened?.catch(() => null);
      connection?.close();
    },
  };
}

/** Chromium says why a database begins anew that was there. */
function lossIn(event: IDBVersionChangeEvent): string | null {
  if (!("dataLoss" in event) || event.dataLoss === "none") return null;
  return "dataLossMessage" in event ? String(event.dataLossMessage) : String(event.dataLoss);
}

/** Whether the connection is gone, and another may do. A full disk and a blocked page stay what they are. */
function isLost(error: unknown): boolean {
  return isNamed(error, "InvalidStateError", "AbortError", "UnknownError");
}

function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof DOMException && names.includes(error.name);
}
