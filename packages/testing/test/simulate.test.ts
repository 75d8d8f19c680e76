import { type Behaviour, ok, reply, sync } from "gen-leader";
import { describe, expect, test } from "vitest";
import { checkers, createRandom, drawPlan, type History, noFaults, observed, SimulationError, simulate } from "../src/index.js";
import { shrink } from "../src/simulator/shrink.js";

type CounterTypes = {
  state: number;
  sync: number;
  broadcast: { type: "added"; by: number };
  leaderCalls: { add(request: { by: number }): number };
};

const counter: Behaviour<CounterTypes> = {
  init: () => ok(0),
  elected: (count) => sync(count, count),
  surrendered: (_count, leaders) => ok(leaders),
  fromLeader: (count, { by }) => ok(count + by),
  handleLeaderCall: (count, { by }) => reply(count + by, count + by, { broadcast: { type: "added", by } }),
};

/** Everybody adds, again and again. */
const adding = { behaviour: counter, peers: 4, durationMs: 2000 } as const;

async function add(simulation: Parameters<Parameters<typeof simulate<CounterTypes>>[1]>[0]): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await simulation.sleep(100);
    const { servers, random } = simulation;
    if (servers.length > 0)
      await random
        .pick(servers)
        .leaderCall({ type: "add", by: 1 })
        .catch(() => undefined);
  }
}

describe("simulate", () => {
  test("one run is a pure function of its seed", async () => {
    const faults = { crash: 1, hang: 1, freeze: 1, steal: 1 };
    const [one, again, other] = await Promise.all([7, 7, 8].map((seed) => simulate({ ...adding, seed, faults }, add)));
    expect(one?.history).toEqual(again?.history);
    expect(one?.history).not.toEqual(other?.history);
  });

  test("peers of a user's own behaviour elect, call, and come to the same state", async () => {
    const { history, befallen } = await simulate({ ...adding, seed: 3, faults: { crash: 2 } }, add);
    expect(befallen).toEqual({ crash: 2 });
    expect(observed(history, "settled").filter(({ outcome }) => outcome.type === "value").length).toBeGreaterThan(10);
  });

  test.each(["locks", "threads", "heartbeats"] as const)("runs over simulated %s", async (medium) => {
    const { history } = await simulate({ ...adding, medium, seed: 5 }, add);
    const [rest] = observed(history, "rest");
    expect(rest?.servers.filter(({ phase }) => phase === "leading")).toHaveLength(1);
  });

  test("a behaviour that ends its servers is told by the checker's name, the seed, the fewest faults and the last lines", async () => {
    const faulty: Behaviour<CounterTypes> = {
      ...counter,
      fromLeader(count, { by }) {
        if (count >= 5) throw new Error("too much");
        return ok(count + by);
      },
    };
    const failed = simulate({ ...adding, behaviour: faulty, seed: 2, faults: { throttle: 3 } }, add);
    const error: unknown = await failed.catch((caught: unknown) => caught);
    if (!(error instanceof SimulationError)) throw error;
    expect(error.violations).toContainEqual({ checker: "nobodyIsTakenDown", problem: expect.stringContaining("too much") });
    expect(error.plan).toEqual([]);
    expect(error.message).toMatch(/seed 2, faults \{.*"throttle":3/);
    expect(error.transcript).toContainEqual(expect.stringMatching(/^\d+ p\d#\d+ < from-leader /));
  });

  test("what a scenario throws comes out", async () => {
    await expect(simulate({ ...adding, seed: 1 }, () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
  });

  test("a plan may be given instead of drawn", async () => {
    const plan = [{ type: "crash", atMs: 500, forMs: 1, whom: "leader" }] as const;
    const { history, elections } = await simulate({ ...adding, seed: 9, plan }, add);
    expect(elections).toBe(2);
    expect(observed(history, "ended").filter(({ how }) => how === "crashed")).toMatchObject([{ atMs: 500 }]);
  });
});

test("nothing runs, goes on or begins while the machine sleeps", async () => {
  const plan = [
    { type: "cache", atMs: 400, forMs: 301, whom: 1 },
    { type: "clockJump", atMs: 600, forMs: 1000, whom: 0 },
  ] as const;
  const { history } = await simulate({ ...adding, seed: 9, plan }, async (simulation) => {
    await add(simulation);
    await simulation.start();
  });
  expect(history.some(({ atMs }) => atMs >= 1600)).toBe(true);
  expect(history.filter(({ type, atMs }) => type !== "call" && atMs > 600 && atMs < 1600)).toEqual([]);
});

test("a plan is drawn from its seed alone, as many of each fault as asked for, in order of time", () => {
  const faults = { ...noFaults, crash: 2, hang: 3 };
  const plan = drawPlan(faults, 1000, createRandom(4));
  expect(plan).toEqual(drawPlan(faults, 1000, createRandom(4)));
  expect(plan.map(({ type }) => type).sort()).toEqual(["crash", "crash", "hang", "hang", "hang"]);
  expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).sort((a, b) => a - b));
});

test("what fails is made as short as it can be", async () => {
  const fails = async (list: readonly number[]) => list.includes(3) && list.includes(11);
  expect(await shrink([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], fails)).toEqual([3, 11]);
});

describe("each checker finds what it is for", () => {
  const token = { epoch: 2, leader: "a#1" } as const;
  const older = { epoch: 1, leader: "b#2" } as const;
  const at = { atMs: 1, server: 0 } as const;
  const conditions = { faults: noFaults, fenced: true, suspectMs: 500, historyLimit: Infinity };
  const rest = { type: "rest", atMs: 9, isQuiet: true, waiting: [], leftovers: [] } as const;
  const resting = { server: 0, self: "a#1", phase: "leading", leader: "a#1", token, applied: 1, log: ["2@a#1/1"] } as const;
  const call = { ...at, type: "call", call: 1, kind: "leader", request: {}, retry: false } as const;
  const value = { ...at, type: "settled", call: 1, outcome: { type: "value", value: 1 }, log: [] } as const;
  const broadcast = { ...at, type: "broadcast", id: "2@a#1/1", call: 1 } as const;

  const broken: Readonly<Record<keyof typeof checkers, History>> = {
    oneLeaderPerFence: [{ ...at, type: "unfenced-act", self: "a#1", act: "reply", lostForMs: 600 }],
    oneActorAtATime: [
      { atMs: 0, server: 1, type: "elected", token, log: [], others: new Map() },
      { ...at, type: "executed", token: older, call: 1 },
      value,
    ],
    oneLeaderPerToken: [
      { ...at, type: "elected", token, log: [], others: new Map() },
      { ...at, server: 1, type: "elected", token, log: [], others: new Map() },
    ],
    storedTokensGrow: [
      { ...at, type: "committed", token, writes: new Map([["count", 1]]) },
      { ...at, server: 1, type: "committed", token: older, writes: new Map([["count", undefined]]) },
    ],
    tokensAndEpochsGrow: [
      { ...at, type: "status", self: "a#1", phase: "leading", token, epoch: 2 },
      { ...at, type: "status", self: "a#1", phase: "following", token: older, epoch: 1 },
    ],
    callbackOrder: [{ ...at, type: "callback", name: "handleLeaderCall", edge: "begin", token }],
    broadcastsInOrder: [{ ...at, type: "applied", id: "2@a#1/3", after: { token, number: 1 } }],
    broadcastsOnce: [{ ...rest, servers: [{ ...resting, log: ["2@a#1/1", "2@a#1/1"] }] }],
    nothingAppliedIsLost: [{ ...at, type: "elected", token, log: [], others: new Map([[1, ["1@b#2/1"]]]) }],
    lossesAreTold: [
      { ...at, type: "applied", id: "1@b#2/1", after: { token: older, number: 0 } },
      { ...at, type: "surrendered", token, before: ["1@b#2/1"], after: [], told: [] },
    ],
    callsSettle: [call],
    callsRunOnce: [call, { ...at, type: "executed", token, call: 1 }, { ...at, type: "executed", token, call: 1 }, value],
    callsFailByName: [{ ...value, outcome: { type: "error", code: "TypeError", effect: null, message: "x is undefined" } }],
    repliesFollowBroadcasts: [call, broadcast, value],
    acknowledgedWritesSurvive: [call, broadcast, { ...value, log: ["2@a#1/1"] }, { ...rest, servers: [{ ...resting, log: [] }] }],
    converges: [{ ...rest, isQuiet: false, servers: [resting] }],
    statesAgree: [{ ...rest, servers: [resting, { ...resting, server: 1, log: [] }] }],
    nobodyIsTakenDown: [{ ...at, type: "ended", how: "by-itself", reason: "gone" }],
    nothingIsLeft: [{ ...rest, servers: [], leftovers: ["1 open transports are left"] }],
  };

  test("acknowledgedWritesSurvive asks of a call that was sent again for what its last execution broadcast", () => {
    const executed = { ...at, type: "executed", token, call: 1 } as const;
    const again = [{ ...call, retry: true }, executed, { ...broadcast, id: "1@b#2/1" }, executed, broadcast, value] as const;
    const kept = [...again, { ...rest, servers: [resting] }];
    const lost = [...again, { ...rest, servers: [{ ...resting, log: ["1@b#2/1"] }] }];
    expect(checkers.acknowledgedWritesSurvive(kept, conditions)).toEqual([]);
    expect(checkers.acknowledgedWritesSurvive(lost, conditions)).toHaveLength(1);
  });

  test("storedTokensGrow asks of each key alone, and of no write that names no token", () => {
    const committed = { ...at, type: "committed", token: older, writes: new Map([["count", 1]]) } as const;
    const history = [
      { ...committed, token, writes: new Map([["other", 1]]) },
      committed,
      { ...committed, token },
      { ...committed, token: null },
    ];
    expect(checkers.storedTokensGrow(history, conditions)).toEqual([]);
    expect(checkers.storedTokensGrow([...history, committed], conditions)).toHaveLength(1);
  });

  test.each(Object.entries(broken))("%s", (name, history) => {
    const found = Object.entries(checkers).filter(([, check]) => check(history, conditions).length > 0);
    expect(found.map(([checker]) => checker)).toContain(name);
  });
});
