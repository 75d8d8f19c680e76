/**
 * Promise 1 where it ends: a resource that is protected by fencing tokens refuses those who were deposed.
 *
 * @module
 */
import { compareTokens, printToken, type Token } from "@gen-leader/protocol";
import { observed } from "../simulator/history.js";
import type { Checker } from "./checker.js";

/**
 * No key of the simulated storage takes a write under a smaller token after one under a larger. Of writes that were made
 * without a token nothing is asked.
 */
export const storedTokensGrow: Checker = (history) => {
  const largest = new Map<string, Token>();
  const problems: string[] = [];
  for (const { atMs, server, token, writes } of observed(history, "committed")) {
    if (token === null) continue;
    for (const key of writes.keys()) {
      const before = largest.get(key) ?? null;
      if (compareTokens(token, before) < 0)
        problems.push(
          `${atMs} server ${server} writes ${key} under ${printToken(token)}, which was written under ${printToken(before)} before`,
        );
      else largest.set(key, token);
    }
  }
  return problems;
};
