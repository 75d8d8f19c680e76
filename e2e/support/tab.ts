/**
 * A tab with the page under test in it.
 *
 * @module
 */
import type { Activity } from "../pages/src/activity.js";
import type { PeerHost } from "../pages/src/main.js";
import type { PeerApi, PeerSettings } from "../pages/src/peer.js";
import { apartFrom, copyOf, type PageEvent, type PeerStatus } from "../pages/src/records.js";
import type { PageDriver } from "./browser.js";
import type { Journal, RecordOf } from "./journal.js";
import { otherSiteUrl } from "./site.js";

/** What the address of the page under test may ask for, besides the cluster. */
export interface TabOptions {
  readonly peer?: string;
  readonly namespace?: string;
  readonly role?: "candidate" | "worker";
  readonly priority?: number;
  readonly host?: PeerHost;
  readonly keepAwake?: false;
  readonly prefer?: "visible";
  /** Load the page as the next release of the site has it. */
  readonly release?: "next";
  /** Open it in the private window. */
  readonly window?: "private";
  /** It may be discarded, and is heard, but cannot be asked anything. */
  readonly undriven?: true;
  /** It cannot reach the others: the log knows its cluster by a name of its own, `tab.cluster`. */
  readonly apart?: true;
  /** Count what the page does; see `activity`. */
  readonly counted?: true;
  /** Start the peer not with the page, but at `tab.start()`. */
  readonly start?: "later";
}

export class Tab {
  readonly name: string;
  readonly cluster: string;
  readonly page: PageDriver;
  /** The name that its cluster shares with those of other tabs. */
  readonly #shared: string;
  readonly #journal: Journal;
  readonly #url: (path: string) => string;
  readonly #options: TabOptions;
  /** Whether it stands for the second copy of the library in the page of another tab. */
  readonly #isCopy: boolean;

  constructor(
    name: string,
    cluster: string,
    options: TabOptions,
    page: PageDriver,
    journal: Journal,
    url: (path: string) => string,
    isCopy = false,
  ) {
    this.name = name;
    this.cluster = options.apart ? apartFrom(cluster) : cluster;
    this.#shared = cluster;
    this.page = page;
    this.#options = options;
    this.#journal = journal;
    this.#url = url;
    this.#isCopy = isCopy;
  }

  /** Loads the page under test. Its peer may not have started yet. */
  async load(cluster = this.#shared, release = this.#options.release): Promise<void> {
    const query = new URLSearchParams({ cluster, tab: this.name, site: this.#url("") });
    for (const [key, value] of Object.entries(this.#options)) query.set(key, String(value));
    this.#journal.forget(this.name);
    const urlOf = this.#options.host === "third-party frame" ? otherSiteUrl : this.#url;
    // WebKitGTK has said that a page was loaded before that had run its script.
    const shown = this.nextPageEvent("pageshow");
    await this.page.goto(urlOf(`${release === "next" ? "next/" : ""}peer.html?${query}`));
    await shown;
  }

  /** Loads the page as the next release of the site has it. */
  loadNextRelease(): Promise<void> {
    return this.load(this.#shared, "next");
  }

  async reload(): Promise<void> {
    this.#journal.forget(this.name);
    await this.page.reload();
  }

  /** Follows a link to another page of the site. */
  async leave(): Promise<void> {
    await this.page.goto(this.#url("away.html"));
  }

  /** Follows a link to a page of another site. */
  async leaveSite(): Promise<void> {
    await this.page.goto(otherSiteUrl("away.html"));
  }

  /** Goes back to the page under test, as a person does. Resolves when the page says so. */
  async comeBack(): Promise<RecordOf<"page">> {
    const shown = this.nextPageEvent("pageshow");
    await this.page.evaluate(() => {
      setTimeout(() => history.back());
    }, null);
    return shown;
  }

  /** Asks the peer something. Rejects if the page goes away before it has answered. */
  invoke<Method extends keyof PeerApi>(
    method: Method,
    ...args: Parameters<PeerApi[Method]>
  ): Promise<Awaited<ReturnType<PeerApi[Method]>>> {
    return this.invokeOf(this.cluster, method, ...args);
  }

  /** Asks one of several peers of the page something. */
  invokeOf<Method extends keyof PeerApi>(
    cluster: string,
    method: Method,
    ...args: Parameters<PeerApi[Method]>
  ): Promise<Awaited<ReturnType<PeerApi[Method]>>> {
    const key = this.#isCopy ? copyOf(cluster) : cluster;
    return this.page.evaluate((request) => window.fixture.invoke(request.key, request.method, request.args), { key, method, args });
  }

  /** Starts the peer of a page that was loaded with `start: "later"`. */
  start(): Promise<void> {
    return this.page.evaluate(() => window.fixture.start(), null);
  }

  /** What `start` is refused with; a frame hands on no more than the name. */
  startRefused(): Promise<{ readonly name: string; readonly code: string } | null> {
    return this.page.evaluate(async () => {
      try {
        await window.fixture.start();
        return null;
      } catch (refusal) {
        if (!(refusal instanceof Error)) return { name: String(refusal), code: "" };
        return { name: refusal.name, code: "code" in refusal ? String(refusal.code) : "" };
      }
    }, null);
  }

  /** Starts another peer in this page. */
  startPeer(settings: PeerSettings, host: PeerHost = "page"): Promise<void> {
    return this.page.evaluate((request) => window.fixture.startPeer(request.settings, request.host), { settings, host });
  }

  /** Has the page load the library a second time and start a peer with that. Returns it as a tab of its own. */
  async startCopy(): Promise<Tab> {
    await this.page.evaluate(() => window.fixture.startCopy(), null);
    return new Tab(copyOf(this.name), this.#shared, this.#options, this.page, this.#journal, this.#url, true);
  }

  /** Closes the window that this tab has opened. Returns the time at which it did. */
  closeWindow(): Promise<number> {
    return this.page.evaluate(() => window.fixture.closeWindow(), null);
  }

  /** Ends the worker that hosts this tab's peer. Returns the time at which it did. */
  terminateWorker(): Promise<number> {
    return this.page.evaluate((cluster) => window.fixture.terminate(cluster), this.cluster);
  }

  /** Occupies the page's thread. Resolves when the loop has begun. */
  async hang(ms: number): Promise<RecordOf<"hang">> {
    const begun = this.nextHang("begin");
    const asked = this.page.evaluate((duration) => window.fixture.hang(duration), ms);
    // Some browsers answer what they were asked only after the loop.
    return Promise.race([begun, asked.then(() => begun)]);
  }

  /** The next edge of a busy loop in this tab. */
  nextHang(edge: "begin" | "end"): Promise<RecordOf<"hang">> {
    const { name } = this;
    return this.#journal.untilRecord(`the busy loop in ${name} to ${edge}`, "hang", (record, tab) => tab === name && record.edge === edge);
  }

  /** The next time that this happens to the page. */
  nextPageEvent(event: PageEvent): Promise<RecordOf<"page">> {
    const { name } = this;
    return this.#journal.untilRecord(`${event} in ${name}`, "page", (record, tab) => tab === name && record.event === event);
  }

  /** How busy the page was since it was loaded, if it was opened to be counted. */
  activity(): Promise<Activity> {
    return this.page.evaluate(() => window.fixture.activity(), null);
  }

  /** Makes the page tell how its timers run; see `startPulse`. */
  startPulse(gapMs: number): Promise<void> {
    return this.page.evaluate((gap) => window.fixture.startPulse(gap), gapMs);
  }

  /** What the peer told last of its view of the cluster. */
  get status(): PeerStatus | undefined {
    return this.statusOf(this.cluster);
  }

  /** The same of one of several peers of the page. */
  statusOf(cluster: string): PeerStatus | undefined {
    return this.#journal.status(this.name, cluster);
  }

  /** Waits until the peer's view of the cluster fits. */
  until(what: string, fits: (status: PeerStatus) => boolean): Promise<PeerStatus> {
    return this.#journal.until(`${this.name}: ${what}`, () => {
      const { status } = this;
      return status !== undefined && fits(status) ? status : undefined;
    });
  }
}
