/**
 * The driver for WebKitGTK, which has Safari's engine: tabs without the automation of browsers, which would close when a process dies and hang
 * when a page does.
 *
 * @module
 */
import { alertSoon, type BrowserDriver, enginePath, expressionOf, type PageDriver, type PageListener } from "../browser.js";
import { startWebKitTabs, type WebKitEvent, type WebKitTabs } from "./webkit-tabs.js";

interface OpenTab {
  readonly driver: PageDriver;
  /** The web process of its pages. */
  readonly process: () => number;
}

export async function launchStockWebKit(): Promise<BrowserDriver> {
  const tabs = startWebKitTabs(enginePath("webkit"));
  const open = new Map<PageDriver, OpenTab>();
  let opened = 0;
  const version = String(await tabs.send("", { command: "version" }));
  return {
    name: "stock-webkit",
    version,
    async open(binding, listener, { isPrivate = false } = {}) {
      opened += 1;
      const tab = await openTab(tabs, `tab-${opened}`, binding, isPrivate, listener);
      open.set(tab.driver, tab);
      return tab.driver;
    },
    async processes(pages) {
      return pages.map((page) => {
        const tab = open.get(page);
        if (tab === undefined) throw new Error("This page is of another browser.");
        return tab.process();
      });
    },
    close: () => tabs.close(),
  };
}

/** The number of a process, as the program replied. */
function asProcess(reply: unknown): number {
  if (typeof reply !== "number") throw new Error(`A tab of WebKitGTK has no process: ${JSON.stringify(reply)}`);
  return reply;
}

/** To be run in a page: resolves when it is there with all that it loads, and its scripts have been run. */
function untilComplete(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState === "complete") resolve();
    else addEventListener("load", () => resolve());
  });
}

/** Whether a page is there, or will not come. */
function isLoaded(event: WebKitEvent): boolean {
  return event.event === "load" && (event.state === "finished" || event.state === "failed");
}

async function openTab(
  tabs: WebKitTabs,
  name: string,
  binding: string,
  isPrivate: boolean,
  { told, crashed }: PageListener,
): Promise<OpenTab> {
  const watchers = new Set<(event: WebKitEvent) => void>();
  /** The next event that fits, from now on, unless `signal` ends that before. Rejects if the process dies. */
  const next = (fits: (event: WebKitEvent) => boolean, signal?: AbortSignal): Promise<WebKitEvent> =>
    new Promise((resolve, reject) => {
      const watch = (event: WebKitEvent): void => {
        if (event.event === "terminated") reject(new Error("The process of the page has died."));
        else if (fits(event)) resolve(event);
        else return;
        watchers.delete(watch);
      };
      watchers.add(watch);
      signal?.addEventListener("abort", () => watchers.delete(watch));
    });
  tabs.listen(name, (event) => {
    if (event.event === "told") told(event.message);
    if (event.event === "terminated") crashed();
    for (const watch of [...watchers]) watch(event);
  });
  const script = `window.${binding} = (message) => webkit.messageHandlers.driver.postMessage(message);`;
  const blank = next(isLoaded);
  let process = asProcess(await tabs.send(name, { command: "open", script, isPrivate }));
  await blank;

  async function load(command: { readonly command: "load"; readonly url: string } | { readonly command: "reload" }): Promise<void> {
    // What may still be told of the page before does not count.
    let hasStarted = false;
    const loaded = next((event) => {
      if (event.event === "load" && event.state === "started") hasStarted = true;
      return hasStarted && isLoaded(event);
    });
    process = asProcess(await tabs.send(name, command));
    const end = await loaded;
    if (end.event === "load" && end.state === "failed") throw new Error(`A page could not be loaded: ${end.reason}`);
    // WebKitGTK has said so before the page had run its scripts.
    await run(expressionOf(untilComplete, null));
  }

  async function run(expression: string): Promise<string> {
    // WebKit says nothing to whoever waits for a page that another takes the place of.
    const answered = new AbortController();
    const left = next((event) => event.event === "load" && event.state === "committed", answered.signal).then(() => {
      throw new Error("The page was left before it had answered.");
    });
    const answer = await Promise.race([tabs.send(name, { command: "evaluate", expression }), left]).finally(() => answered.abort());
    if (typeof answer !== "string") throw new Error(`A page of WebKitGTK answered with ${typeof answer}.`);
    return answer;
  }

  const driver: PageDriver = {
    evaluate: async <Argument, Result>(action: (argument: Argument) => Result | Promise<Result>, argument: Argument) => {
      const result: Result = JSON.parse(await run(expressionOf(action, argument)));
      return result;
    },
    goto: (url) => load({ command: "load", url }),
    reload: () => load({ command: "reload" }),
    async close() {
      await tabs.send(name, { command: "close" });
    },
    async bringToFront() {
      await tabs.send(name, { command: "front" });
    },
    async alert() {
      const shown = next(({ event }) => event === "dialog");
      const asked = run(expressionOf(alertSoon, null));
      // It may answer only when the alert is dismissed.
      await Promise.race([shown, asked.then(() => shown)]);
      return async () => {
        await tabs.send(name, { command: "dismiss" });
      };
    },
    setLifecycle: () => Promise.reject(new Error("WebKitGTK freezes no pages.")),
    discard: () => Promise.reject(new Error("WebKitGTK throws no pages away.")),
    freezingObstacles: () => Promise.reject(new Error("WebKitGTK freezes no pages.")),
  };
  return { driver, process: () => process };
}
