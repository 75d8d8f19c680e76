/**
 * The command line of the end-to-end tests.
 *
 * @module
 */
import { parseArgs } from "node:util";

export interface RunOptions {
  /** How many times five tabs are started at once. */
  readonly starts: number;
  /** Only scenarios whose title matches. */
  readonly grep: string | null;
  /** How often each scenario is run. */
  readonly repeat: number;
  readonly help: boolean;
}

export const usage = `Usage: npm run e2e -- [options]

  --starts <n>    how many times five tabs are started at once     (10)
  --grep <text>   only the scenarios whose title matches
  --repeat <n>    run each scenario this many times                (1)
  --help          print this text

GEN_LEADER_CHROMIUM names the Chromium to use; else one is looked for, and installed where there is none.`;

/** Reads the command line. @throws Error that says what is wrong with it */
export function parseOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      starts: { type: "string", default: "10" },
      grep: { type: "string" },
      repeat: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    starts: wholeNumber("--starts", values.starts),
    grep: values.grep ?? null,
    repeat: wholeNumber("--repeat", values.repeat),
    help: values.help,
  };
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${option} takes a whole number of at least 1, not "${text}".`);
  return value;
}
