/**
 * Users of a store in a simulation: they append and read lists, whatever befalls the peers, and write down what they see.
 */
import { type Operation, type SequentialModel, type SimulatedRealm, type Simulation, simulate } from "@gen-leader/testing";
import { type Behaviour, nameOf, noreply, ok, type Server } from "gen-leader";
import type { Draft } from "mutative";
import type { Durability, Store } from "../../src/index.js";
import type { StoreLimits } from "../../src/limits.js";
import { createPersistence } from "../../src/storage/index.js";
import { createStorePeer, type StorePeer } from "../../src/store-peer.js";
import type { StoreTypes } from "../../src/store-types.js";
import { overSimulated } from "./simulated-storage.js";

type Lists = { readonly [key: string]: readonly string[] };

class ThereAlreadyError extends Error {
  override readonly name = "ThereAlreadyError";
}

/** How long a command waits for something else, while everybody waits for it. */
let pause = (): Promise<void> => Promise.resolve();

const commands = {
  append(draft: Draft<Lists>, key: string, value: string): number {
    draft[key] = [...(draft[key] ?? []), value];
    return draft[key].length;
  },
  async appendLater(draft: Draft<Lists>, key: string, value: string): Promise<number> {
    await pause();
    return commands.append(draft, key, value);
  },
  /** Refuses where there is anything: a refusal tells of the state as well. */
  appendFirst(draft: Draft<Lists>, key: string, value: string): number {
    if ((draft[key]?.length ?? 0) % 3 !== 0) throw new ThereAlreadyError();
    return commands.append(draft, key, value);
  },
};

type ListsStore = Store<Lists, typeof commands>;

export interface Request {
  readonly type: "append" | "append-first" | "read";
  readonly key: string;
  readonly value: string;
}

export type Asked = Operation<Request, unknown>;

/** Lists, each a part of its own. */
export const listsModel: SequentialModel<readonly string[], Request, unknown> = {
  initial: [],
  partOf: ({ key }) => key,
  step(list, { type, value }, returned) {
    const isRefused = type === "append-first" && list.length % 3 !== 0;
    const next = type === "read" || isRefused ? list : [...list, value];
    const output = type === "read" ? list : isRefused ? "refused" : next.length;
    return returned === null || JSON.stringify(output) === JSON.stringify(returned.output) ? { state: next } : null;
  },
  print: (list) => list.join(),
};

export interface SimulatedUsersOptions {
  readonly seed: number;
  readonly durability: Durability;
  readonly faults: Parameters<typeof simulate>[0]["faults"];
  readonly rounds: number;
  /** How often everything ends at once, and some start again. @default 0 */
  readonly blackouts?: number;
  /** Whether peers join all the time. @default false */
  readonly hasNewcomers?: boolean;
}

/** What users saw, and what every copy holds when all has come to rest. */
export interface Seen {
  readonly history: readonly Asked[];
  readonly copies: readonly Lists[];
  /** What listeners of a copy were told that cannot be where nothing is lost. */
  readonly complaints: readonly string[];
  readonly steps: number;
  readonly elections: number;
  readonly befallen: Readonly<Record<string, number>>;
}

/** So small that peers which join late, or were away, lack more than what every leader tells them, and some more than any remembers. */
const limits: StoreLimits = { tentative: 4096, tail: 2, recent: 4, recentWeight: 1_000_000, piece: 400, batch: 4, log: 4000 };
const slowLimits: StoreLimits = { ...limits, piece: 100, batch: 1 };

/** So many that what was asked about one of them can be put in order. */
const keys = ["a", "b", "c", "d", "e", "f"];

/** A behaviour that is made when its peer begins. */
function afterReading(make: () => Promise<Behaviour<StoreTypes<Lists>>>): Behaviour<StoreTypes<Lists>> {
  let made: Behaviour<StoreTypes<Lists>> | null = null;
  const own = (): Behaviour<StoreTypes<Lists>> => {
    if (made === null) throw new Error("It has not begun.");
    return made;
  };
  return {
    async init() {
      made = await make();
      return made.init();
    },
    elected: (...given) => own().elected(...given),
    surrendered: (...given) => own().surrendered(...given),
    fromLeader: (state, ...given) => own().fromLeader?.(state, ...given) ?? ok(state),
    handleLeaderCall: (state, ...given) => own().handleLeaderCall?.(state, ...given) ?? noreply(state),
    handleCast: (state, ...given) => own().handleCast?.(state, ...given) ?? ok(state),
    handleDown: (state, ...given) => own().handleDown?.(state, ...given) ?? ok(state),
    terminate: (...given) => own().terminate?.(...given),
    snapshot: (state) => own().snapshot?.(state) ?? null,
  };
}

export async function simulateUsers({
  seed,
  durability,
  faults,
  rounds,
  blackouts = 0,
  hasNewcomers = false,
}: SimulatedUsersOptions): Promise<Seen> {
  const peers = new Map<string, StorePeer<Lists, typeof commands>>();
  const clients = new Map<ListsStore, string>();
  const stores = new Map<Server<StoreTypes<Lists>>, ListsStore>();
  let history: Asked[] = [];
  let copies: Lists[] = [];
  let complaints: string[] = [];
  let ends: { readonly store: ListsStore; readonly reject: (error: Error) => void }[] = [];

  function behaviour({ peer, storage }: SimulatedRealm) {
    const store = { initial: {}, commands, durability, errors: [ThereAlreadyError], limits: hasNewcomers ? slowLimits : limits };
    if (durability !== "persisted") {
      const made = createStorePeer<Lists, typeof commands>({ ...store, keeper: null, restored: null });
      peers.set(peer, made);
      return made.behaviour;
    }
    return afterReading(async () => {
      const release = { version: 0, migrate: (state: unknown) => state as Lists };
      const keeper = createPersistence(() => overSimulated(storage), limits).open("lists", { release, logger: undefined });
      const { replica } = await keeper.read();
      const made = createStorePeer<Lists, typeof commands>({ ...store, keeper, restored: replica });
      peers.set(peer, made);
      return made.behaviour;
    });
  }

  function storesOf({ servers }: Simulation<StoreTypes<Lists>>): readonly ListsStore[] {
    return servers.map((server) => {
      const known = stores.get(server);
      if (known !== undefined) return known;
      const peer = peers.get(nameOf(server.election.self));
      if (peer === undefined) throw new Error("A server without a store.");
      const store = peer.attach("lists", server);
      listen(store);
      stores.set(server, store);
      clients.set(store, server.election.self);
      return store;
    });
  }

  /** Changes come in order, each once, and none is taken back. */
  function listen(store: ListsStore): void {
    let before = store.status.position;
    store.subscribe((_state, change) => {
      const { type, position } = change;
      if (type === "committed" && position !== before + 1) complaints.push(`${position} was told after ${before}`);
      if (type === "replaced" && (change.hasLost || position < before)) complaints.push(`${before} was replaced by ${position}`);
      before = position;
    });
  }

  async function ask(simulation: Simulation<StoreTypes<Lists>>, store: ListsStore, input: Request): Promise<void> {
    const calledAt = simulation.nowMs;
    const client = clients.get(store) ?? "";
    const name = simulation.random.chance(0.3) ? "appendLater" : "append";
    async function run(): Promise<unknown> {
      const commandsOf = store.doWith({ timeoutMs: 20_000 });
      if (input.type === "append") return commandsOf[name](input.key, input.value);
      if (input.type === "append-first") return commandsOf.appendFirst(input.key, input.value);
      await store.sync({ timeoutMs: 20_000 });
      return store.get()[input.key] ?? [];
    }
    try {
      const output = await Promise.race([run(), untilGone(store)]);
      history.push({ client, input, calledAt, returned: { at: simulation.nowMs, output } });
    } catch (error) {
      if (error instanceof ThereAlreadyError)
        return void history.push({ client, input, calledAt, returned: { at: simulation.nowMs, output: "refused" } });
      const hasNoEffect = typeof error === "object" && error !== null && "outcome" in error && error.outcome === "not-started";
      if (input.type !== "read" && !hasNoEffect) history.push({ client, input, calledAt, returned: null });
    }
  }

  /** Starts one more peer; it may fail to, as its storage may. */
  async function startOne(simulation: Simulation<StoreTypes<Lists>>): Promise<void> {
    await Promise.race([simulation.start().catch(() => undefined), simulation.sleep(5000)]);
  }

  /** Rejects when the realm of a server has ended: nothing that is left of it settles. */
  function untilGone(store: ListsStore): Promise<never> {
    return new Promise((_resolve, reject) => ends.push({ store, reject }));
  }

  /** Whoever leads lets another one lead, if there is one. */
  function handOver(store: ListsStore): void {
    if (store.status.phase === "leading") store.stepDown().catch(() => undefined);
  }

  const { steps, elections, befallen } = await simulate(
    { behaviour, peers: 4, seed, faults: faults ?? {}, checkers: {} },
    async (simulation) => {
      history = [];
      copies = [];
      complaints = [];
      ends = [];
      stores.clear();
      pause = () => simulation.sleep(simulation.random.between(0, 700));
      let isOver = false;
      /** Those who start again get their store soon, as from `openStore`: without it nobody hears what they acknowledge. */
      const attach = async (): Promise<void> => {
        while (!isOver) {
          const present = storesOf(simulation);
          for (const { store, reject } of ends) if (!present.includes(store)) reject(new Error("Its realm has ended."));
          ends = ends.filter(({ store }) => present.includes(store));
          await simulation.sleep(10);
        }
      };
      void attach();
      const asked: Promise<void>[] = [];
      const dark = new Set(Array.from({ length: blackouts }, () => simulation.random.between(2, rounds - 2)));
      for (let round = 0; round < rounds; round += 1) {
        await simulation.sleep(simulation.random.between(20, 300));
        const all = storesOf(simulation);
        for (let count = simulation.random.between(1, 3); count > 0 && all.length > 0; count -= 1) {
          const type = simulation.random.pick(["append", "append", "append-first", "read", "read"] as const);
          const input: Request = { type, key: simulation.random.pick(keys), value: `${round}/${count}` };
          asked.push(ask(simulation, simulation.random.pick(all), input));
        }
        if (simulation.random.chance(0.1)) for (const store of all) handOver(store);
        if (dark.has(round)) for (const server of simulation.servers) simulation.crash(server);
        if (hasNewcomers && simulation.random.chance(0.2) && simulation.servers.length < 8) await startOne(simulation);
        while (blackouts > 0 && simulation.servers.length < 2) await startOne(simulation);
      }
      await Promise.all(asked);
      // A command that its caller has given up may take effect until everybody is up and heard again.
      await simulation.sleep(30_000);
      const rest = storesOf(simulation);
      const read = await Promise.all(
        rest.map((store) =>
          store.sync({ timeoutMs: 60_000 }).then(
            () => [store.get()],
            () => [],
          ),
        ),
      );
      isOver = true;
      copies = read.flat();
    },
  );
  return { history, copies, complaints, steps, elections, befallen };
}
