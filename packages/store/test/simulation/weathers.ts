/**
 * What may befall the peers of a simulated store.
 *
 * @module
 */
import type { Faults } from "@gen-leader/testing";
import type { SimulatedUsersOptions } from "./users.js";

interface Weather {
  readonly faults: Partial<Faults>;
  /** Whether all who have a commit may be gone at once: whoever is frozen, or in the back/forward cache, cannot be asked, and so does not count. */
  readonly mayLose: boolean;
  /** Whether peers join all the time, and what they lack takes long: many of them are behind when a leader goes. Nobody crashes then, who might have it all. */
  readonly hasNewcomers?: boolean;
}

const delays = { delayMs: [0, 30] } as const;

const weathers: Readonly<Record<string, Weather>> = {
  "crashes and restarts": { faults: { ...delays, crash: 2, restart: 1 }, mayLose: false },
  "crashes and hangs": { faults: { ...delays, crash: 2, hang: 1 }, mayLose: false },
  "hangs and thefts of the fence": { faults: { ...delays, crash: 1, hang: 2, steal: 2 }, mayLose: false },
  "frozen pages": { faults: { ...delays, crash: 1, restart: 1, freeze: 2 }, mayLose: false },
  "pages in the back/forward cache": { faults: { ...delays, crash: 1, cache: 2 }, mayLose: false },
  "hidden pages on a machine that sleeps": { faults: { ...delays, crash: 1, throttle: 2, clockJump: 1 }, mayLose: false },
  "newcomers while leaders change": { faults: { ...delays, hang: 2, steal: 6, throttle: 1 }, mayLose: false, hasNewcomers: true },
  "everything at once": {
    faults: { ...delays, crash: 2, restart: 1, hang: 1, freeze: 1, cache: 1, throttle: 1, clockJump: 1, steal: 1 },
    mayLose: true,
  },
};

/** One kind of run: what befalls which store, in a name. */
export interface Run {
  readonly name: string;
  readonly mayLose: boolean;
  readonly users: Omit<SimulatedUsersOptions, "seed">;
}

const rounds = 40;

/** Every weather twice: replicated, and persisted, where everything ends now and then as well, and nothing may be lost. */
export const runs: readonly Run[] = Object.entries(weathers).flatMap(([name, { mayLose, ...weather }]): Run[] => [
  { name, mayLose, users: { ...weather, durability: "replicated", rounds } },
  {
    name: `${name}, persisted`,
    mayLose: false,
    users: { ...weather, faults: { ...weather.faults, storageMs: [0, 20] }, durability: "persisted", blackouts: 3, rounds },
  },
]);

/** The run of a seed: each in turn. */
export function runOf(seed: number): Run {
  const run = runs[seed % runs.length];
  if (run === undefined) throw new Error(`There is no run for the seed ${seed}.`);
  return run;
}
