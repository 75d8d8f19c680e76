/**
 * For those who write a storage of their own.
 *
 * @module
 */
export { createPersistence } from "./keeper.js";
export type { Kept, RecordStorage } from "./port.js";
