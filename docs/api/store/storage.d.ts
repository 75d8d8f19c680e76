import { t as Persistence } from "./shared/persistence.js";
import { n as RecordStorage, t as Kept } from "./shared/port.js";

//#region src/storage/keeper.d.ts
/** Storages by the names of their stores, as what keeps stores. */
declare function createPersistence(createStorage: (name: string) => RecordStorage): Persistence;
//#endregion
export { type Kept, type RecordStorage, createPersistence };