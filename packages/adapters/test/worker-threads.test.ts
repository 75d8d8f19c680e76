/**
 * The medium of worker threads keeps the contracts of its ports when all peers are in one thread.
 */
import { createWorkerThreadsMedium, workerThreadsGuarantees } from "@gen-leader/adapters/worker-threads";
import { type ContractHarness, createLocalRealm, testFailureDetector, testFence, testTransport } from "@gen-leader/testing/contracts";

const medium = createWorkerThreadsMedium();

const harness: ContractHarness = {
  guarantees: workerThreadsGuarantees,
  deaths: ["closing everything"],
  deathIsHeardAs: "left",
  closingIsHeardAs: "left",
  parallel: "all peers of this medium run in one thread",
  start(cluster, id, report) {
    const ports = medium(cluster);
    return Promise.resolve(
      createLocalRealm(ports, id, report, () => {
        ports.fence?.close();
        ports.failureDetector.close();
        ports.transport.close();
      }),
    );
  },
};

testTransport("peers of one thread", harness);
testFailureDetector("peers of one thread", harness);
testFence("peers of one thread", harness);
