/**
 * Tools for tests on top of gen-leader: a cluster of the real core in virtual time, and seeded randomness.
 *
 * @module
 */
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
