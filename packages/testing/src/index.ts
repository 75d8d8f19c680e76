/**
 * Tools for tests on top of gen-leader: a cluster of the real core in virtual time, seeded randomness, and a check of what clients saw.
 *
 * @module
 */
export {
  checkLinearizability,
  type LinearizabilityOptions,
  type LinearizabilityResult,
} from "./linearizability/check-linearizability.js";
export type { Operation } from "./linearizability/history.js";
export type { SequentialModel } from "./linearizability/sequential-model.js";
export {
  type ClusterOptions,
  type Delays,
  type Fault,
  SimulatedCluster,
  type SimulatedFrame,
  type StartSimulatedPeer,
} from "./simulation/cluster.js";
export {
  type CheckedCluster,
  createInvariantChecker,
  type InvariantChecker,
  type InvariantOptions,
} from "./simulation/invariant-checker.js";
export type { Happening, OpenCall, SimulatedCall, SimulatedPeer } from "./simulation/peer.js";
export { createRandom, type SeededRandom } from "./simulation/random.js";
