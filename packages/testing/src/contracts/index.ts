/**
 * Contract suites: what each port of a medium must do, as tests for Vitest. An adapter's test supplies a harness and
 * calls them.
 *
 * @module
 */
export { testClock } from "./clock.js";
export type { Command, Outcome, PortEvent, PortName } from "./commands.js";
export { testFailureDetector } from "./failure-detector.js";
export { testFence } from "./fence.js";
export { createLocalRealm } from "./local-realm.js";
export { createPortAgent, type PortAgent } from "./port-agent.js";
export type { ContractHarness, PeerRealm } from "./stage.js";
export { testTransport } from "./transport.js";
