/**
 * What a simulated realm has of the database that all realms of a simulation share, as all tabs of an origin share IndexedDB.
 *
 * @module
 */
import type { Token } from "@gen-leader/protocol";

/** The platform did not commit a transaction, as the fault `storageFailure` has it: nothing of it was written. */
export class StorageFailedError extends Error {
  readonly code = "storage-failed";
  constructor(
    /** There was no room for what was to be written, or the connection was closing. */
    readonly reason: "quota" | "closing",
  ) {
    super(
      `The simulated storage did not commit a transaction: ${reason === "quota" ? "its quota is used up" : "its connection is closing"}.`,
    );
    this.name = "StorageFailedError";
  }
}

/** What a transaction does things with. It is over once its function has returned: after that everything here throws a `TypeError`. */
export interface SimulatedTransaction {
  /** A copy of what is stored under a key, with what this transaction has written; `undefined` if there is nothing. */
  get(key: string): unknown;
  /** Stores a copy of a value; `undefined` is as good as none. @throws DataCloneError if it cannot be cloned */
  set(key: string, value: unknown): void;
  /** Removes what is stored under a key, if anything is. */
  delete(key: string): void;
  /** A copy of everything, in order of the keys. */
  entries(): ReadonlyMap<string, unknown>;
}

/** How a transaction is made. */
export interface TransactOptions {
  /**
   * The fencing token under which it writes, for the checker `storedTokensGrow`. The storage itself compares nothing and
   * refuses nothing: to do so is the behaviour's part. @default null
   */
  readonly token?: Token | null;
}

/**
 * The database, as one realm has it. It outlives every realm. What a realm asks for is done in the order in which it asked;
 * between realms there is no order but that of the commits. Promises settle in the realm: when it runs again if it hangs or
 * is put away, never if it has ended.
 */
export interface SimulatedStorage {
  /** What is stored under a key, `undefined` if nothing is: a transaction of its own. Rejects with `StorageFailedError`. */
  read(key: string): Promise<unknown>;
  /** Everything that is stored: a transaction of its own. Rejects with `StorageFailedError`. */
  entries(): Promise<ReadonlyMap<string, unknown>>;
  /**
   * Reads and writes at one instant of virtual time, `storageMs` after it was asked for: all of it, or nothing. Transactions of
   * all realms run one after another. Resolves to what `run` returns.
   *
   * `run` stands for requests that are under way already: it runs although its realm hangs or is put away by then. If the
   * realm has ended, its last transactions may be lost; whether they are, nobody is told. So `run` decides by what it
   * reads in the transaction and by what was known when it was asked for.
   *
   * Rejects with `StorageFailedError`, or with what `run` throws: nothing was written then.
   */
  transact<R>(run: (transaction: SimulatedTransaction) => R, options?: TransactOptions): Promise<R>;
}
