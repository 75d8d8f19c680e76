import { parseArgs } from "node:util";

/** What the demo was asked to do. */
export interface DemoOptions {
  /** How many worker threads form the cluster. */
  readonly threads: number;
  /** How many leaders are killed, one after the other. */
  readonly rounds: number;
  /** Print the result alone, as one line of JSON. */
  readonly json: boolean;
  readonly help: boolean;
}

/** The help text. */
export const usage = `Usage: npm run demo -- [options]

  --threads <n>   worker threads in the cluster, at least 2   (5)
  --rounds <n>    leaders to kill, one after the other         (75)
  --json          print the result alone, as one line of JSON
  --help          print this text`;

/** Reads the command line. @throws Error that says what is wrong with it */
export function parseOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      threads: { type: "string", default: "5" },
      rounds: { type: "string", default: "75" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    threads: wholeNumber("--threads", values.threads, 2),
    rounds: wholeNumber("--rounds", values.rounds, 1),
    json: values.json,
    help: values.help,
  };
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new Error(`${option} takes a whole number of at least ${least}, not "${text}".`);
  return value;
}
