/**
 * The medium of browsers keeps the contracts of its ports, over the tabs of a real Chromium and over dedicated workers.
 */
import { browserGuarantees } from "@gen-leader/adapters/browser";
import { type ContractHarness, testFailureDetector, testFence, testTransport } from "@gen-leader/testing/contracts";
import { afterAll, beforeAll } from "vitest";
import { type Browser, launchBrowser, sharedTabDeaths, tabDeaths, workerDeaths } from "./browser/page-realm.js";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const tabs: ContractHarness = {
  guarantees: browserGuarantees,
  deaths: tabDeaths,
  deathIsHeardAs: "crashed",
  closingIsHeardAs: "crashed",
  parallel: true,
  start: (cluster, id, report) => browser.startPeer(cluster, id, report, "page"),
};

const workers: ContractHarness = {
  ...tabs,
  deaths: workerDeaths,
  start: (cluster, id, report) => browser.startPeer(cluster, id, report, "worker"),
};

const sleepyTabs: ContractHarness = {
  ...tabs,
  deaths: ["closing the tab", "crash of its process"],
  start: (cluster, id, report) => browser.startPeer(cluster, id, report, "sleepy page"),
};

/** As with two copies of the library in one page. */
const oneTab: ContractHarness = {
  ...tabs,
  deaths: sharedTabDeaths,
  parallel: "all peers of this medium run in one thread",
  start: (cluster, id, report) => browser.startPeer(cluster, id, report, "one page"),
};

for (const [title, harness] of [
  ["tabs", tabs],
  ["dedicated workers", workers],
  ["peers of one tab", oneTab],
  ["tabs that are not kept awake", sleepyTabs],
] as const) {
  if (harness !== sleepyTabs) testTransport(title, harness);
  testFailureDetector(title, harness);
  testFence(title, harness);
}
