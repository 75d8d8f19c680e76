/**
 * What a stage of `npm test` or `npm run check` came to, in numbers that a reporter wrote.
 *
 * @module
 */

/** The result of one stage. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Left out by the tests themselves; shown, and neither passed nor failed. */
  readonly skipped: number;
  /** One line for each failure. */
  readonly failures: readonly string[];
}

/** The outcome of a stage that could not do its work: one failure. */
export function brokenOutcome(why: string): Outcome {
  return { passed: 0, failed: 1, skipped: 0, failures: [why] };
}

/**
 * Holds an outcome against how the stage's program ended: a program that failed without a failed test, or that tested
 * nothing, is one failure more.
 */
export function withExit(outcome: Outcome, code: number | null): Outcome {
  const complaint =
    code !== 0 && outcome.failed === 0
      ? code === null
        ? "was killed, or could not be started"
        : `ended with code ${code}, although no test failed`
      : outcome.passed + outcome.failed === 0
        ? "tested nothing"
        : undefined;
  return complaint === undefined ? outcome : { ...outcome, failed: outcome.failed + 1, failures: [...outcome.failures, complaint] };
}

/** All outcomes as a table, the failures under it, and a last line for machines: `N passed, N failed`. */
export function printOutcomes(outcomes: ReadonlyMap<string, Outcome>): string {
  const rows = [...outcomes].map(([name, { passed, failed, skipped }]) => {
    const left = skipped === 0 ? "" : `  ${skipped} skipped`;
    return `  ${name.padEnd(12)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${left}`;
  });
  const failures = [...outcomes].flatMap(([name, outcome]) => outcome.failures.map((failure) => `  ${name}: ${failure}`));
  const total = (field: "passed" | "failed"): number => [...outcomes.values()].reduce((sum, outcome) => sum + outcome[field], 0);
  return [
    "",
    ...rows,
    ...(failures.length === 0 ? [] : ["", ...failures]),
    "",
    `${total("passed")} passed, ${total("failed")} failed`,
  ].join("\n");
}
