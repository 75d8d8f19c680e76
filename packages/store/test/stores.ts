/**
 * Stores of several peers in one realm, for tests: each in a realm of its own over one memory hub.
 */
import { createRealm, type MediumFactory, type PeerId, type Realm } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { type Commands, createStoreRealm, type Store, type StoreOptions } from "../src/index.js";

export interface Stores {
  open<S extends object, C extends Commands<S>>(name: string, options: StoreOptions<S, C>): Promise<Store<S, C>>;
  /** Ends a peer as the death of its realm would: its store hears nothing of it. */
  crash(store: object): void;
  closeAll(): Promise<void>;
}

/** `sent` is told of every frame that any of them sends; one that it says `"lost"` of does not arrive. */
export function createStores(sent: (frame: object) => "lost" | undefined = () => undefined): Stores {
  const hub = createMemoryHub();
  const medium: MediumFactory = (...given) => {
    const made = hub.medium(...given);
    const { transport } = made;
    return {
      ...made,
      transport: {
        open: (self, receive) => transport.open(self, receive),
        post(frame) {
          if (sent(frame) !== "lost") transport.post(frame);
        },
        send(to, frame) {
          if (sent(frame) !== "lost") transport.send(to, frame);
        },
        close: () => transport.close(),
      },
    };
  };
  const opened = new Map<object, { readonly self: () => PeerId | null; close(): Promise<void> }>();
  return {
    async open(name, options) {
      const realm = createRealm(medium);
      let self = (): PeerId | null => null;
      const start: Realm["start"] = async (...args) => {
        const server = await realm.start(...args);
        self = () => server.election.self;
        return server;
      };
      const store = await createStoreRealm({ start }).openStore(name, options);
      opened.set(store, { self, close: store.close });
      return store;
    },
    crash(store) {
      const self = opened.get(store)?.self();
      if (self === undefined || self === null) throw new Error("It was not opened here.");
      hub.crash(self);
    },
    async closeAll() {
      await Promise.all([...opened.values()].map(({ close }) => close()));
    },
  };
}
