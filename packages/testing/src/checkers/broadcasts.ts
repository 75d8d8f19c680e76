/**
 * Promises 4 and 7: broadcasts arrive in order, once and without a gap; a new leader has what any survivor had applied, or
 * whoever loses something is told which.
 *
 * @module
 */
import { printToken } from "@gen-leader/protocol";
import { type BroadcastId, observed } from "../simulator/history.js";
import type { Checker, Conditions } from "./checker.js";

/** What every follower applies of a tenure is a stretch of it. */
export const broadcastsInOrder: Checker = (history) => {
  const problems: string[] = [];
  for (const { atMs, server, id, after } of observed(history, "applied")) {
    const expected = `${printToken(after.token)}/${after.number + 1}`;
    if (id !== expected) problems.push(`${atMs} server ${server} applies ${id} where ${expected} was to come`);
  }
  return problems;
};

/** No broadcast goes into a state twice. */
export const broadcastsOnce: Checker = (history) =>
  observed(history, "rest").flatMap(({ atMs, servers }) =>
    servers.flatMap(({ self, log }) =>
      new Set(log).size < log.length ? [`${atMs} ${self} has applied something twice: ${log.join(" ")}`] : [],
    ),
  );

/**
 * Whether only such things go wrong as leave every survivor reachable: then nothing that one of them had applied may be
 * missing at the next leader.
 */
export function survivorsAnswer({ faults, fenced }: Conditions): boolean {
  const { hang, freeze, cache, clockJump, falseSuspicion, partition, steal, corpse, loss, throttle } = faults;
  const isCut = partition + falseSuspicion + loss > 0;
  const standsStill = hang + freeze + cache + clockJump + steal + corpse + throttle > 0;
  return fenced && !isCut && !standsStill;
}

/** Before `elected` runs, a new leader has everything that any survivor had applied and that could have told it. */
export const nothingAppliedIsLost: Checker = (history, conditions) => {
  if (!survivorsAnswer(conditions)) return [];
  const problems: string[] = [];
  for (const { atMs, token, log, others } of observed(history, "elected")) {
    const has = new Set(log);
    for (const [server, applied] of others) {
      const missing = applied.filter((id) => !has.has(id));
      if (missing.length > 0) problems.push(`${atMs} ${printToken(token)} lacks what server ${server} had applied: ${missing.join(" ")}`);
    }
  }
  return problems;
};

/**
 * Whoever gives up a broadcast is told so: one that it had applied, or sent as a leader, since it took over the state of a
 * stranger. What came with such a state are no broadcasts to it.
 */
export const lossesAreTold: Checker = (history, { historyLimit }) => {
  const applied = new Map<number, BroadcastId[]>();
  const problems: string[] = [];
  for (const observation of history) {
    if (observation.type === "applied" || observation.type === "broadcast") {
      const { server, id } = observation;
      applied.set(server, [...(applied.get(server) ?? []), id].slice(-historyLimit));
    } else if (observation.type === "surrendered") {
      const { atMs, server, token, before, after, told } = observation;
      const had: ReadonlySet<BroadcastId> = new Set(before);
      const has: ReadonlySet<BroadcastId> = new Set(after);
      const own = applied.get(server) ?? [];
      const by = `${atMs} server ${server} is told by ${printToken(token)}`;
      // Of the present tenure nothing is lost: what is missing comes again.
      const isPresent = (id: BroadcastId) => id.startsWith(`${printToken(token)}/`);
      const untold = own.filter((id) => had.has(id) && !has.has(id) && !told.includes(id) && !isPresent(id));
      if (untold.length > 0) problems.push(`${by} nothing of the loss of ${untold.join(" ")}`);
      const wrong = told.filter((id) => has.has(id));
      if (wrong.length > 0) problems.push(`${by} to lose ${wrong.join(" ")}, which is there`);
      applied.set(
        server,
        own.filter((id) => has.has(id)),
      );
    }
  }
  return problems;
};
