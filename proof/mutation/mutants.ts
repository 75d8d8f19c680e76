/**
 * All mutants, by family.
 *
 * @module
 */
import { behaviourMutants } from "./mutants/behaviour.js";
import { callMutants } from "./mutants/calls.js";
import { electionMutants } from "./mutants/election.js";
import { gateMutants } from "./mutants/gate.js";
import { historyMutants } from "./mutants/history.js";
import { membershipMutants } from "./mutants/membership.js";
import type { Mutant } from "./mutants/mutant.js";

export const mutants: readonly Mutant[] = [
  ...gateMutants,
  ...electionMutants,
  ...membershipMutants,
  ...historyMutants,
  ...callMutants,
  ...behaviourMutants,
];
