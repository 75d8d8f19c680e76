/**
 * What looks for a broken promise: one run, named by a number, and what a named checker found wrong in it.
 *
 * @module
 */

/** What was wrong, and which checker says so. */
export interface Finding {
  readonly checker: string;
  readonly detail: string;
}

/** One run: a pure function of the seed where the clock is simulated. `null` if nothing was wrong. */
export type Hunter = (seed: number) => Finding | null | Promise<Finding | null>;

/** Ends a run at the first thing that is wrong. */
export class Caught extends Error implements Finding {
  readonly checker: string;
  readonly detail: string;

  constructor(checker: string, detail: string) {
    super(`${checker}: ${detail}`);
    this.checker = checker;
    this.detail = detail;
  }
}

/** Whatever else is thrown was thrown by the product. */
export function findingOf(error: unknown): Finding {
  if (error instanceof Caught) return { checker: error.checker, detail: error.detail };
  return { checker: "no-throw", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
