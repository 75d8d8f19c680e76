/**
 * The door of a store.
 *
 * @module
 */
import type { Realm } from "gen-leader";
import type { Commands } from "./commands.js";
import type { Store, StoreOptions } from "./store.js";
import { createStorePeer } from "./store-peer.js";

/** Opens stores in one realm: a tab, a worker, a thread. */
export interface StoreRealm {
  /**
   * Opens the store of this name on this peer: joins the others that have it open, and takes over what they have. Resolves once the others can
   * hear this peer; until a leader is known it holds what it is made of.
   *
   * @throws AlreadyStartedError if it is open in this realm and namespace
   * @throws BadArgumentError, NameTakenError, UnsupportedRuntimeError as `start`
   */
  openStore<S extends object, C extends Commands<S>>(name: string, options: StoreOptions<S, C>): Promise<Store<S, C>>;
}

/** Stores over the servers of a realm. Programs use that of `@gen-leader/store`; tests make several to have several peers in one thread. */
export function createStoreRealm({ start }: Pick<Realm, "start">): StoreRealm {
  return {
    async openStore(name, { initial, commands, durability = "replicated", errors = [], ...peerOptions }) {
      const peer = createStorePeer({ initial, commands, durability, errors, logger: peerOptions.logger });
      return peer.attach(name, await start(`store/${name}`, peer.behaviour, peerOptions));
    },
  };
}
