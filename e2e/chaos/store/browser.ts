/**
 * Writers in the tabs of a Chromium, whose store is kept in IndexedDB, and which is started again on the profile that it has left.
 *
 * @module
 */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineVariables } from "@gen-leader/tools/browsers";
import { type Browser, launch, type Page } from "puppeteer-core";
import { chromiumSwitches, enginePath } from "../../support/browser.js";
import { ensureEngine } from "../../support/launch.js";
import { serveSite, siteUrl } from "../../support/site.js";
import type { Told } from "./lanes.js";
import type { Life, Place } from "./place.js";

const tabs = 3;

export async function openBrowsers(): Promise<Place> {
  const path = await ensureEngine.chromium();
  const site = await serveSite();
  Object.assign(process.env, site.environment, { [engineVariables.chromium]: path });
  const profile = await mkdtemp(join(tmpdir(), "gen-leader-"));
  const first = await start(profile);
  const version = await first.version();
  await first.close();
  return {
    version,
    async begin(life, tell) {
      const browser = await start(profile);
      const pages: Page[] = [];
      for (let tab = 1; tab <= tabs; tab += 1) pages.push(await openWriter(browser, `${life}-${tab}`, tell));
      return alive(browser, pages);
    },
    async clear() {
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
      await site.close();
    },
  };
}

function start(profile: string): Promise<Browser> {
  return launch({
    executablePath: enginePath("chromium"),
    ignoreDefaultArgs: true,
    headless: true,
    defaultViewport: null,
    userDataDir: profile,
    args: ["--headless=new", ...chromiumSwitches, "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
  });
}

async function openWriter(browser: Browser, name: string, tell: (told: Told) => void): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") console.error(`${name}: ${message.text()}`);
  });
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.exposeFunction("tell", (told: Told) => tell(told));
  await page.goto(siteUrl(`store.html?counts=${name}`));
  return page;
}

function alive(browser: Browser, pages: Page[]): Life {
  return {
    async endOne() {
      await pages.pop()?.close();
    },
    async kill() {
      const main = browser.process();
      if (main?.pid === undefined) throw new Error("The browser has no process.");
      const ended = once(main, "exit");
      // All of its processes at once, as when the machine kills it: they are one group.
      process.kill(-main.pid, "SIGKILL");
      await ended;
      await browser.disconnect();
    },
  };
}
