/**
 * Peers of one cluster in one realm, for tests: each is started in a realm of its own over one memory hub.
 */
import { createMemoryHub, type MemoryHub } from "@gen-leader/adapters/memory";
import { type Behaviour, type BehaviourTypes, createRealm, type Server, type ServerStatus, type StartOptions } from "../src/index.js";

export interface Peers {
  readonly hub: MemoryHub;
  start<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, options?: StartOptions<T>): Promise<Server<T>>;
  /** Ends a peer as the death of its realm would. */
  crash(server: Server<never>): void;
  stopAll(): Promise<void>;
}

export function createPeers(): Peers {
  const hub = createMemoryHub();
  const started: { stop(): Promise<unknown> }[] = [];
  return {
    hub,
    async start(name, behaviour, options) {
      const realm = createRealm(hub.medium);
      const begin: (...args: readonly [string, typeof behaviour, typeof options]) => Promise<Server<never>> = realm.start as never;
      const server = (await begin(name, behaviour, options)) as never;
      started.push(server);
      return server;
    },
    crash(server) {
      hub.crash(server.election.self);
    },
    async stopAll() {
      await Promise.all(started.map((server) => server.stop()));
    },
  };
}

/** Resolves at the first status that fits: the present one, or one to come. */
export function until(
  server: { subscribe(listener: (status: ServerStatus) => void): () => void },
  fits: (status: ServerStatus) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    let done = false;
    const end = server.subscribe((status) => {
      if (done || !fits(status)) return;
      done = true;
      queueMicrotask(() => end());
      resolve();
    });
  });
}
