/**
 * The command that makes sure of a Chromium: prints its path, or says why there is none.
 *
 * @module
 */
import { ensureChromium } from "./chromium.js";
import { NoBrowserError } from "./find-browser.js";

try {
  console.log(await ensureChromium());
} catch (error) {
  if (!(error instanceof NoBrowserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
