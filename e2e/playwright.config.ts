/**
 * How the scenarios are run: in one engine, one scenario after the other, nothing repeated.
 */
import { defineConfig, type Project } from "@playwright/test";
import { type BrowserDriver, chromiumSwitches, enginePath } from "./support/browser.js";
import { type Engine, engineUnderTest } from "./support/engine.js";
import { shareVariable } from "./support/shares.js";

interface DriverOption {
  readonly driver: BrowserDriver["name"];
}

const projects: Readonly<Record<Engine, () => Project<object, DriverOption>[]>> = {
  chromium: () => [
    {
      name: "ordinary",
      testIgnore: "lifecycle/**",
      use: { driver: "playwright-chromium", launchOptions: { executablePath: enginePath("chromium"), args: chromiumSwitches } },
    },
    { name: "lifecycle", testMatch: "lifecycle/**", use: { driver: "stock-chromium" } },
  ],
  firefox: () => [{ name: "firefox", use: { driver: "stock-firefox" } }],
  webkit: () => [{ name: "webkit", use: { driver: "stock-webkit" } }],
};

/** Each share has a folder of its own: the runner clears it first. */
const share = process.env[shareVariable] ?? "in-turn";

export default defineConfig<object, DriverOption>({
  testDir: "tests",
  outputDir: `test-results/artifacts/${share}`,
  workers: 1,
  retries: 0,
  fullyParallel: false,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: `test-results/report-${share}.json` }]],
  projects: projects[engineUnderTest()](),
});
