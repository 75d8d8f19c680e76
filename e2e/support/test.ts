/**
 * The test function of all scenarios. Each gets a stage of its own, whose log is checked when the scenario is over.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import type { BrowserDriver } from "./browser.js";
import { checkLog } from "./checker.js";
import { diagnose } from "./diagnosis.js";
import { launchBrowser } from "./launch.js";
import { test as base, noteBrowser } from "./needs.js";
import { insecureUrl, siteUrl } from "./site.js";
import { Stage } from "./stage.js";

/** How a leader ended, where the time until the next one led is told. */
export type FailoverKind =
  | "close"
  | "kill"
  | "kill without locks"
  | "cache"
  | "freeze"
  | "discard"
  | "hang"
  | "alert"
  | "terminate"
  | "hand-over"
  | "freeze of a worker"
  | "cache of a worker"
  | "look at another tab";

/** One thing that goes wrong can show in very many places of a log. */
const shownViolations = 5;

interface ScenarioFixtures {
  /** Whether the pages come from where browsers have no Web Locks. */
  readonly insecure: boolean;
  /** The tabs and the log of this scenario. */
  readonly stage: Stage;
  /** Notes, and returns, how many milliseconds it took from the end of a leader until another led. */
  readonly noteFailover: (kind: FailoverKind, endedAt: number, elected: { readonly at: number }) => number;
}

interface WorkerFixtures {
  /** Which driver the scenarios of a project run on. */
  readonly driver: BrowserDriver["name"];
  readonly runningBrowser: BrowserDriver;
}

export const test = base.extend<ScenarioFixtures, WorkerFixtures>({
  driver: ["playwright-chromium", { option: true, scope: "worker" }],

  runningBrowser: [
    async ({ driver }, use) => {
      const browser = await launchBrowser[driver]();
      await use(browser);
      await browser.close();
    },
    { scope: "worker" },
  ],

  insecure: [false, { option: true }],

  stage: async ({ runningBrowser, insecure }, use, info) => {
    noteBrowser(runningBrowser.version, info);
    const stage = new Stage(`${info.testId}-${info.repeatEachIndex}`, runningBrowser, insecure ? insecureUrl : siteUrl);
    await use(stage);
    const failed = info.status !== info.expectedStatus;
    const violations = checkLog(stage.journal.entries);
    const errors = stage.journal.recordsOf("error").map(({ tab, record }) => `${tab}: ${record.message}`);
    const ends = stage.journal
      .recordsOf("ended")
      .flatMap(({ tab, record }) => (record.reason === "normal" ? [] : [`${tab}: ${record.reason}`]));
    const crashes = [...stage.crashed].filter((tab) => !stage.killed.has(tab));
    if (failed || violations.length + errors.length + ends.length + crashes.length > 0) {
      const text = await diagnose(stage);
      const path = info.outputPath("diagnosis.txt");
      await writeFile(path, text);
      await info.attach("diagnosis", { path, contentType: "text/plain" });
    }
    await stage.dispose();
    expect(violations.slice(0, shownViolations), "No two tabs act as leader").toEqual([]);
    expect(errors, "No page throws").toEqual([]);
    expect(ends, "No server ends by itself").toEqual([]);
    expect(crashes, "No tab crashes").toEqual([]);
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
  noteFailover: async ({}, use, info) => {
    await use((kind, endedAt, { at }) => {
      const ms = at - endedAt;
      info.annotations.push({ type: "failover", description: JSON.stringify({ kind, ms }) });
      return ms;
    });
  },
});

export { needs } from "./needs.js";
export { expect };
