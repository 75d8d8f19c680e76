/**
 * Promise 3: `init` first, `terminate` last, one callback at a time; `elected` before whatever only a leader runs, and
 * `surrendered` before the broadcasts of a leader.
 *
 * @module
 */
import { printToken, type Token } from "@gen-leader/protocol";
import { observed } from "../simulator/history.js";
import type { Checker } from "./checker.js";

interface Progress {
  running: string | null;
  hasBegun: boolean;
  hasEnded: boolean;
  elected: string | null;
  surrendered: string | null;
}

/** Which callbacks run on a leader alone. */
const leaderCallbacks: ReadonlySet<string> = new Set(["handleLeaderCall", "handleLeaderCast", "handleDown"]);

export const callbackOrder: Checker = (history) => {
  const servers = new Map<number, Progress>();
  const problems: string[] = [];
  for (const { atMs, server, name, edge, token } of observed(history, "callback")) {
    const progress = servers.get(server) ?? { running: null, hasBegun: false, hasEnded: false, elected: null, surrendered: null };
    servers.set(server, progress);
    const complain = (what: string) => problems.push(`${atMs} server ${server}: ${what}`);
    if (edge === "end") {
      progress.running = null;
      continue;
    }
    if (name === "terminate") {
      // It ends a server in the middle of whatever that is doing.
      if (progress.hasEnded) complain("terminate runs twice");
      progress.hasEnded = true;
      continue;
    }
    if (progress.hasEnded) complain(`${name} begins after terminate`);
    if (progress.running !== null) complain(`${name} begins while ${progress.running} runs`);
    progress.running = name;
    if (name === "init") {
      if (progress.hasBegun) complain("init runs twice");
      progress.hasBegun = true;
    } else if (!progress.hasBegun) complain(`${name} begins before init`);
    follow(progress, name, token, complain);
  }
  return problems;
};

/** Whether a callback may run in the tenure that this server is in. */
function follow(progress: Progress, name: string, token: Token | null, complain: (what: string) => void): void {
  const tenure = printToken(token);
  if (name === "elected") {
    progress.elected = tenure;
    progress.surrendered = null;
  } else if (name === "surrendered") {
    progress.surrendered = tenure;
    progress.elected = null;
  } else if (leaderCallbacks.has(name)) {
    if (progress.elected !== tenure) complain(`${name} of ${tenure} without its elected (${progress.elected})`);
  } else if (name === "fromLeader" && progress.surrendered === null) complain(`fromLeader of ${tenure} without surrendered`);
}
