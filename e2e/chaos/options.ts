/**
 * The command line of the chaos runs.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Engine, engines, isEngine } from "../support/engine.js";

export interface ChaosOptions {
  /** `node` only with `store`. */
  readonly engine: Engine | "node";
  /** Whether a persisted store is to outlive the killing of everything, and not a dictionary that of single tabs. */
  readonly store: boolean;
  readonly minutes: number;
  /** What the schedule is drawn from: the same seed asks for the same things in the same order. */
  readonly seed: number;
  readonly help: boolean;
}

export const usage = `Usage: npm run chaos -- [options]

  --engine <name>  chromium, firefox or webkit; with --store chromium
                   or node                                            (chromium)
  --store          kill everything that has a persisted store open
  --minutes <n>    for how long things happen to the tabs             (10)
  --seed <n>       what the schedule is drawn from                    (1)
  --help           print this text

Six tabs with a peer each, and two with theirs in a worker, are opened, closed, killed, hung, frozen, hidden, sent elsewhere and back, and hand
over to one another, while the users of all of them write and read. The last line is what came of it, as JSON; a run that fails leaves its
schedule and its timeline in a folder below e2e/chaos/test-results.

With --store, three tabs of a browser, or three threads of a process, write to one persisted store until the whole browser, or process, is killed,
and started again on what it has left.`;

/** Reads the command line. @throws Error that says what is wrong with it */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: "string", default: "chromium" },
      minutes: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      store: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { engine, help, store } = values;
  const possible: readonly string[] = store ? ["chromium", "node"] : engines;
  if (!possible.includes(engine) || !(isEngine(engine) || engine === "node"))
    throw new Error(`--engine takes ${possible.join(", ")}${store ? " with --store" : ""}, not "${engine}".`);
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new Error(`--minutes takes a number above 0, not "${values.minutes}".`);
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed takes a whole number, not "${values.seed}".`);
  return { engine, store, minutes, seed, help };
}
