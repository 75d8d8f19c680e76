/**
 * What a command of this folder does around its work: reads its options, explains itself, and ends with the code that fits.
 *
 * @module
 */
import { NoBrowserError } from "@gen-leader/tools/browsers";

export interface Command<Options extends { readonly help: boolean }> {
  readonly usage: string;
  /** Reads the command line. @throws Error that says what is wrong with it */
  parse(args: readonly string[]): Options;
  /** Does the work. Resolves with the exit code. */
  run(options: Options): Promise<number>;
}

export async function runCommand<Options extends { readonly help: boolean }>({ usage, parse, run }: Command<Options>): Promise<void> {
  let options: Options;
  try {
    options = parse(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = 1;
    return;
  }
  if (options.help) {
    console.log(usage);
    return;
  }
  try {
    process.exitCode = await run(options);
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
