/**
 * One seed, one run: the dictionary in the weather of that seed, judged by every checker.
 *
 * @module
 */
import { type DictionaryTypes, dictionary } from "@gen-leader/example-dictionary";
import { type DictionaryRequest, dictionaryModel } from "@gen-leader/example-dictionary/model";
import {
  type Checker,
  checkers,
  checkLinearizability,
  type History,
  type Operation,
  observed,
  type SimulationReport,
  simulate,
} from "@gen-leader/testing";
import { type Weather, weatherOf } from "./weather.js";
import { useDictionary } from "./workload.js";

/** What clients saw of the dictionary can be put in one order, unless something was lost: of that, other checkers judge. */
const linearizable: Checker = (history, { fenced }) => {
  if (!fenced || hasLost(history)) return [];
  const settled = new Map(observed(history, "settled").map((one) => [one.call, one]));
  const calls = observed(history, "call").flatMap((made): Operation<DictionaryRequest, unknown>[] => {
    const end = settled.get(made.call);
    if (made.kind !== "leader" || !isDictionaryRequest(made.request)) return [];
    if (end?.outcome.type === "error" && end.outcome.effect === "not-started") return [];
    // One that was sent again may have taken effect twice: it says nothing of the order.
    const returned = end?.outcome.type === "value" && !made.retry ? { at: end.atMs + 0.5, output: end.outcome.value } : null;
    return [{ client: `${made.server}/${made.call}`, input: made.request, calledAt: made.atMs, returned }];
  });
  const retried = observed(history, "call").some(({ retry }) => retry);
  if (retried) return [];
  const result = checkLinearizability(dictionaryModel, calls);
  return result.type === "violation" ? [`no order explains what clients saw of ${result.part}`] : [];
};

/** Whether a broadcast that anybody sent or applied is missing at a leader that is elected, even if it is found again later, or in the end. */
function hasLost(history: History): boolean {
  const had = new Set<string>();
  const lacks = (log: readonly string[]): boolean => new Set(log).size < had.size;
  return history.some((seen) => {
    if (seen.type === "applied" || seen.type === "broadcast") had.add(seen.id);
    if (seen.type === "rest") return seen.servers.some(({ log }) => lacks(log));
    return seen.type === "elected" && lacks(seen.log);
  });
}

function isDictionaryRequest(request: unknown): request is DictionaryRequest {
  return typeof request === "object" && request !== null && "key" in request && "type" in request;
}

const excused: ReadonlySet<string> = new Set(["AbortError", "peer-down"]);

/** In calm weather no call fails, but one to a newcomer that the caller has not heard of. */
const nothingFailsInCalmWeather: Checker = (history) =>
  observed(history, "settled").flatMap(({ atMs, call, outcome }) =>
    outcome.type === "error" && !excused.has(outcome.code) ? [`${atMs} call ${call} failed, though nobody died: ${outcome.message}`] : [],
  );

/** Runs a seed. @throws SimulationError */
export async function hunt(
  seed: number,
  options: { readonly shrink?: boolean } = {},
): Promise<SimulationReport & { readonly weather: Weather }> {
  const weather = weatherOf(seed);
  const { name, medium, peers, faults, durationMs } = weather;
  const isCalm = name === "calm";
  const report = await simulate<DictionaryTypes>(
    {
      behaviour: dictionary,
      peers,
      seed,
      medium,
      faults,
      durationMs,
      checkers: { ...checkers, linearizable, ...(isCalm ? { nothingFailsInCalmWeather } : {}) },
      ...options,
    },
    (simulation) => useDictionary(simulation, weather),
  );
  return { ...report, weather };
}
