/**
 * The end of a hunt's entry: runs seeds until one finds something, and says so in one line.
 *
 * @module
 */
import { type Finding, findingOf, type Hunter } from "../hunters/hunter.js";

/** What a hunt prints as its last line. */
export type Verdict =
  | { readonly caught: true; readonly checker: string; readonly seed: number; readonly detail: string }
  | { readonly caught: false };

/** Runs the seeds that the command line names: from the first, so many. */
export async function serve(hunter: Hunter): Promise<void> {
  const [first = 1, count = 1] = process.argv.slice(2).map(Number);
  const verdict = await hunt(hunter, first, count);
  process.stdout.write(`\n${JSON.stringify(verdict)}\n`, () => process.exit(0));
}

async function hunt(hunter: Hunter, first: number, count: number): Promise<Verdict> {
  for (let seed = first; seed < first + count; seed += 1) {
    const found = await findingIn(hunter, seed);
    if (found !== null) return { caught: true, checker: found.checker, seed, detail: found.detail.slice(0, 600) };
  }
  return { caught: false };
}

async function findingIn(hunter: Hunter, seed: number): Promise<Finding | null> {
  try {
    return await hunter(seed);
  } catch (error) {
    return findingOf(error);
  }
}
