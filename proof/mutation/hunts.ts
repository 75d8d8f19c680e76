/**
 * The hunts that a mutant has to survive, cheapest first: some seeds of random weather, stories for what weather seldom brings,
 * then the other seeds. Another hunt (the behaviour's simulator, the explorer) is one line here and an entry in hunts/ that calls
 * `serve`.
 *
 * @module
 */
import { root } from "./bundle.js";

export interface Hunt {
  readonly name: string;
  readonly entry: string;
  readonly firstSeed: number;
  /** How many seeds it runs; a directed hunt has one for each story. */
  readonly seeds: number;
}

/** Seeds of random weather by default: some 250 cost a second. */
export const defaultSeeds = 2000;

/** As many as are run before stories are told. */
const quickSeeds = 400;

/** More than there are stories. */
const everyStory = 100;

export function huntsOf(seeds: number): readonly Hunt[] {
  const entry = (name: string) => `${root}proof/mutation/hunts/${name}.ts`;
  const quick = Math.min(seeds, quickSeeds);
  return [
    { name: "weather", entry: entry("weather"), firstSeed: 1, seeds: quick },
    { name: "directed", entry: entry("directed"), firstSeed: 1, seeds: everyStory },
    { name: "behaviour", entry: entry("behaviour"), firstSeed: 1, seeds: everyStory },
    { name: "weather", entry: entry("weather"), firstSeed: quick + 1, seeds: seeds - quick },
  ];
}
