import { t as Persistence } from "./shared/persistence.js";
import { n as RecordStorage } from "./shared/port.js";

//#region src/storage/idb.d.ts
/** Options of {@link idb}. */
interface IdbOptions {
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
/** Keeps stores in IndexedDB: in pages and in workers, one database of the origin for each store. */
declare function idb({
  durability,
  copies
}?: IdbOptions): Persistence;
/** The storage of one store; see {@link idb}. */
declare function createIdbStorage(name: string, durability: "relaxed" | "strict", second: FindFactory | null): RecordStorage;
/** Where databases are opened. Rejects where there are none. */
type FindFactory = () => Promise<IDBFactory>;
//#endregion
export { IdbOptions, createIdbStorage, idb };