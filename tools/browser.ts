/**
 * Finds a Chromium for the end-to-end tests, and gets one where there is none.
 *
 * @module
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { createMachine, type Machine, reasonIn } from "./machine.js";

/** Names the Chromium to use; then no other is looked for. */
export const chromiumVariable = "GEN_LEADER_CHROMIUM";

const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"].map((name) => `/usr/bin/${name}`),
  darwin: ["/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"],
};

const versionMs = 30_000;
const installMs = 10 * 60_000;

/** No Chromium was found and none could be installed. The message says what to do. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
}

/**
 * The path of a Chromium that runs, or undefined where there is none. Looks at `GEN_LEADER_CHROMIUM`, then for
 * Playwright's own, then in the usual places.
 */
export async function findChromium(machine: Machine = createMachine(), playwrightPath = playwrightsOwn()): Promise<string | undefined> {
  const named = machine.env[chromiumVariable];
  if (named !== undefined && named !== "") {
    if (await runs(machine, named)) return named;
    throw new NoBrowserError(`${chromiumVariable} names ${named}, which does not run. Correct it, or unset it to let one be looked for.`);
  }
  for (const path of [playwrightPath, ...(usualPlaces[machine.platform] ?? [])]) {
    if (machine.exists(path) && (await runs(machine, path))) return path;
  }
  return undefined;
}

/**
 * As `findChromium`, but where there is none it installs one: with Playwright, else with apt where this is Debian and we
 * are root. Says what it does before it does it. @throws NoBrowserError
 */
export async function ensureChromium(machine: Machine = createMachine(), playwrightPath = playwrightsOwn()): Promise<string> {
  const found = await findChromium(machine, playwrightPath);
  if (found !== undefined) return found;
  const mayUseApt = machine.isRoot && machine.exists("/usr/bin/apt-get");
  machine.say("No Chromium found. Downloading Playwright's into its cache (playwright install chromium).");
  const downloaded = await machine.run(process.execPath, [playwrightCommand(), "install", "chromium"], installMs);
  if (downloaded.code === 0 && mayUseApt && !(await runs(machine, playwrightPath))) {
    machine.say("It lacks libraries. Installing them with apt (playwright install-deps chromium).");
    await machine.run(process.execPath, [playwrightCommand(), "install-deps", "chromium"], installMs);
  }
  if (downloaded.code !== 0) machine.say(`That did not work: ${reasonIn(downloaded.output)}`);
  if (downloaded.code !== 0 && mayUseApt) {
    machine.say("Installing Debian's instead (apt-get update && apt-get install -y chromium).");
    await machine.run("apt-get", ["update"], installMs);
    const installed = await machine.run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], installMs);
    if (installed.code !== 0) machine.say(`That did not work: ${reasonIn(installed.output)}`);
  }
  const now = await findChromium(machine, playwrightPath);
  if (now !== undefined) return now;
  throw new NoBrowserError(`There is no Chromium that runs. Install one, or set ${chromiumVariable} to the path of one.`);
}

async function runs(machine: Machine, path: string): Promise<boolean> {
  const { code } = await machine.run(path, ["--version"], versionMs);
  return code === 0;
}

function playwrightsOwn(): string {
  return chromium.executablePath();
}

function playwrightCommand(): string {
  return join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
}
