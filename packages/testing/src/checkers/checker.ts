/**
 * What a checker is: a function from what was seen of a run to what was wrong in it.
 *
 * @module
 */
import type { Faults } from "../simulator/faults.js";
import type { History } from "../simulator/history.js";

/** Under what conditions a run was made: some promises hold only under some. */
export interface Conditions {
  readonly faults: Faults;
  /** Whether the medium has a fence. */
  readonly fenced: boolean;
  /** For how long a peer may not have run and still trust what it knew, in milliseconds: `limits.suspectMs`. */
  readonly suspectMs: number;
  /** How many broadcasts every peer remembers at least. */
  readonly historyLimit: number;
}

/** Looks at one run, and says in words what was wrong; nothing if all was well. */
export type Checker = (history: History, conditions: Conditions) => readonly string[];
