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
  /** Peers really die or hang here, so it runs over worker threads as well. */
  readonly realDeath?: boolean;
  /** The network is cut here, which only the simulated one can be; `fence: false` takes away what would keep one side from electing. */
  readonly partition?: boolean;
  readonly fence?: boolean;
}

export function scenario(title: string, run: (site: Site) => Promise<void>, needs: Needs = {}): Scenario {
  return { title, run, needs };
}
