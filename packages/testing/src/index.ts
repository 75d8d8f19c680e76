/**
 * Tools for tests on top of gen-leader: a cluster of the real core in virtual time, seeded randomness, and a check of what clients saw.
 *
 * @module
 */
export type { Checker, Conditions } from "./checkers/checker.js";
export { type CheckerName, checkers } from "./checkers/index.js";
export {
  checkLinearizability,
  type LinearizabilityOptions,
  type LinearizabilityResult,
} from "./linearizability/check-linearizability.js";
export type { Operation } from "./linearizability/history.js";
export type { SequentialModel } from "./linearizability/sequential-model.js";
export { SimulatedCluster, type StartSimulatedPeer } from "./simulation/cluster.js";
export type { ClusterOptions, Delays, Fault, SimulatedFrame } from "./simulation/cluster-options.js";
export {
  type CheckedCluster,
  createInvariantChecker,
  type InvariantChecker,
  type InvariantOptions,
} from "./simulation/invariant-checker.js";
export type { Happening, OpenCall, SimulatedCall, SimulatedPeer } from "./simulation/peer.js";
export { createRandom, type SeededRandom } from "./simulation/random.js";
export { drawPlan, type PlannedFault, printPlan } from "./simulator/fault-plan.js";
export {
  type Faults,
  type FrameFaults,
  noFaults,
  type PlannedFaults,
  type PlannedFaultType,
  type PlatformDelays,
  plannedFaultTypes,
  type RangeMs,
  type StorageFaults,
} from "./simulator/faults.js";
export type * from "./simulator/history.js";
export { observed } from "./simulator/history.js";
export { type SimulatedMedium, simulatedMedia } from "./simulator/media.js";
export { RealmEndedError } from "./simulator/observed-server.js";
export type { Scenario, SimulatedPeerOptions, Simulation } from "./simulator/run.js";
export { type SimulateOptions, SimulationError, type SimulationReport, simulate, type Violation } from "./simulator/simulate.js";
export type { SimulatedBehaviour, SimulatedRealm } from "./simulator/simulated-realm.js";
export { type SimulatedStorage, type SimulatedTransaction, StorageFailedError, type TransactOptions } from "./simulator/storage.js";
