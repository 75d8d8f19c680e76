import { t as Persistence } from "./shared/persistence.js";
import { n as RecordStorage } from "./shared/port.js";

//#region src/storage/memory.d.ts
/** Keeps stores as long as what it returns is there, in this realm alone: every peer that uses it must be in this realm. */
declare function memory(): Persistence;
/** The storages of all names; see {@link memory}. */
declare function createMemoryStorages(): (name: string) => RecordStorage;
//#endregion
export { createMemoryStorages, memory };