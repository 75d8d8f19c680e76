/**
 * The medium of worker threads keeps the contracts of its ports, over real threads.
 */
import { createWorkerThreadsMedium, workerThreadsGuarantees } from "@gen-leader/adapters/worker-threads";
import { type ContractHarness, createLocalRealm, testFailureDetector, testFence, testTransport } from "@gen-leader/testing/contracts";
import { createThreadStarter, threadDeaths } from "./threads/worker-realm.js";

const medium = createWorkerThreadsMedium();
const startInThread = createThreadStarter(new URL("./threads/peer.worker.ts", import.meta.url));

const threads: ContractHarness = {
  guarantees: workerThreadsGuarantees,
  deaths: threadDeaths,
  deathIsHeardAs: "crashed",
  closingIsHeardAs: "left",
  parallel: true,
  start: startInThread,
};

/** The peer that every test calls `a`, which survives, is in the main thread. */
const mainThreadAndThreads: ContractHarness = {
  ...threads,
  deaths: ["terminate"],
  parallel: "the test itself runs in the main thread",
  start(cluster, id, report) {
    if (!id.startsWith("a#")) return startInThread(cluster, id, report);
    const cannotDie = (): never => {
      throw new Error("The main thread does not die.");
    };
    return Promise.resolve(createLocalRealm(medium(cluster), id, report, cannotDie));
  },
};

for (const [title, harness] of [
  ["worker threads", threads],
  ["the main thread and worker threads", mainThreadAndThreads],
] as const) {
  testTransport(title, harness);
  testFailureDetector(title, harness);
  testFence(title, harness);
}
