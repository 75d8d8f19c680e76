/**
 * Finds a WebKitGTK for the end-to-end tests, which they reach through Python's bindings, and gets one where there is none.
 *
 * @module
 */
import { engineVariables, installWithApt, mayUseApt, NoBrowserError } from "./find-browser.js";
import { createMachine, type Machine } from "./machine.js";

const variable = engineVariables.webkit;
/** The distribution's Python, which its bindings are for. */
const usualPlace = "/usr/bin/python3";
const trial = [
  "-c",
  "import shutil, gi; gi.require_version('WebKit2', '4.1'); from gi.repository import WebKit2; assert shutil.which('Xvfb')",
];
const trialMs = 30_000;

/** The path of a Python that has WebKitGTK, and a display to show it on; where there is none, and apt may be used, it is installed. @throws NoBrowserError */
export async function ensureWebKit(machine: Machine = createMachine()): Promise<string> {
  const named = machine.env[variable];
  const python = named === undefined || named === "" ? usualPlace : named;
  if (await works(machine, python)) return python;
  if (python !== usualPlace)
    throw new NoBrowserError(
      `${variable} names ${python}, which is no Python with WebKitGTK. Correct it, or unset it to let one be looked for.`,
    );
  if (mayUseApt(machine)) await installWithApt(machine, "No WebKitGTK found.", ["gir1.2-webkit2-4.1", "python3-gi", "xvfb"]);
  if (await works(machine, python)) return python;
  throw new NoBrowserError(
    `There is no WebKitGTK with bindings for Python (on Debian: gir1.2-webkit2-4.1, python3-gi, xvfb). Install them, or set ${variable} to a Python that has them.`,
  );
}

async function works(machine: Machine, python: string): Promise<boolean> {
  return machine.exists(python) && (await machine.run(python, trial, trialMs)).code === 0;
}
