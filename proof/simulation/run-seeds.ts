/**
 * Runs seeds one after another, and tells of each that breaks a promise.
 *
 * @module
 */
import { SimulationError } from "@gen-leader/testing";
import { hunt } from "./hunt.js";
import { addTallies, emptyTally, type Tally } from "./tally.js";

/** Which seeds: every `stride`th from `first` on, `count` of them. */
export interface Seeds {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}

/** Runs them. `found` is called with what to print of a seed that fails. */
export async function runSeeds({ first, count, stride }: Seeds, found: (message: string) => void): Promise<Tally> {
  let tally = emptyTally;
  for (let index = 0; index < count; index += 1) tally = addTallies(tally, await runSeed(first + index * stride, found));
  return tally;
}

async function runSeed(seed: number, found: (message: string) => void): Promise<Tally> {
  try {
    const { steps, elections, befallen } = await hunt(seed);
    return { seeds: 1, steps, elections, faults: befallen, violations: 0 };
  } catch (error) {
    found(error instanceof SimulationError ? error.message : `seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
    return { ...emptyTally, seeds: 1, violations: 1 };
  }
}
