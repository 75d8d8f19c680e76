import { t as Persistence } from "./shared/persistence.js";
import { n as RecordStorage } from "./shared/port.js";

//#region src/storage/files.d.ts
/**
 * Keeps stores in files below `directory`, which is made if it is not there: on Node, for all threads of a process. A write is done when the disk has it.
 */
declare function files(directory: string): Persistence;
/** The storage of one store, in a directory of its own. */
declare function createFileStorage(directory: string): RecordStorage;
//#endregion
export { createFileStorage, files };