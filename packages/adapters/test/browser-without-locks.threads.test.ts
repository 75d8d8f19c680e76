/**
 * The medium of browsers without Web Locks keeps the contracts of its ports, over real threads.
 */
import { browserWithoutLocksGuarantees } from "@gen-leader/adapters/browser";
import { type ContractHarness, testFailureDetector, testTransport } from "@gen-leader/testing/contracts";
import { createThreadStarter, threadDeaths } from "./threads/worker-realm.js";

const harness: ContractHarness = {
  guarantees: browserWithoutLocksGuarantees,
  deaths: threadDeaths,
  deathIsHeardAs: "unresponsive",
  closingIsHeardAs: "left",
  parallel: "whoever is busy for three beats is down here, and says so in the guarantees",
  start: createThreadStarter(new URL("./threads/heartbeat-peer.worker.ts", import.meta.url)),
};

testTransport("BroadcastChannel without Web Locks", harness);
testFailureDetector("heartbeats", harness);
