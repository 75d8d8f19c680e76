/**
 * What may befall the peers of a simulated store.
 *
 * @module
 */
import type { Faults } from "@gen-leader/testing";
import type { SimulatedUsersOptions } from "./users.js";

export interface Weather {
  readonly faults: Partial<Faults>;
  /** Whether all who have a commit may be gone at once: whoever is frozen, or in the back/forward cache, cannot be asked, and so does not count. */
  readonly mayLose: boolean;
  /** Whether peers join all the time, and what they lack takes long: many of them are behind when a leader goes. Nobody crashes then, who might have it all. */
  readonly hasNewcomers?: boolean;
}

const delays = { delayMs: [0, 30] } as const;

export const weathers: Readonly<Record<string, Weather>> = {
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

/** The weather of a seed: each in turn. Every other round through all of them, the store is persisted, everything ends now and then, and nothing may be lost. */
export function weatherOf(seed: number): { readonly name: string } & Weather & Pick<SimulatedUsersOptions, "durability" | "blackouts"> {
  const all = Object.entries(weathers);
  const [name, weather] = all[seed % all.length] ?? [];
  if (name === undefined || weather === undefined) throw new Error(`There is no weather for the seed ${seed}.`);
  if (Math.floor(seed / all.length) % 2 === 0) return { name, ...weather, durability: "replicated" };
  const faults = { ...weather.faults, storageMs: [0, 20] as const };
  return { name: `${name}, persisted`, ...weather, faults, mayLose: false, durability: "persisted", blackouts: 3 };
}
