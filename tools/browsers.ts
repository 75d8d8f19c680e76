/**
 * The browsers that tests run in: found, or installed.
 *
 * @module
 */
export { ensureChromium } from "./chromium.js";
export { engineVariables, NoBrowserError } from "./find-browser.js";
export { ensureFirefox } from "./firefox.js";
export { ensureWebKit } from "./webkit.js";
