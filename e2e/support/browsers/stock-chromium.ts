/**
 * The driver for the life cycle of pages: none of the switches with which automation keeps pages awake, so tabs are hidden,
 * throttled, frozen and cached as for a user.
 *
 * @module
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CDPSession, type Dialog, launch, type Page } from "puppeteer-core";
import { alertSoon, type BrowserDriver, chromiumSwitches, enginePath, expressionOf, type PageDriver } from "../browser.js";
import { createLifetime, type Lifetime } from "../lifetime.js";
import { openMailbox } from "../mailbox.js";
import { findProcesses, marksOnly, type Trace, type TraceEvent, traceEvents } from "../renderers.js";
import { type Discards, internalPages, openDiscards } from "./chromium-discards.js";
import { isUndriven, openUndrivenTab } from "./undriven-chromium-tab.js";

/** Timers of a page that has been hidden for ten seconds run once a minute. For users it is five minutes, which is too long for a test. */
const quickIntensiveThrottling = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10";

export async function launchStockChromium(): Promise<BrowserDriver> {
  const profile = await mkdtemp(join(tmpdir(), "gen-leader-"));
  await writeFile(join(profile, "Local State"), JSON.stringify(internalPages));
  const browser = await launch({
    executablePath: enginePath("chromium"),
    targetFilter: (target) => !isUndriven(target.url()),
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
  const mailbox = await openMailbox();
  let opened: Promise<Discards> | undefined;
  const discards = (): Promise<Discards> => {
    opened ??= openDiscards(browser).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    name: "stock-chromium",
    version,
    async open(binding, { told, crashed, notCached }, { isPrivate, isUndriven: undriven } = {}) {
      if (undriven) return openUndrivenTab(devtools, discards, mailbox.open(told));
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
      return drive(page, session, lifetime, discards);
    },
    processes: (pages) => findProcesses(pages, () => beginTrace(devtools)),
    async close() {
      await browser.close();
      await mailbox.close();
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

function drive(page: Page, session: CDPSession, lifetime: Lifetime, discards: () => Promise<Discards>): PageDriver {
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
    discard: () => Promise.reject(new Error("Chromium throws no page away that the devtools look into: open an undriven tab.")),
    freezingObstacles: async () => (await discards()).freezingObstacles(page.url()),
  };
}
