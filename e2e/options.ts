/**
 * The command line of the end-to-end tests.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type Engine, engines, isEngine } from "./support/engine.js";

export interface RunOptions {
  readonly engine: Engine;
  /** How many times five tabs are started at once. */
  readonly starts: number;
  /** Only scenarios whose title matches. */
  readonly grep: string | null;
  /** How often each scenario is run. */
  readonly repeat: number;
  /** Whether what came of it is kept, and `docs/ENGINES.md` made anew. */
  readonly record: boolean;
  readonly help: boolean;
}

export const usage = `Usage: npm run e2e -- [options]

  --engine <name> chromium, firefox or webkit                      (chromium)
  --starts <n>    how many times five tabs are started at once     (10)
  --grep <text>   only the scenarios whose title matches
  --repeat <n>    run each scenario this many times                (1)
  --record        keep what came of it, and make docs/ENGINES.md anew
  --help          print this text

GEN_LEADER_CHROMIUM, GEN_LEADER_FIREFOX and GEN_LEADER_WEBKIT name the browser to use; else one is looked for, and installed
where there is none.`;

/** Reads the command line. @throws Error that says what is wrong with it */
export function parseOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      engine: { type: "string", default: "chromium" },
      starts: { type: "string", default: "10" },
      grep: { type: "string" },
      repeat: { type: "string", default: "1" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { engine } = values;
  if (!isEngine(engine)) throw new Error(`--engine takes ${engines.join(", ")}, not "${engine}".`);
  if (values.record && values.grep !== undefined) throw new Error("--record is for runs of all scenarios, without --grep.");
  return {
    engine,
    starts: wholeNumber("--starts", values.starts),
    grep: values.grep ?? null,
    repeat: wholeNumber("--repeat", values.repeat),
    record: values.record,
    help: values.help,
  };
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${option} takes a whole number of at least 1, not "${text}".`);
  return value;
}
