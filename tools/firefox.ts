/**
 * Finds a Firefox for the end-to-end tests, as distributions ship it, and gets one where there is none.
 *
 * @module
 */
import { engineVariables, findBrowser, installWithApt, mayUseApt, NoBrowserError } from "./find-browser.js";
import { createMachine, type Machine } from "./machine.js";

const variable = engineVariables.firefox;

const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
  darwin: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
};

/** The path of a Firefox that runs; where there is none, and apt may be used, one is installed. @throws NoBrowserError */
export async function ensureFirefox(machine: Machine = createMachine()): Promise<string> {
  const places = usualPlaces[machine.platform] ?? [];
  const found = await findBrowser(machine, variable, places);
  if (found !== undefined) return found;
  if (mayUseApt(machine)) await installWithApt(machine, "No Firefox found.", ["firefox-esr"]);
  const now = await findBrowser(machine, variable, places);
  if (now !== undefined) return now;
  throw new NoBrowserError(`There is no Firefox that runs. Install one, or set ${variable} to the path of one.`);
}
