/**
 * The realm of this program: the names that run in this tab, worker or thread.
 *
 * @module
 */
import { createRealm, type Realm } from "@gen-leader/behaviour";
import { defaultMedium } from "./platform.js";

let own: Realm | null = null;

function realm(): Realm {
  own ??= createRealm(defaultMedium);
  return own;
}

/** Starts a server under a name on this peer; see {@link Realm.start}. */
export const start: Realm["start"] = (...args) => realm().start(...args);

/** Starts a server that ends with its parent; see {@link Realm.startLink}. */
export const startLink: Realm["startLink"] = (...args) => realm().startLink(...args);

/** The server that runs under a name in this realm; see {@link Realm.whereis}. */
export const whereis: Realm["whereis"] = (...args) => realm().whereis(...args);
