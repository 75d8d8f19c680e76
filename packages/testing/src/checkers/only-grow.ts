/**
 * Promise 2: tokens and epochs grow at every peer, and never shrink.
 *
 * @module
 */
import { compareTokens, printToken, type Token } from "@gen-leader/protocol";
import { observed } from "../simulator/history.js";
import type { Checker } from "./checker.js";

/** At every server, from its start to its end, whatever it went through. */
export const tokensAndEpochsGrow: Checker = (history) => {
  const last = new Map<number, Token | null>();
  const problems: string[] = [];
  for (const { atMs, server, self, token } of observed(history, "status")) {
    const before = last.get(server) ?? null;
    if (compareTokens(token, before) < 0)
      problems.push(`${atMs} the token of ${self} shrinks from ${printToken(before)} to ${printToken(token)}`);
    last.set(server, token);
  }
  const epochs = new Map<number, number>();
  for (const { atMs, server, token } of observed(history, "surrendered")) {
    const before = epochs.get(server) ?? 0;
    if (token.epoch < before) problems.push(`${atMs} server ${server} surrenders to ${printToken(token)} after epoch ${before}`);
    epochs.set(server, Math.max(before, token.epoch));
  }
  return problems;
};
