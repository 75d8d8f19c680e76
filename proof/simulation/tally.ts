/**
 * What many seeds came to, added up.
 *
 * @module
 */

/** The sum of some runs. */
export interface Tally {
  readonly seeds: number;
  readonly steps: number;
  readonly elections: number;
  /** How many faults befell anybody, by their type. */
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: number;
}

export const emptyTally: Tally = { seeds: 0, steps: 0, elections: 0, faults: {}, violations: 0 };

export function addTallies(one: Tally, other: Tally): Tally {
  const faults: Record<string, number> = { ...one.faults };
  for (const [type, count] of Object.entries(other.faults)) faults[type] = (faults[type] ?? 0) + count;
  return {
    seeds: one.seeds + other.seeds,
    steps: one.steps + other.steps,
    elections: one.elections + other.elections,
    faults,
    violations: one.violations + other.violations,
  };
}
