/**
 * Peers of one cluster in one thread: each is started in a realm of its own over one memory hub.
 *
 * @module
 */
import { createMemoryHub, type MemoryHub } from "@gen-leader/adapters/memory";
import { type Behaviour, type BehaviourTypes, createRealm, type Election, type OptionsOf, type Realm, type Server } from "gen-leader";
import type { Log } from "./log.js";
import { patient } from "./patience.js";

export interface Cluster {
  readonly hub: MemoryHub;
  /** A realm of its own: what a tab, a worker or a thread is. */
  realm(): Realm;
  /** Starts a server in a new realm. */
  start<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, ...options: OptionsOf<T>): Promise<Server<T>>;
  /** Ends a peer as the death of its realm would. */
  crash(peer: { readonly election: Election }): void;
  close(): Promise<void>;
}

export function createCluster(hub: MemoryHub = createMemoryHub()): Cluster {
  const started: { stop(): Promise<unknown> }[] = [];
  return {
    hub,
    realm: () => createRealm(hub.medium),
    async start(name, behaviour, ...options) {
      const server = await createRealm(hub.medium).start(name, behaviour, ...options);
      started.push(server);
      return server;
    },
    crash: ({ election }) => hub.crash(election.self),
    async close() {
      await Promise.all(started.map((server) => server.stop()));
    },
  };
}

/** Something that tells of its election. */
interface Watched {
  readonly election: Election;
  subscribe(listener: () => void): () => void;
}

/** Resolves once `fits` is true: looked at now and after every change that the peer tells of. */
export function until(peer: Watched, fits: (election: Election) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const end = peer.subscribe(() => {
      if (!fits(peer.election)) return;
      // The first call comes from within `subscribe`.
      queueMicrotask(() => end());
      resolve();
    });
  });
}

/** Resolves once these peers follow the first of them, or any of them, and the leader counts on exactly them. */
export async function agreed<P extends Watched>(peers: readonly P[]): Promise<P> {
  const agree = () => {
    const leader = peers.find(({ election }) => election.isLeader);
    if (leader === undefined) return undefined;
    const { self, epoch } = leader.election;
    const fits = ({ election }: P) => election.leader === self && election.epoch === epoch && election.inStep.length === peers.length;
    return peers.every(fits) ? leader : undefined;
  };
  await new Promise<void>((resolve) => {
    const ends: (() => void)[] = [];
    const look = () => {
      if (agree() === undefined) return;
      queueMicrotask(() => {
        for (const end of ends) end();
      });
      resolve();
    };
    for (const peer of peers) ends.push(peer.subscribe(look));
  });
  const leader = agree();
  if (leader === undefined) throw new Error("The leader was lost while it was looked for.");
  return leader;
}

/** Two peers of the log, the first of which leads. */
export async function startTwo(
  cluster: Cluster,
  leads: Behaviour<Log>,
  follows = leads,
): Promise<{ readonly leader: Server<Log>; readonly follower: Server<Log> }> {
  const leader = await cluster.start("log", leads, { limits: patient, peer: "leader" });
  const follower = await cluster.start("log", follows, { limits: patient, peer: "follower" });
  await agreed([leader, follower]);
  return { leader, follower };
}
