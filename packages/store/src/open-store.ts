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
   * hear this peer; until a leader is known it holds what is stored, or else what it is made of.
   *
   * @throws StorageFailedError if what is stored cannot be read: it can be opened without `persistence`, and then keeps nothing
   * @throws AlreadyStartedError if it is open in this realm and namespace
   * @throws BadArgumentError, NameTakenError, UnsupportedRuntimeError as `start`
   */
  openStore<S extends object, C extends Commands<S>>(name: string, options: StoreOptions<S, C>): Promise<Store<S, C>>;
}

/** Stores over the servers of a realm. Programs use that of `@gen-leader/store`; tests make several to have several peers in one thread. */
export function createStoreRealm({ start }: Pick<Realm, "start">): StoreRealm {
  return {
    async openStore(name, { initial, commands, durability = "replicated", errors = [], persistence, migrate, ...peerOptions }) {
      const { logger, namespace, version = 0 } = peerOptions;
      // Without it, states of all releases are taken for the same.
      const release = { version, migrate: migrate ?? ((state: unknown) => state as typeof initial) };
      const keeper = persistence?.open(storageName(name, namespace), { release, logger }) ?? null;
      try {
        const { epoch, replica } = (await keeper?.read()) ?? { epoch: 0, replica: null };
        const peer = createStorePeer({ initial, commands, durability, errors, logger, keeper, restored: replica });
        return peer.attach(name, await start(`store/${name}`, peer.behaviour, { ...peerOptions, epoch }));
      } catch (error) {
        await keeper?.close();
        throw error;
      }
    },
  };
}

/** One name for a store of a namespace: fit for a file, and never one with a meaning of its own. */
function storageName(name: string, namespace = ""): string {
  return `${encodeURIComponent(namespace)}@${encodeURIComponent(name)}`;
}
