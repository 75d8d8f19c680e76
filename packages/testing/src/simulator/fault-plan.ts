/**
 * The faults of one run that happen at a time of their own: drawn from the seed beforehand, as data, so that a failing run
 * can be tried again with fewer of them.
 *
 * @module
 */
import type { SeededRandom } from "../simulation/random.js";
import { type Faults, type PlannedFaultType, plannedFaultTypes } from "./faults.js";

/** One fault that is to happen. */
export interface PlannedFault {
  readonly type: PlannedFaultType;
  /** When, in milliseconds from the start. */
  readonly atMs: number;
  /** How long it lasts, in milliseconds, if it lasts. */
  readonly forMs: number;
  /** Whom it befalls: whoever leads then, or one of those that are up, counted from 0 and round again. */
  readonly whom: "leader" | number;
}

/** How long a fault lasts: as short as what nobody notices, and longer than the longest time limit. */
const durationsMs = [20, 400, 1200, 4000, 12_000] as const;

/** Half of the faults befall the leader: what befalls a follower is seldom of interest. */
const leaderShare = 0.5;

/** Draws the faults of a run of `durationMs`, in order of time. */
export function drawPlan(faults: Faults, durationMs: number, random: SeededRandom): readonly PlannedFault[] {
  const plan: PlannedFault[] = [];
  for (const type of plannedFaultTypes) {
    for (let count = faults[type]; count > 0; count -= 1) {
      const atMs = random.between(0, durationMs);
      const longest = random.pick(durationsMs);
      const forMs = random.between(1, longest);
      plan.push({ type, atMs, forMs, whom: random.chance(leaderShare) ? "leader" : random.between(0, 9) });
    }
  }
  return plan.sort((a, b) => a.atMs - b.atMs);
}

/** One line for people, which can be put back into `plan`. */
export function printPlan(plan: readonly PlannedFault[]): string {
  return `[${plan.map(({ type, atMs, forMs, whom }) => `{ type: "${type}", atMs: ${atMs}, forMs: ${forMs}, whom: ${JSON.stringify(whom)} }`).join(", ")}]`;
}
