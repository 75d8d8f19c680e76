/**
 * The driver for Firefox as distributions ship it, through WebDriver BiDi: every tab but the one in front is hidden and throttled as for a
 * user, and what the standard has no word for is asked of Firefox's own window.
 *
 * @module
 */
import { type Dialog, launch, type Page } from "puppeteer-core";
import { wallTime } from "../../pages/src/records.js";
import { alertSoon, type BrowserDriver, enginePath, expressionOf, insecureHost, type PageDriver } from "../browser.js";
import { createLifetime, type Lifetime } from "../lifetime.js";
import { type Box, openMailbox, withPostbox } from "../mailbox.js";
import { type FirefoxWindow, openFirefoxWindow, systemAccess } from "./firefox-window.js";

const preferences = {
  // Times to the hundredth of a millisecond, for the log of all tabs.
  "privacy.reduceTimerPrecision": false,
  "network.dns.localDomains": insecureHost,
  // Pages may open windows without a person's click.
  "dom.disable_open_during_load": false,
  // To kill the process of a tab kills no other: beyond eight, tabs would share processes.
  "dom.ipc.processCount": 64,
  // A tab whose process was killed stays, with nothing in it; Firefox asks nobody what to do, and tells nobody.
  "browser.tabs.crashReporting.sendReport": false,
};

interface OpenTab {
  readonly box: Box;
  readonly crashed: () => void;
}

export async function launchStockFirefox(): Promise<BrowserDriver> {
  const browser = await launch({
    browser: "firefox",
    executablePath: enginePath("firefox"),
    headless: true,
    defaultViewport: null,
    args: [systemAccess],
    extraPrefsFirefox: preferences,
    // The next crash is waited for as long as there is none.
    protocolTimeout: 0,
  });
  const mailbox = await openMailbox();
  const window = await openFirefoxWindow(browser);
  const tabs = new Map<PageDriver, OpenTab>();
  let closing = false;

  async function watchCrashes(): Promise<void> {
    while (!closing) {
      const name = await window.nextCrash();
      const tab = [...tabs.values()].find(({ box }) => box.url === name);
      tab?.box.flush();
      tab?.crashed();
    }
  }
  watchCrashes().catch(() => {
    // Firefox itself has ended.
    if (!closing) for (const { crashed } of tabs.values()) crashed();
  });

  const version = await browser.version();
  const privateWindow = await browser.createBrowserContext();
  return {
    name: "stock-firefox",
    version,
    async open(_binding, { told, crashed }, { isPrivate } = {}) {
      const box = mailbox.open(told);
      const page = await (isPrivate ? privateWindow : browser).newPage();
      // The address of the box, which no other tab has, is the tab's name as well.
      await page.goto(`data:text/plain,${encodeURIComponent(box.url)}`);
      await window.name(page.url(), box.url);
      const lifetime = createLifetime();
      const driver = drive(page, box, lifetime, window, () => tabs.delete(driver));
      tabs.set(driver, {
        box,
        crashed() {
          lifetime.end();
          crashed();
        },
      });
      return driver;
    },
    processes: (pages) =>
      Promise.all(
        pages.map((page) => {
          const tab = tabs.get(page);
          if (tab === undefined) throw new Error("This page is of another browser, or closed.");
          return window.processOf(tab.box.url);
        }),
      ),
    async close() {
      closing = true;
      await browser.close();
      await mailbox.close();
    },
  };
}

function drive(page: Page, box: Box, lifetime: Lifetime, window: FirefoxWindow, closed: () => void): PageDriver {
  /** The protocol for pages has lost sight of the tab; it is heard, and no longer driven. */
  let isDiscarded = false;
  return {
    evaluate: async <Argument, Result>(run: (argument: Argument) => Result | Promise<Result>, argument: Argument) =>
      lifetime.within(page.evaluate<[], () => Result>(expressionOf(run, argument))),
    async goto(url) {
      await lifetime.within(page.goto(withPostbox(url, box)));
    },
    async reload() {
      await lifetime.within(page.reload());
    },
    async close() {
      closed();
      await (isDiscarded ? window.close(box.url) : page.close());
      box.remove();
    },
    bringToFront: () => (isDiscarded ? window.show(box.url) : lifetime.within(page.bringToFront())),
    async alert() {
      const shown = new Promise<Dialog>((resolve) => void page.once("dialog", resolve));
      await page.evaluate(expressionOf(alertSoon, null));
      const dialog = await shown;
      return () => dialog.accept();
    },
    setLifecycle: () => Promise.reject(new Error("Firefox freezes no pages.")),
    async discard() {
      const at = wallTime();
      await window.discard(box.url);
      isDiscarded = true;
      return { at };
    },
    freezingObstacles: () => Promise.reject(new Error("Firefox freezes no pages.")),
  };
}
