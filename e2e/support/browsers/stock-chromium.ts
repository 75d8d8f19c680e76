/**
 * The driver for the life cycle of pages: none of the switches with which automation keeps pages awake, so tabs are hidden,
 * throttled, frozen and cached as for a user.
 *
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CDPSession, type Dialog, launch, type Page } from "puppeteer-core";
import { alertSoon, type BrowserDriver, chromiumSwitches, enginePath, expressionOf, type PageDriver } from "../browser.js";
import { createLifetime, type Lifetime } from "../lifetime.js";
import { findProcesses, marksOnly, type Trace, type TraceEvent, traceEvents } from "../renderers.js";

/** Timers of a page that has been hidden for ten seconds run once a minute. For users it is five minutes, which is too long for a test. */
const quickIntensiveThrottling = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10";

export async function launchStockChromium(): Promise<BrowserDriver> {
  const profile = await mkdtemp(join(tmpdir(), "gen-leader-"));
  const browser = await launch({
    executablePath: enginePath("chromium"),
    ignoreDefaultArgs: true,
    headless: true,
    defaultViewport: null,
    userDataDir: profile,
    args: [
      "--headless=new",
      ...chromiumSwitches,
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      quickIntensiveThrottling,
      "about:blank",
    ],
  });
  const devtools = await browser.target().createCDPSession();
  const version = await browser.version();
  const privateWindow = await browser.createBrowserContext();
  return {
    name: "stock-chromium",
    version,
    async open(binding, { told, crashed, notCached }, isPrivate = false) {
      const page = await (isPrivate ? privateWindow : browser).newPage();
      const session = await page.createCDPSession();
      await session.send("Runtime.enable");
      session.on("Runtime.bindingCalled", ({ name, payload }) => {
        if (name === binding) told(payload);
      });
      await session.send("Runtime.addBinding", { name: binding });
      session.on("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) => {
        notCached(notRestoredExplanations.map(({ type, reason }) => `${reason} (${type})`).join(", "));
      });
      await session.send("Page.enable");
      const lifetime = createLifetime();
      session.on("Inspector.targetCrashed", () => {
        lifetime.end();
        crashed();
      });
      await session.send("Inspector.enable");
      // What the page throws is told by itself; without a listener a crash would end the test's own process.
      page.on("error", () => undefined);
      return drive(page, session, lifetime);
    },
    processes: (pages) => findProcesses(pages, () => beginTrace(devtools)),
    async close() {
      await browser.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function beginTrace(devtools: CDPSession): Promise<Trace> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly unknown[] }) => void events.push(...traceEvents(value));
  devtools.on("Tracing.dataCollected", collect);
  const { transferMode, traceConfig } = marksOnly;
  await devtools.send("Tracing.start", {
    transferMode,
    traceConfig: { includedCategories: [...traceConfig.includedCategories], excludedCategories: [...traceConfig.excludedCategories] },
  });
  return {
    async end() {
      const complete = new Promise<void>((resolve) => devtools.once("Tracing.tracingComplete", () => resolve()));
      await devtools.send("Tracing.end");
      await complete;
      devtools.off("Tracing.dataCollected", collect);
      return events;
    },
  };
}

function drive(page: Page, session: CDPSession, lifetime: Lifetime): PageDriver {
  return {
    evaluate: async <Argument, Result>(run: (argument: Argument) => Result | Promise<Result>, argument: Argument) =>
      lifetime.within(page.evaluate<[], () => Result>(expressionOf(run, argument))),
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    close: () => page.close(),
    bringToFront: () => page.bringToFront(),
    async alert() {
      const shown = new Promise<Dialog>((resolve) => void page.once("dialog", resolve));
      await page.evaluate(expressionOf(alertSoon, null));
      const dialog = await shown;
      return () => dialog.accept();
    },
    async setLifecycle(state) {
      await session.send("Page.setWebLifecycleState", { state });
    },
  };
}
