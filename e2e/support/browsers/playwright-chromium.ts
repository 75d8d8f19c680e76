/**
 * The driver for the ordinary scenarios. Its pages are always visible, never throttled and never cached.
 *
 * @module
 */
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { alertSoon, type BrowserDriver, chromiumSwitches, enginePath, expressionOf, type PageDriver } from "../browser.js";
import { findProcesses, marksOnly, type Trace, type TraceEvent, traceEvents } from "../renderers.js";

export async function launchPlaywrightChromium(): Promise<BrowserDriver> {
  const browser = await chromium.launch({ executablePath: enginePath("chromium"), headless: true, args: chromiumSwitches });
  const context = await browser.newContext();
  const privateContext = await browser.newContext();
  const devtools = await browser.newBrowserCDPSession();
  return {
    name: "playwright-chromium",
    version: `Chrome/${browser.version()}`,
    async open(binding, { told, crashed }, { isPrivate, isUndriven } = {}) {
      if (isUndriven) throw new Error("Playwright drives every page.");
      const own = isPrivate ? privateContext : context;
      const page = await own.newPage();
      const session = await own.newCDPSession(page);
      await session.send("Runtime.enable");
      session.on("Runtime.bindingCalled", ({ name, payload }) => {
        if (name === binding) told(payload);
      });
      await session.send("Runtime.addBinding", { name: binding });
      page.on("crash", crashed);
      return drive(page, session);
    },
    processes: (pages) => findProcesses(pages, () => beginTrace(devtools)),
    close: () => close(browser),
  };
}

async function close(browser: Browser): Promise<void> {
  await browser.close();
}

async function beginTrace(devtools: CDPSession): Promise<Trace> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { readonly value: readonly unknown[] }) => void events.push(...traceEvents(value));
  devtools.on("Tracing.dataCollected", collect);
  await devtools.send("Tracing.start", marks());
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

/** The request for a trace, in lists that may be changed, as this driver's types ask for. */
function marks() {
  const { transferMode, traceConfig } = marksOnly;
  return {
    transferMode,
    traceConfig: { includedCategories: [...traceConfig.includedCategories], excludedCategories: [...traceConfig.excludedCategories] },
  };
}

function drive(page: Page, session: CDPSession): PageDriver {
  return {
    evaluate: <Argument, Result>(run: (argument: Argument) => Result | Promise<Result>, argument: Argument) =>
      page.evaluate<Result>(expressionOf(run, argument)),
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    close: () => page.close(),
    bringToFront: () => page.bringToFront(),
    async alert() {
      const shown = page.waitForEvent("dialog");
      await page.evaluate(alertSoon);
      const dialog = await shown;
      return () => dialog.accept();
    },
    async setLifecycle(state) {
      await session.send("Page.setWebLifecycleState", { state });
    },
    discard: () => Promise.reject(new Error("Playwright keeps every page.")),
    freezingObstacles: () => Promise.reject(new Error("Playwright has none of its pages frozen.")),
  };
}
