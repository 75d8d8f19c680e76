import { type Behaviour, compareTokens, ok, reply, sync, type Token } from "gen-leader";
import { describe, expect, test } from "vitest";
import { observed, type SimulatedRealm, type SimulatedStorage, SimulationError, simulate } from "../src/index.js";

type LedgerTypes = {
  state: number;
  sync: number;
  broadcast: { type: "added"; by: number };
  leaderCalls: { add(request: { by: number }): number };
};

function isToken(value: unknown): value is Token {
  return typeof value === "object" && value !== null && "epoch" in value && "leader" in value;
}

interface LedgerOptions {
  /** Whether a write is refused where one under a larger token stands. */
  readonly compares: boolean;
  /** Whether it looks, before it writes, in a transaction of its own. */
  readonly looks?: boolean;
  readonly refused?: () => void;
}

/** Adds up what it is told, in the storage first. */
function ledger({ storage }: SimulatedRealm, { compares, looks = false, refused }: LedgerOptions): Behaviour<LedgerTypes> {
  return {
    async init() {
      const stored = await storage.read("count");
      return ok(typeof stored === "number" ? stored : 0);
    },
    elected: (count) => sync(count, count),
    surrendered: (_count, leaders) => ok(leaders),
    fromLeader: (count, { by }) => ok(count + by),
    async handleLeaderCall(count, { by }, { election: { token } }) {
      const next = count + by;
      if (looks) await storage.read("count");
      const isStored = await storage.transact(
        (transaction) => {
          const last = transaction.get("token");
          if (compares && isToken(last) && compareTokens(token, last) < 0) return false;
          transaction.set("token", token);
          transaction.set("count", next);
          return true;
        },
        { token },
      );
      if (isStored) return reply(next, next, { broadcast: { type: "added", by } });
      refused?.();
      return reply(count, count);
    },
  };
}

type Scenario = Parameters<typeof simulate<LedgerTypes>>[1];

/** Everybody adds, again and again. */
const add: Scenario = async (simulation) => {
  for (let round = 0; round < 40; round += 1) {
    await simulation.sleep(250);
    const { servers, random } = simulation;
    if (servers.length > 0)
      random
        .pick(servers)
        .leaderCall({ type: "add", by: 1 })
        .catch(() => undefined);
  }
};

const careful = (realm: SimulatedRealm) => ledger(realm, { compares: true });

/** Peers that do nothing by themselves, and what each has of the storage. */
function idle(storages: Map<string, SimulatedStorage>) {
  return ({ peer, storage }: SimulatedRealm): Behaviour<{ state: null; sync: null }> => {
    storages.set(peer, storage);
    return { init: () => ok(null), elected: () => sync(null, null), surrendered: () => ok(null) };
  };
}

describe("the storage of a simulation", () => {
  test("the types of a behaviour are written once, whether it is made in each realm or not", async () => {
    await simulate({ behaviour: ({ storage }) => ledger({ peer: "any", storage }, { compares: true }), peers: 2 }, async (simulation) => {
      await simulation.sleep(500);
      const added: number | undefined = await simulation.servers[0]?.leaderCall({ type: "add", by: 2 });
      expect(added).toBe(2);
      // @ts-expect-error Nothing is taken away.
      await expect(simulation.servers[0]?.leaderCall({ type: "take", by: 2 })).resolves.toBeDefined();
    });
  });

  test("one run is a pure function of its seed", async () => {
    const faults = { crash: 1, hang: 1, restart: 1, storageMs: [0, 200] } as const;
    const run = (seed: number) => simulate({ behaviour: careful, peers: 4, seed, faults }, add);
    const [one, again, other] = await Promise.all([run(7), run(7), run(8)]);
    expect(observed(one.history, "committed").length).toBeGreaterThan(10);
    expect(one.history).toEqual(again.history);
    expect(observed(one.history, "committed")).not.toEqual(observed(other.history, "committed"));
  });

  test("whoever does not use it is not touched by its faults", async () => {
    const behaviour = idle(new Map());
    const faults = { crash: 1, hang: 2, delayMs: [0, 40] } as const;
    const run = (more: object) => simulate({ behaviour, peers: 4, seed: 3, faults: { ...faults, ...more } }, ({ sleep }) => sleep(5000));
    const [without, within] = [await run({}), await run({ storageMs: [0, 900], storageFailure: 1 })];
    expect(within).toEqual(without);
  });

  test("whoever uses it shifts nothing else", async () => {
    const storages = new Map<string, SimulatedStorage>();
    const run = async (writes: number) => {
      const { history } = await simulate({ behaviour: idle(storages), peers: 2, seed: 6 }, async (simulation) => {
        await simulation.sleep(100);
        for (let count = 0; count < writes; count += 1) void storages.get("p1")?.transact((transaction) => transaction.set("a", count));
        await simulation.sleep(100);
        await simulation.start();
      });
      expect(observed(history, "committed")).toHaveLength(writes);
      return history.filter(({ type }) => type !== "committed");
    };
    expect(await run(3)).toEqual(await run(0));
  });

  test.each([
    ["is frozen writes after its successor with what was under way", { type: "freeze", storageMs: [0, 3000], looks: false }],
    ["hung goes on, and writes after its successor", { type: "hang", storageMs: [100, 300], looks: true }],
  ] as const)("a leader that %s, unless tokens are compared in the transaction", async (_what, { type, storageMs, looks }) => {
    const endsAtMs = 8000;
    const plan = [{ type, atMs: 2000, forMs: endsAtMs - 2000, whom: "leader" }] as const;
    let refusals = 0;
    const refused = () => {
      refusals += 1;
    };
    const lateWrites: number[] = [];
    for (let seed = 1; seed <= 5; seed += 1) {
      const run = (compares: boolean) => {
        const behaviour = (realm: SimulatedRealm) => ledger(realm, { compares, looks, refused });
        return simulate({ behaviour, peers: 3, seed, plan, faults: { [type]: 1, storageMs }, shrink: false }, add);
      };
      await run(true);
      const error: unknown = await run(false).catch((caught: unknown) => caught);
      if (!(error instanceof SimulationError)) continue;
      expect(new Set(error.violations.map(({ checker }) => checker))).toEqual(new Set(["storedTokensGrow"]));
      // What is found is told with its time first.
      lateWrites.push(...error.violations.map(({ problem }) => Number.parseInt(problem, 10)));
    }
    expect(lateWrites.some((atMs) => (type === "freeze" ? atMs < endsAtMs : atMs >= endsAtMs))).toBe(true);
    expect(refusals).toBeGreaterThan(0);
  });

  test("it outlives all peers, and a later one reads it back", async () => {
    const { history } = await simulate({ behaviour: careful, peers: 3, seed: 4 }, async (simulation) => {
      await simulation.sleep(1000);
      const [first] = simulation.servers;
      expect(await first?.leaderCall({ type: "add", by: 3 })).toBe(3);
      for (const server of simulation.servers) simulation.crash(server);
      await simulation.sleep(1000);
      const heir = await simulation.start();
      expect(await heir.leaderCall({ type: "add", by: 4 })).toBe(7);
    });
    const written = observed(history, "committed");
    expect(written.map(({ writes }) => writes.get("count"))).toEqual([3, 7]);
    expect(compareTokens(written[1]?.token ?? null, written[0]?.token ?? null)).toBeGreaterThan(0);
  });

  test("nothing commits while the machine sleeps", async () => {
    const storages = new Map<string, SimulatedStorage>();
    const plan = [{ type: "clockJump", atMs: 600, forMs: 1000, whom: 0 }] as const;
    const faults = { storageMs: [100, 100] } as const;
    const { history } = await simulate({ behaviour: idle(storages), peers: 2, plan, faults }, async (simulation) => {
      await simulation.sleep(550);
      await storages.get("p1")?.transact((transaction) => transaction.set("a", 1));
    });
    expect(observed(history, "committed")).toMatchObject([{ atMs: 1600 }]);
  });

  test("it fails no more once everything is mended, and takes its time", async () => {
    const storages = new Map<string, SimulatedStorage>();
    const faults = { storageFailure: 1, storageMs: [50, 50] } as const;
    const { history } = await simulate({ behaviour: idle(storages), peers: 2, faults }, async ({ sleep }) => {
      await sleep(100);
      const storage = storages.get("p1");
      await expect(storage?.read("a")).rejects.toMatchObject({ code: "storage-failed" });
      // It commits when the scenario is over.
      void storage?.read("a").then(() => storage.transact((transaction) => transaction.set("a", 1)));
    });
    expect(observed(history, "peace")).toMatchObject([{ atMs: 150 }]);
    expect(observed(history, "committed")).toMatchObject([{ atMs: 250 }]);
  });

  test("whoever writes on and on is found by what is left", async () => {
    const storages = new Map<string, SimulatedStorage>();
    const endless = simulate({ behaviour: idle(storages), peers: 2, restMs: 1000, shrink: false }, async ({ sleep }) => {
      await sleep(100);
      const write = (): unknown =>
        storages
          .get("p1")
          ?.transact((transaction) => transaction.set("a", 1))
          .then(write);
      write();
    });
    const error: unknown = await endless.catch((caught: unknown) => caught);
    if (!(error instanceof SimulationError)) throw error;
    expect(error.violations).toEqual([{ checker: "nothingIsLeft", problem: "1 open transactions are left" }]);
    expect(error.transcript).toContainEqual(expect.stringMatching(/^\d+ p1 commits a$/));
  });
});
