/**
 * One state shared by all tabs and threads: written through the leader, read from the peer's own copy.
 *
 * @module
 */
import { start } from "gen-leader";
import { createStoreRealm, type StoreRealm } from "./open-store.js";

export type { ArgsOf, Command, Commands, ValueOf } from "./commands.js";
export type { ErrorClass } from "./error-transfer.js";
export * from "./errors.js";
export { createStoreRealm, type StoreRealm } from "./open-store.js";
export type { Durability } from "./replica.js";
export type { Persistence } from "./storage/persistence.js";
export type * from "./store.js";

/** Opens a store in this realm; see {@link StoreRealm.openStore}. */
export const openStore: StoreRealm["openStore"] = createStoreRealm({ start }).openStore;
