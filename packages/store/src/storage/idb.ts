/**
 * A storage in IndexedDB, a database for each store. Requests are those of idb-keyval; transactions are our own, since the token is compared
 * within them.
 *
 * @see https://github.com/jakearchibald/idb-keyval
 * @see https://w3c.github.io/IndexedDB/
 * @module
 */
import { compareTokens, type Token } from "gen-leader";
import { promisifyRequest, type UseStore } from "idb-keyval";
import { createPersistence } from "./keeper.js";
import type { Persistence } from "./persistence.js";
import type { RecordStorage } from "./port.js";

/** Options of {@link idb}. */
export interface IdbOptions {
  /**
   * When a write is done: when the operating system has it, or when the disk has it. The first outlives the end of the browser, the second a
   * power cut as well, and is slower. @default "relaxed"
   */
  readonly durability?: "relaxed" | "strict";
}

/** What is known of all that is stored. */
interface Head {
  readonly token: Token;
  readonly note: unknown;
  /** Which base counts, and which is being written or was left unfinished. */
  readonly base: number;
  readonly nextBase: number;
  /** The number of the next record of the log. */
  readonly next: number;
}

const records = "records";
/** Records of a base that are written in one transaction. */
const batch = 8;

/** Keeps stores in IndexedDB: in pages and in workers, one database of the origin for each store. */
export function idb({ durability = "relaxed" }: IdbOptions = {}): Persistence {
  return createPersistence((name) => createIdbStorage(name, durability));
}

/** The storage of one store; see {@link idb}. */
export function createIdbStorage(name: string, durability: "relaxed" | "strict"): RecordStorage {
  const { use, close } = createConnection(`gen-leader/${name}`, durability);

  /** Writes in one transaction, if nobody has written under a larger token. */
  function write<R>(
    token: Token,
    run: (store: IDBObjectStore, head: Head) => { readonly head: Head; readonly result: R },
  ): Promise<R | null> {
    return use("readwrite", async (store) => {
      const known = await headOf(store);
      if (compareTokens(token, known?.token ?? null) < 0) return null;
      const { head, result } = run(store, known ?? { token, note: null, base: 0, nextBase: 1, next: 0 });
      store.put({ ...head, token }, "head");
      await promisifyRequest(store.transaction);
      return result;
    });
  }

  const writeBase = (token: Token, base: number, from: number, batched: readonly object[]): Promise<true | null> =>
    write(token, (store, head) => {
      for (const [index, record] of batched.entries()) store.put(record, ["base", base, from + index]);
      return { head, result: true };
    });

  return {
    read: (part) =>
      use("readonly", async (store) => {
        const head = await headOf(store);
        if (head === null) return { token: null, note: null, base: [], log: [] };
        const { token, note } = head;
        const base = part === "all" ? promisifyRequest<unknown[]>(store.getAll(allOf("base", head.base))) : [];
        const log = promisifyRequest<unknown[]>(store.getAll(allOf("log")));
        return { token, note, base: await base, log: await log };
      }),
    claim: (token) => write(token, (_store, head) => ({ head, result: { note: head.note } })),
    async append(token, record, note) {
      const isOurs = await write(token, (store, head) => {
        store.put(record, ["log", head.next]);
        return { head: { ...head, note, next: head.next + 1 }, result: true };
      });
      return isOurs ?? false;
    },
    async replace(token, base, note) {
      const begun = await write(token, (store, head) => {
        store.delete(allOf("base", head.nextBase));
        return { head: { ...head, nextBase: head.nextBase + 1 }, result: { base: head.nextBase, first: head.next } };
      });
      if (begun === null) return false;
      let written = 0;
      let waiting: object[] = [];
      for (const record of base) {
        waiting.push(record);
        if (waiting.length < batch) continue;
        if ((await writeBase(token, begun.base, written, waiting)) === null) return false;
        written += waiting.length;
        waiting = [];
      }
      if ((await writeBase(token, begun.base, written, waiting)) === null) return false;
      const isOurs = await write(token, (store, head) => {
        store.delete(IDBKeyRange.bound(["base"], ["base", begun.base], false, true));
        store.delete(IDBKeyRange.bound(["log"], ["log", begun.first], false, true));
        return { head: { ...head, note: note ?? head.note, base: begun.base }, result: true };
      });
      return isOurs ?? false;
    },
    close,
  };
}

async function headOf(store: IDBObjectStore): Promise<Head | null> {
  return (await promisifyRequest<Head | undefined>(store.get("head"))) ?? null;
}

/** Every key that begins so. Lists come after everything else. */
function allOf(...key: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(key, [...key, []]);
}

interface Connection {
  /** Runs a transaction. Where the connection was lost, it is opened anew, and the transaction is run once more. */
  readonly use: UseStore;
  close(): Promise<void>;
}

function createConnection(database: string, durability: "relaxed" | "strict"): Connection {
  let opened: Promise<IDBDatabase> | null = null;
  /** What was asked for, when all of it is done. */
  let done: Promise<unknown> = Promise.resolve();

  function open(): Promise<IDBDatabase> {
    opened ??= (async () => {
      const request = indexedDB.open(database);
      request.onupgradeneeded = () => void request.result.createObjectStore(records);
      const connection = await promisifyRequest(request);
      // Safari closes connections of pages in the background.
      connection.onclose = () => {
        opened = null;
      };
      // Whoever deletes the database must not wait for us.
      connection.onversionchange = () => {
        opened = null;
        connection.close();
      };
      return connection;
    })();
    return opened;
  }

  async function run<T>(mode: IDBTransactionMode, callback: (store: IDBObjectStore) => T | PromiseLike<T>): Promise<T> {
    const transaction = (await open()).transaction(records, mode, { durability });
    return callback(transaction.objectStore(records));
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
    async close() {
      await done;
      const connection = await opened?.catch(() => null);
      connection?.close();
    },
  };
}

/** Whether the connection is gone, and another may do. A full disk and a blocked page stay what they are. */
function isLost(error: unknown): boolean {
  return error instanceof DOMException && ["InvalidStateError", "AbortError", "UnknownError"].includes(error.name);
}
