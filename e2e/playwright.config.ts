/**
 * How the scenarios are run: two browsers beside one another at most, nothing repeated.
 */
import { defineConfig } from "@playwright/test";
import { type BrowserDriver, chromiumPath, chromiumSwitches } from "./support/browser.js";

const executablePath = chromiumPath();

export default defineConfig<object, { driver: BrowserDriver["name"] }>({
  testDir: "tests",
  outputDir: "test-results/artifacts",
  workers: 1,
  retries: 0,
  fullyParallel: false,
  timeout: 60_000,
  forbidOnly: true,
  reporter: [["list"], ["json", { outputFile: "test-results/report.json" }]],
  projects: [
    {
      name: "ordinary",
      testIgnore: "lifecycle/**",
      use: { driver: "playwright", launchOptions: { executablePath, args: chromiumSwitches } },
    },
    { name: "lifecycle", testMatch: "lifecycle/**", use: { driver: "puppeteer" } },
  ],
});
