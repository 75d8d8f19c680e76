/**
 * Chromium's own page about its tabs, `chrome://discards`: what keeps it from freezing one, and a way to throw one away.
 *
 * @module
 */
import type { Browser } from "puppeteer-core";
import { wallTime } from "../../pages/src/records.js";

/** What a profile's `Local State` must say for that page to be shown. */
export const internalPages = { internal_only_uis_enabled: true };

const address = "chrome://discards/";

/** Chromium's words for want of memory, and for a tab whose page was thrown away. */
const urgent = 1;
const discarded = 5;

/** A tab as that page knows it. */
interface TabInfo {
  readonly id: number;
  readonly tabUrl: string;
  readonly state: number;
  readonly cannotFreezeReasons: readonly string[];
}

/** What the page asks the browser with. */
interface DetailsProvider {
  getTabDiscardsInfo(): Promise<{ readonly infos: readonly TabInfo[] }>;
  discardById(id: number, reason: number): Promise<unknown>;
}

/** Where the page has it. */
const provider = `document.querySelector("discards-main").shadowRoot.querySelector("discards-tab").discardsDetailsProvider_`;

/** Waits, in the page, until its elements are there. */
const shown = `(async () => {
  await Promise.all(["discards-main", "discards-tab"].map((element) => customElements.whenDefined(element)));
  await document.querySelector("discards-main").updateComplete;
})()`;

export interface Discards {
  /** Throws the page of the tab at this address away. Resolves, when it is gone, with the time at which that was asked for. */
  discard(url: string): Promise<{ readonly at: number }>;
  /** Why Chromium would not freeze the tab at this address, in its own words. */
  freezingObstacles(url: string): Promise<readonly string[]>;
}

/** Opens the page, behind all others. */
export async function openDiscards(browser: Browser): Promise<Discards> {
  const devtools = await browser.target().createCDPSession();
  await devtools.send("Target.createTarget", { url: address, background: true });
  const target = await browser.waitForTarget((candidate) => candidate.url() === address);
  const page = await target.page();
  if (page === null) throw new Error(`${address} shows no page.`);
  await page.evaluate<[], () => Promise<void>>(shown);

  const ask = <Argument, Answer>(question: (asked: DetailsProvider, argument: Argument) => Promise<Answer>, argument: Argument) =>
    page.evaluate<[], () => Promise<Answer>>(`(${question.toString()})(${provider}, ${JSON.stringify(argument)})`);

  async function tabAt(url: string): Promise<TabInfo> {
    const infos = await ask(async (asked) => (await asked.getTabDiscardsInfo()).infos, null);
    const tab = infos.find(({ tabUrl }) => tabUrl === url);
    if (tab === undefined) throw new Error(`Chromium has no tab at ${url}; it has ${infos.map(({ tabUrl }) => tabUrl).join(", ")}.`);
    return tab;
  }

  return {
    async discard(url) {
      const { id } = await tabAt(url);
      const at = wallTime();
      await ask((asked, tab) => asked.discardById(tab.id, tab.reason), { id, reason: urgent });
      if ((await tabAt(url)).state !== discarded) throw new Error(`Chromium keeps the page at ${url}.`);
      return { at };
    },
    freezingObstacles: async (url) => (await tabAt(url)).cannotFreezeReasons,
  };
}
