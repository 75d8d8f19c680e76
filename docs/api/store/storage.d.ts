import { t as Persistence } from "./shared/persistence.js";
import { n as RecordStorage, t as Kept } from "./shared/port.js";

//#region src/limits.d.ts
/**
 * How much of everything a store keeps at hand.
 *
 * @module
 */
interface StoreLimits {
  /** Commits that may be tentative: while a peer hangs, they grow. */
  readonly tentative: number;
  /** Commits that a leader tells everybody who surrenders to it: most lack few. */
  readonly tail: number;
  /** Commits that are remembered for whoever lacks more. */
  readonly recent: number;
  /** What they may weigh, about in bytes. */
  readonly recentWeight: number;
  /** What a part of something large may weigh, about in bytes, and how many parts go at once: so few that nobody stands still for them. */
  readonly piece: number;
  readonly batch: number;
  /** What the stored commits may weigh before the copy is written anew, however small that is. */
  readonly log: number;
}
//#endregion
//#region src/storage/keeper.d.ts
/** Storages by the names of their stores, as what keeps stores. */
declare function createPersistence(createStorage: (name: string) => RecordStorage, limits?: StoreLimits): Persistence;
//#endregion
export { type Kept, type RecordStorage, createPersistence };