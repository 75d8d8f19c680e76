/**
 * Promises 6 and 8: when the faults are over there is one leader and all are in step with it; nobody was taken down, and
 * nothing is left of those who are gone.
 *
 * @module
 */
import { printToken } from "@gen-leader/protocol";
import { observed } from "../simulator/history.js";
import type { Checker } from "./checker.js";

/** One leader, whom all others follow, within the time that a run is given to come to rest. */
export const converges: Checker = (history) =>
  observed(history, "rest").flatMap(({ atMs, isQuiet, servers, waiting }) => {
    const stand = servers.map(
      ({ self, phase, leader, token, applied }) => `${self} ${phase} ${leader ?? "nobody"} ${printToken(token)}/${applied}`,
    );
    return isQuiet ? [] : [`${atMs} still no rest: ${stand.join(", ")}; waiting for calls [${waiting.join(" ")}]`];
  });

/** All who are in step have the same. */
export const statesAgree: Checker = (history) =>
  observed(history, "rest").flatMap(({ atMs, isQuiet, servers }) => {
    const logs = new Set(servers.map(({ log }) => log.join(" ")));
    return isQuiet && logs.size > 1 ? [`${atMs} states differ: ${[...logs].join(" | ")}`] : [];
  });

/** No server ends but by its own user's will, and nothing is thrown into the void. */
export const nobodyIsTakenDown: Checker = (history) => [
  ...observed(history, "ended").flatMap(({ atMs, server, how, reason }) =>
    how === "by-itself" ? [`${atMs} server ${server} ended by itself: ${reason}`] : [],
  ),
  ...observed(history, "thrown").map(({ atMs, error }) => `${atMs} thrown, and caught by nobody: ${error}`),
];

/** No table, watch, timer or lock is left of peers that are gone. */
export const nothingIsLeft: Checker = (history) => observed(history, "rest").flatMap(({ leftovers }) => leftovers);
