/**
 * Firefox's own window, from within: what its scripts know of tabs, and the protocol for pages does not tell.
 *
 * @module
 */
import type { Browser } from "puppeteer-core";
import { BidiBrowser } from "puppeteer-core/internal/bidi/Browser.js";

/** The switch without which Firefox lets nobody in. */
export const systemAccess = "--remote-allow-system-access";

/** Firefox names its own windows where this is asked for. Not a part of the standard, hence of no type of it. */
const ownWindows = { maxDepth: 0, "moz:scope": "chrome" };

/**
 * Put into the window once. A tab is found by the address that it shows, and given a name: later its address may have gone, since
 * Firefox empties a hidden tab whose process dies.
 */
const helper = `window.genLeader = (() => {
  const names = new WeakMap();
  const crashes = [];
  let look = () => undefined;
  gBrowser.addEventListener("oop-browser-crashed", ({ target }) => {
    crashes.push(names.get(gBrowser.getTabForBrowser(target)) ?? "a tab without a name");
    look();
  });
  const find = (fits) => {
    const tab = gBrowser.tabs.find(fits);
    if (tab === undefined) throw new Error("There is no such tab.");
    return tab;
  };
  return {
    name: (address, name) => void names.set(find(({ linkedBrowser }) => linkedBrowser.currentURI.spec === address), name),
    process: (name) => find((tab) => names.get(tab) === name).linkedBrowser.frameLoader.remoteTab.osPid,
    discard: (name) => {
      if (!gBrowser.discardBrowser(find((tab) => names.get(tab) === name), true)) throw new Error("The tab is kept.");
    },
    show: (name) => {
      gBrowser.selectedTab = find((tab) => names.get(tab) === name);
    },
    close: (name) => gBrowser.removeTab(find((tab) => names.get(tab) === name)),
    nextCrash: () => new Promise((resolve) => {
      look = () => {
        if (crashes.length === 0) return;
        // Whoever dies before the next question is kept for it.
        look = () => undefined;
        resolve(crashes.shift());
      };
      look();
    }),
  };
})()`;

/** The tabs as Firefox's window knows them. */
export interface FirefoxWindow {
  /** Gives a name to the tab that shows this address. */
  name(address: string, name: string): Promise<void>;
  /** The process in which the tab of this name runs. */
  processOf(name: string): Promise<number>;
  /** Throws the page of this tab away, as for want of memory; it must not be in front. */
  discard(name: string): Promise<void>;
  /** Puts this tab in front, whether or not there is a page in it. */
  show(name: string): Promise<void>;
  close(name: string): Promise<void>;
  /** Resolves with the name of the next tab whose process dies. Those that died between two calls are kept. */
  nextCrash(): Promise<string>;
}

export async function openFirefoxWindow(browser: Browser): Promise<FirefoxWindow> {
  if (!(browser instanceof BidiBrowser)) throw new Error("Firefox is driven by WebDriver BiDi, and this browser is not.");
  const { connection } = browser;
  const { result: tree } = await connection.send("browsingContext.getTree", ownWindows);
  const [window] = tree.contexts;
  if (window === undefined) throw new Error("Firefox has no window.");
  const evaluate = async (expression: string): Promise<string> => {
    const { result } = await connection.send("script.evaluate", {
      expression: `Promise.resolve(${expression}).then(String)`,
      target: { context: window.context },
      awaitPromise: true,
    });
    if (result.type === "exception") throw new Error(`Firefox's window: ${result.exceptionDetails.text}`);
    if (result.result.type !== "string") throw new Error(`Firefox's window answered with ${result.result.type}.`);
    return result.result.value;
  };
  await evaluate(helper);
  const text = JSON.stringify;
  return {
    async name(address, name) {
      await evaluate(`genLeader.name(${text(address)}, ${text(name)})`);
    },
    processOf: async (name) => Number(await evaluate(`genLeader.process(${text(name)})`)),
    async discard(name) {
      await evaluate(`genLeader.discard(${text(name)})`);
    },
    async show(name) {
      await evaluate(`genLeader.show(${text(name)})`);
    },
    async close(name) {
      await evaluate(`genLeader.close(${text(name)})`);
    },
    nextCrash: () => evaluate("genLeader.nextCrash()"),
  };
}
