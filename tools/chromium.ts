/**
 * Finds a Chromium for the end-to-end tests, and gets one where there is none.
 *
 * @module
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { engineVariables, findBrowser, installMs, installWithApt, mayUseApt, NoBrowserError, runs } from "./find-browser.js";
import { createMachine, type Machine, reasonIn } from "./machine.js";

const variable = engineVariables.chromium;

const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map((name) => `/usr/bin/${name}`),
  darwin: ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
};

/**
 * The path of a Chromium that runs, or undefined where there is none. Looks at `GEN_LEADER_CHROMIUM`, then for
 * Playwright's own, then in the usual places.
 */
export async function findChromium(machine: Machine = createMachine(), playwrightPath = playwrightsOwn()): Promise<string | undefined> {
  return findBrowser(machine, variable, [playwrightPath, ...(usualPlaces[machine.platform] ?? [])]);
}

/**
 * As `findChromium`, but where there is none it installs one: with Playwright, else with apt where this is Debian and we
 * are root. Says what it does before it does it. @throws NoBrowserError
 */
export async function ensureChromium(machine: Machine = createMachine(), playwrightPath = playwrightsOwn()): Promise<string> {
  const found = await findChromium(machine, playwrightPath);
  if (found !== undefined) return found;
  machine.say("No Chromium found. Downloading Playwright's into its cache (playwright install chromium).");
  const downloaded = await machine.run(process.execPath, [playwrightCommand(), "install", "chromium"], installMs);
  if (downloaded.code === 0 && mayUseApt(machine) && !(await runs(machine, playwrightPath))) {
    machine.say("It lacks libraries. Installing them with apt (playwright install-deps chromium).");
    await machine.run(process.execPath, [playwrightCommand(), "install-deps", "chromium"], installMs);
  }
  if (downloaded.code !== 0) {
    const reason = `That did not work: ${reasonIn(downloaded.output)}`;
    if (mayUseApt(machine)) await installWithApt(machine, reason, ["chromium"]);
    else machine.say(reason);
  }
  const now = await findChromium(machine, playwrightPath);
  if (now !== undefined) return now;
  throw new NoBrowserError(`There is no Chromium that runs. Install one, or set ${variable} to the path of one.`);
}

function playwrightsOwn(): string {
  return chromium.executablePath();
}

function playwrightCommand(): string {
  return join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
}
