/**
 * What happens to the tabs, one thing after another: drawn from a seed.
 *
 * @module
 */
import type { SeededRandom } from "@gen-leader/testing";

/** What can happen. `back` ends the longest of what is still going on: a tab is thawed, or a person goes back to its page. */
export type Happening = "close" | "kill" | "hang" | "freeze" | "leave" | "look" | "hand over" | "back";

export interface Step {
  readonly happening: Happening;
  /** Whether it happens to the leader, or to whoever `among` picks of the others. */
  readonly toLeader: boolean;
  /** From 0 to 1: which of the others. */
  readonly among: number;
  /** How long a busy loop takes, in milliseconds. */
  readonly hangMs: number;
  /** How many calls are answered before the next. */
  readonly answers: number;
}

/** How often each comes up, of all. */
const weights: readonly (readonly [Happening, number])[] = [
  ["kill", 4],
  ["close", 2],
  ["hand over", 2],
  ["leave", 3],
  ["freeze", 2],
  ["back", 5],
  ["look", 3],
  ["hang", 1],
];

/** The next step. All that may be asked of the seed is asked, so that a step does not depend on the one before. */
export function drawStep(random: SeededRandom): Step {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.between(1, total);
  const found = weights.find(([, weight]) => {
    left -= weight;
    return left <= 0;
  });
  return {
    happening: found?.[0] ?? "look",
    toLeader: random.chance(0.6),
    among: random.next(),
    hangMs: random.between(500, 5000),
    answers: random.between(20, 60),
  };
}
