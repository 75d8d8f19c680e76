/**
 * One conformance case of the oracle, written once for every kind of site.
 *
 * @module
 */
import type { Site } from "./site/site.js";

export interface Scenario {
  /** Begins with the number of the case in the oracle: `case 13: …`. */
  readonly title: string;
  readonly needs: Needs;
  run(site: Site): Promise<void>;
}

export interface Needs {
  /** The network is cut here, which only the one in memory can be. Everything else runs over worker threads as well. */
  readonly partition?: boolean;
  /** `false` takes away what keeps one side of a split from electing. */
  readonly fence?: boolean;
}

export function scenario(title: string, run: (site: Site) => Promise<void>, needs: Needs = {}): Scenario {
  return { title, run, needs };
}
