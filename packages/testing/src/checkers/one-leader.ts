/**
 * Promise 1: where there is a fence, whoever lost it lets nothing out, and no epoch is won twice; where there is none, no
 * token is.
 *
 * @module
 */
import { compareTokens, printToken, sameToken } from "@gen-leader/protocol";
import type { Faults } from "../simulator/faults.js";
import { observed } from "../simulator/history.js";
import type { Checker, Conditions } from "./checker.js";

/** Whoever has lost the fence lets nothing out, and no epoch is won twice. */
export const oneLeaderPerFence: Checker = (history, { fenced, faults, suspectMs }) => {
  if (!fenced) return [];
  // A robbed leader that runs may not know so for as long as the platform takes to tell. One that stood still for so short that it
  // does not doubt itself hears of it in turn; what it says before that is refused by whoever knows better.
  const toleranceMs = 2 * faults.fenceMs[1] + (isSteady(faults) ? 0 : suspectMs);
  const acts = observed(history, "unfenced-act")
    .filter(({ lostForMs }) => lostForMs > toleranceMs)
    .map(({ atMs, self, act, lostForMs }) => `${atMs} ${self} lets out ${act}, ${lostForMs} ms after it lost the fence`);
  const winners = new Map<number, string>();
  const twice: string[] = [];
  for (const { atMs, token } of observed(history, "elected")) {
    const winner = winners.get(token.epoch);
    if (winner !== undefined) twice.push(`${atMs} ${token.leader} wins epoch ${token.epoch}, which ${winner} had won`);
    winners.set(token.epoch, token.leader);
  }
  return [...acts, ...twice];
};

/**
 * For how long a leader may go on that somebody outside of the cluster has robbed: its peers rob only whom they have challenged, and
 * later than that one doubts itself; a stranger does not wait.
 */
function robbedUnawaresMs({ faults, suspectMs }: Conditions): number {
  return faults.steal === 0 || isSteady(faults) ? 0 : suspectMs;
}

/** Whether no realm ever stands still. */
function isSteady({ hang, freeze, cache, clockJump }: Faults): boolean {
  return hang + freeze + cache + clockJump === 0;
}

/** At any instant the acts of one peer at most take effect: what a leader does after the next one was elected is answered to nobody. */
export const oneActorAtATime: Checker = (history, conditions) => {
  if (!conditions.fenced) return [];
  const unawaresMs = robbedUnawaresMs(conditions);
  const answered = new Map(observed(history, "settled").map((settled) => [settled.call, settled]));
  const retried = new Set(observed(history, "call").flatMap(({ call, retry }) => (retry ? [call] : [])));
  const elections = observed(history, "elected");
  return observed(history, "executed").flatMap(({ atMs, call, token }) => {
    const settled = answered.get(call);
    if (settled?.outcome.type !== "value" || retried.has(call)) return [];
    const later = elections.find((elected) => elected.atMs < atMs - unawaresMs && compareTokens(elected.token, token) > 0);
    return later === undefined
      ? []
      : [
          `${atMs} call ${call} runs under ${printToken(token)} and is answered, though ${printToken(later.token)} was elected at ${later.atMs}`,
        ];
  });
};

/** A token is won once, whatever the medium. */
export const oneLeaderPerToken: Checker = (history) => {
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { atMs, token } of observed(history, "elected")) {
    const name = printToken(token);
    if (seen.has(name)) problems.push(`${atMs} ${name} is won twice`);
    seen.add(name);
  }
  const leading = observed(history, "status").filter(({ phase }) => phase === "leading");
  for (const { atMs, self, token } of leading)
    if (token?.leader !== self) problems.push(`${atMs} ${self} leads under the token ${printToken(token)}`);
  // A reply is given under the token of its leader alone; the same token at two peers would show as two executions.
  const executions = new Map<string, number>();
  for (const { atMs, server, token } of observed(history, "executed")) {
    const name = printToken(token);
    const first = executions.get(name) ?? server;
    if (first !== server && token !== null && leading.some((status) => sameToken(status.token, token)))
      problems.push(`${atMs} two servers execute calls under ${name}`);
    executions.set(name, first);
  }
  return problems;
};
