/**
 * The dictionary as its users see it: whatever dies or hands over, their calls can be put in one order.
 */
import { checkLinearizability, createRandom, type Operation, type SeededRandom } from "@gen-leader/testing";
import { createRealm, LeaderDiedError, type Server } from "gen-leader";
import { createMemoryHub, type MemoryHub } from "gen-leader/memory";
import { expect, test } from "vitest";
import { type DictionaryRequest, dictionaryModel } from "../src/dictionary-model.js";
import { type DictionaryTypes, dictionary } from "../src/index.js";
import { randomRequest } from "../src/random-request.js";

type Call = Operation<DictionaryRequest, unknown>;

/** Orders calls and answers of one thread. */
function createClock(): () => number {
  let now = 0;
  return () => {
    now += 1;
    return now;
  };
}

/** Makes calls one after another, and writes down what came of them, until its server has ended. */
async function runClient(server: Server<DictionaryTypes>, random: SeededRandom, now: () => number, history: Call[]): Promise<void> {
  for (let number = 1; number <= 40; number += 1) {
    const client = server.election.self;
    const input = randomRequest(random, `${client}/${number}`);
    const calledAt = now();
    try {
      const output = await server.leaderCall(input, { timeoutMs: Infinity });
      history.push({ client, input, calledAt, returned: { at: now(), output } });
    } catch (error) {
      if (!(error instanceof LeaderDiedError)) throw error;
      if (error.outcome === "unknown") history.push({ client, input, calledAt, returned: null });
    }
  }
}

function leading(servers: readonly Server<DictionaryTypes>[]): Promise<Server<DictionaryTypes>> {
  return new Promise((resolve) => {
    for (const server of servers)
      server.subscribe(({ election }) => {
        if (election.isLeader) resolve(server);
      });
  });
}

/** Five peers, four of which call; the leader is killed or hands over now and then, as long as two are left. */
async function live(hub: MemoryHub, seed: number): Promise<Call[]> {
  const random = createRandom(seed);
  const now = createClock();
  const history: Call[] = [];
  const start = () => createRealm(hub.medium).start("dictionary", dictionary);
  const callers = await Promise.all([start(), start(), start(), start()]);
  // Those that are killed make no calls of their own, which would never be answered.
  let candidates: readonly Server<DictionaryTypes>[] = await Promise.all([start(), start(), start()]);
  for (const caller of callers) await caller.leaderCall({ type: "lookup", key: "colour" });
  const clients = callers.map((server, index) => runClient(server, createRandom(seed * 100 + index), now, history));
  for (let round = 0; round < 6; round += 1) {
    const leader = await leading([...callers, ...candidates]);
    const victim = candidates.find((candidate) => candidate === leader);
    if (victim !== undefined && candidates.length > 1 && random.chance(0.5)) {
      hub.crash(victim.election.self);
      candidates = candidates.filter((candidate) => candidate !== victim);
    } else {
      const others = [...callers, ...candidates].filter((server) => server !== leader);
      await leader.stepDown({ to: random.pick(others).election.self });
    }
  }
  await Promise.all(clients);
  await Promise.all([...callers, ...candidates].map((server) => server.stop()));
  return history;
}

test.each([1, 2, 3])("calls of four peers, across deaths and hand-overs, are linearizable: seed %i", async (seed) => {
  const history = await live(createMemoryHub(), seed);
  expect(history.length).toBeGreaterThan(100);
  expect(checkLinearizability(dictionaryModel, history)).toEqual({ type: "linearizable" });
});

test("a dictionary that forgot an acknowledged write is caught", () => {
  const call = (calledAt: number, input: DictionaryRequest, output: unknown): Call => ({
    client: "a",
    input,
    calledAt,
    returned: { at: calledAt + 1, output },
  });
  const store = call(0, { type: "store", key: "colour", value: "green" }, undefined);
  expect(checkLinearizability(dictionaryModel, [store, call(2, { type: "lookup", key: "colour" }, "green")]).type).toBe("linearizable");
  expect(checkLinearizability(dictionaryModel, [store, call(2, { type: "lookup", key: "colour" }, undefined)]).type).toBe("violation");
  expect(checkLinearizability(dictionaryModel, [store, call(2, { type: "append", key: "colour", value: 1 }, 1)]).type).toBe("violation");
});
