/**
 * Promise 5: every call settles, runs once at most unless retried, and is answered when its own peer has applied what it
 * broadcast; what was answered survives.
 *
 * @module
 */
import { type BroadcastId, type CallSettled, type History, observed } from "../simulator/history.js";
import { survivorsAnswer } from "./broadcasts.js";
import type { Checker } from "./checker.js";

/** Every promise of a call is kept or broken, once. */
export const callsSettle: Checker = (history) => {
  const settled = new Map<number, number>();
  for (const { call } of observed(history, "settled")) settled.set(call, (settled.get(call) ?? 0) + 1);
  return observed(history, "call").flatMap(({ atMs, server, call, request }) => {
    const times = settled.get(call) ?? 0;
    return times === 1 ? [] : [`${atMs} call ${call} of server ${server} settled ${times} times: ${JSON.stringify(request)}`];
  });
};

/** A call that was not marked to be sent again runs once at most; one that is said not to have begun has not. */
export const callsRunOnce: Checker = (history) => {
  const executions = new Map<number, number>();
  for (const { call } of observed(history, "executed")) executions.set(call, (executions.get(call) ?? 0) + 1);
  const outcomes = outcomesOf(history);
  return observed(history, "call").flatMap(({ atMs, call, kind, retry }) => {
    const times = executions.get(call) ?? 0;
    const outcome = outcomes.get(call);
    if (kind !== "leader") return [];
    if (!retry && times > 1) return [`${atMs} call ${call} ran ${times} times`];
    if (outcome?.type === "value" && times === 0) return [`${atMs} call ${call} was answered and never ran`];
    if (outcome?.type === "error" && outcome.effect === "not-started" && !retry && times > 0)
      return [`${atMs} call ${call} is said not to have begun, and ran`];
    return [];
  });
};

/** Errors of calls are those that are documented. */
export const callsFailByName: Checker = (history) =>
  observed(history, "settled").flatMap(({ atMs, call, outcome }) =>
    outcome.type === "error" && !namedFailures.has(outcome.code)
      ? [`${atMs} call ${call} fails with ${outcome.code}: ${outcome.message}`]
      : [],
  );

const namedFailures: ReadonlySet<string> = new Set([
  "leader-died",
  "call-timeout",
  "call-failed",
  "peer-down",
  "server-ended",
  "not-implemented",
  "AbortError",
]);

/** When a call is answered, the caller's own peer has applied what the call broadcast. */
export const repliesFollowBroadcasts: Checker = (history) => {
  const broadcasts = broadcastsByCall(history);
  const retried = new Set(observed(history, "call").flatMap(({ call, retry }) => (retry ? [call] : [])));
  return observed(history, "settled").flatMap(({ atMs, server, call, outcome, log }) => {
    // One that was sent again may have run before, in a tenure that was lost.
    if (outcome.type !== "value" || retried.has(call)) return [];
    const missing = (broadcasts.get(call) ?? []).filter((id) => !log.includes(id));
    return missing.length > 0 ? [`${atMs} call ${call} is answered before server ${server} has applied ${missing.join(" ")}`] : [];
  });
};

/** What was acknowledged to somebody who is still there is at every peer in the end, unless its loss was told. */
export const acknowledgedWritesSurvive: Checker = (history, conditions) => {
  // Whoever forgets broadcasts early cannot tell of their loss.
  if (!survivorsAnswer(conditions) && conditions.historyLimit !== Infinity) return [];
  const broadcasts = broadcastsOfAnswers(history);
  const told = new Set(observed(history, "surrendered").flatMap((one) => one.told));
  const mayBeTold = !survivorsAnswer(conditions);
  const acknowledged = observed(history, "settled").filter(({ outcome }) => outcome.type === "value");
  return observed(history, "rest").flatMap(({ servers }) => {
    const resting = new Set(servers.map(({ server }) => server));
    return acknowledged.flatMap(({ atMs, server, call }) => {
      if (!resting.has(server)) return [];
      const ids = (broadcasts.get(call) ?? []).slice(-1);
      const lost = ids.filter((id) => !(mayBeTold && told.has(id)) && servers.some(({ log }) => !log.includes(id)));
      return lost.length > 0 ? [`call ${call}, answered at ${atMs}, has left no trace: ${lost.join(" ")}`] : [];
    });
  });
};

function outcomesOf(history: History): ReadonlyMap<number, CallSettled["outcome"]> {
  return new Map(observed(history, "settled").map(({ call, outcome }) => [call, outcome]));
}

/** What that execution of a call broadcast which answered it: of one that was sent again, the last before its answer. */
function broadcastsOfAnswers(history: History): ReadonlyMap<number, readonly BroadcastId[]> {
  const latest = new Map<number, readonly BroadcastId[]>();
  const answered = new Map<number, readonly BroadcastId[]>();
  for (const observation of history) {
    if (observation.type === "executed") latest.set(observation.call, []);
    else if (observation.type === "broadcast" && observation.call !== null)
      latest.set(observation.call, [...(latest.get(observation.call) ?? []), observation.id]);
    else if (observation.type === "settled") answered.set(observation.call, latest.get(observation.call) ?? []);
  }
  return answered;
}

function broadcastsByCall(history: History): ReadonlyMap<number, readonly BroadcastId[]> {
  const ids = new Map<number, readonly BroadcastId[]>();
  for (const { call, id } of observed(history, "broadcast")) if (call !== null) ids.set(call, [...(ids.get(call) ?? []), id]);
  return ids;
}
