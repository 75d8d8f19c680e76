/**
 * A few real servers in one realm, over the memory medium, for one story: with what the story needs to see and to disturb.
 *
 * @module
 */
import {
  type Behaviour,
  createRealm,
  type Fence,
  type Medium,
  ok,
  type PeerId,
  reply,
  type Server,
  type StartOptions,
  sync,
} from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { Caught } from "../hunter.js";

/** A list that the leader appends to. */
export interface ListTypes {
  readonly state: readonly string[];
  readonly sync: readonly string[];
  readonly broadcast: { item: string };
  readonly leaderCalls: { add(request: { item: string }): number };
  readonly leaderCasts: string;
  readonly calls: { read(): readonly string[] };
}

export type ListServer = Server<ListTypes>;

/** The callbacks that every story begins with; `see` gets every state. */
export function listBehaviour(see: (state: readonly string[]) => void = () => {}): Behaviour<ListTypes> {
  const seen = (state: readonly string[]) => {
    see(state);
    return state;
  };
  return {
    init: () => ok(seen([])),
    elected: (state) => sync(state, state),
    surrendered: (_state, value) => ok(seen(value)),
    fromLeader: (state, { item }) => ok(seen([...state, item])),
    handleLeaderCall(state, { item }) {
      const next = seen([...state, item]);
      return reply(next, next.length, { broadcast: { item } });
    },
    handleLeaderCast: (state, item) => ok(seen([...state, item]), { broadcast: { item } }),
    handleCall: (state) => reply(state, state),
  };
}

const cluster = "story";

export interface Realms {
  /** Starts a peer, and waits until it is led. `alter` may put something between it and its medium. */
  start(
    peer: string,
    behaviour: Behaviour<ListTypes>,
    options?: StartOptions<ListTypes>,
    alter?: (medium: Medium) => Medium,
  ): Promise<ListServer>;
  crash(server: ListServer): void;
  /** Takes the fence from a peer, as a thief would who was not told that it runs. Returns what gives it back. */
  rob(server: ListServer): Promise<() => void>;
  stopAll(): Promise<void>;
}

export function createRealms(): Realms {
  const hub = createMemoryHub();
  const servers: ListServer[] = [];
  let thieves = 0;
  return {
    async start(peer, behaviour, options = {}, alter = (medium) => medium) {
      const realm = createRealm((name, wishes) => alter(hub.medium(name, wishes)));
      const server = await realm.start<ListTypes>(cluster, behaviour, { ...options, peer });
      servers.push(server);
      return server;
    },
    crash: ({ election }) => hub.crash(election.self),
    async rob({ election }) {
      thieves += 1;
      const fence: Fence | null = hub.medium(cluster).fence;
      const thief: PeerId = `thief#${thieves}`;
      if (fence === null) throw new Caught("stories-are-sound", "there is no fence");
      await fence.open(thief, () => {});
      fence.steal(election.self);
      return () => fence.close();
    },
    async stopAll() {
      await Promise.all(servers.map((server) => Promise.race([server.stop(), pause(500)])));
    },
  };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Something must be so. */
export function expectSo(isSo: boolean, checker: string, detail: string): void {
  if (!isSo) throw new Caught(checker, detail);
}

/** Something must come to be so. */
export async function awaitSo(isSo: () => boolean, ms: number, checker: string, detail: string): Promise<void> {
  const until = performance.now() + ms;
  while (!isSo()) {
    if (performance.now() > until) throw new Caught(checker, detail);
    await pause(5);
  }
}

export type Settled = { readonly type: "value"; readonly value: unknown } | { readonly type: "error"; readonly error: unknown };

/** How a promise ends; it must, in time. */
export async function settled(promise: Promise<unknown>, ms: number, checker = "calls-settle"): Promise<Settled> {
  const end = promise.then(
    (value): Settled => ({ type: "value", value }),
    (error: unknown): Settled => ({ type: "error", error }),
  );
  const ended = await Promise.race([end, pause(ms).then(() => null)]);
  if (ended === null) throw new Caught(checker, `not settled within ${ms} ms`);
  return ended;
}

/** Something to wait for that the story lets go. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function createGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
