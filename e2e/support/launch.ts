/**
 * The browsers by name: how each is found, and how it is started.
 *
 * @module
 */
import { ensureChromium, ensureFirefox, ensureWebKit } from "@gen-leader/tools/browsers";
import type { BrowserDriver } from "./browser.js";
import { launchPlaywrightChromium } from "./browsers/playwright-chromium.js";
import { launchStockChromium } from "./browsers/stock-chromium.js";
import { launchStockFirefox } from "./browsers/stock-firefox.js";
import { launchStockWebKit } from "./browsers/stock-webkit.js";
import type { Engine } from "./engine.js";

/** Finds the browser of an engine, or installs one. Resolves with its path. */
export const ensureEngine: Readonly<Record<Engine, () => Promise<string>>> = {
  chromium: () => ensureChromium(),
  firefox: () => ensureFirefox(),
  webkit: () => ensureWebKit(),
};

export const launchBrowser: Readonly<Record<BrowserDriver["name"], () => Promise<BrowserDriver>>> = {
  "playwright-chromium": launchPlaywrightChromium,
  "stock-chromium": launchStockChromium,
  "stock-firefox": launchStockFirefox,
  "stock-webkit": launchStockWebKit,
};

/** The drivers that leave their browsers as users have them. */
export const lifecycleDriver: Readonly<Record<Engine, BrowserDriver["name"]>> = {
  chromium: "stock-chromium",
  firefox: "stock-firefox",
  webkit: "stock-webkit",
};
