/**
 * Peers in the tabs, frames and workers of one origin.
 *
 * @module
 */
export { browserGuarantees, createBrowserMedium } from "./media/browser.js";
export { browserWithoutLocksGuarantees, createBrowserWithoutLocksMedium } from "./media/browser-without-locks.js";
