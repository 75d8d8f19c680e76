/**
 * What the users of a simulated dictionary do: they call, cast, look things up, lose patience, hand leadership over, and come
 * and go.
 *
 * @module
 */
import type { DictionaryTypes } from "@gen-leader/example-dictionary";
import { randomRequest } from "@gen-leader/example-dictionary/random-request";
import type { SeededRandom, Simulation } from "@gen-leader/testing";
import type { Server } from "gen-leader";
import type { Weather } from "./weather.js";

/** How long users wait where frames may be lost: nobody else can tell them that theirs was. */
const patienceMs = 30_000;

/** The life of all users in some weather. */
export async function useDictionary(simulation: Simulation<DictionaryTypes>, { name, durationMs, faults }: Weather): Promise<void> {
  const timeoutMs = (faults.loss ?? 0) > 0 || (faults.partition ?? 0) > 0 ? patienceMs : Infinity;
  const { random } = simulation;
  // What becomes of a call is for the checkers to judge: that it settles, and by what name it fails.
  const attempt = (made: Promise<unknown>): void => void made.catch(() => undefined);
  const rounds = random.between(10, 40);
  for (let round = 0; round < rounds; round += 1) {
    await simulation.sleep(random.between(0, (2 * durationMs) / rounds));
    const { servers } = simulation;
    if (servers.length === 0) continue;
    const server = random.pick(servers);
    const value = `v${round}`;
    const act = random.between(0, 19);
    if (act < 11) attempt(server.leaderCall(randomRequest(random, value), { retry: random.chance(0.2), timeoutMs }));
    else if (act < 13) server.leaderCast({ type: "store", key: "cast", value });
    else if (act === 13) attempt(server.call({ type: "lookup", key: "size" }, { timeoutMs }));
    else if (act === 14) attempt(server.call({ type: "keys" }, { to: random.pick(servers).election.self, timeoutMs }));
    else if (act === 15) attempt(impatient(server, random, simulation));
    else if (act === 16) attempt(burst(server, random, round, timeoutMs));
    else if (act === 17) attempt(stepDown(servers, random));
    else if (act === 18 && servers.length < 7) attempt(simulation.start({ priority: random.between(0, 2) }));
    else if (act === 19 && servers.length > 3 && name !== "calm") attempt(server.stop());
  }
}

/** A call that its user stops waiting for. */
function impatient(server: Server<DictionaryTypes>, random: SeededRandom, simulation: Simulation<DictionaryTypes>): Promise<unknown> {
  const controller = new AbortController();
  void simulation.sleep(random.between(0, 60)).then(() => controller.abort());
  return server.leaderCall({ type: "append", key: "size", value: "impatient" }, { signal: controller.signal });
}

/** Several calls at once. */
function burst(server: Server<DictionaryTypes>, random: SeededRandom, round: number, timeoutMs: number): Promise<unknown> {
  const calls = Array.from({ length: random.between(2, 6) }, (_, index) =>
    server.leaderCall({ type: "append", key: "shape", value: `b${round}.${index}` }, { timeoutMs }),
  );
  return Promise.allSettled(calls);
}

async function stepDown(servers: readonly Server<DictionaryTypes>[], random: SeededRandom): Promise<void> {
  const leader = servers.find(({ election }) => election.isLeader);
  const to = random.pick(servers).election.self;
  await leader?.stepDown(random.chance(0.5) ? { backOffMs: 1000 } : { to, backOffMs: 1000 });
}
