/**
 * A Chromium as its users have it: tabs that are not seen are throttled, can be frozen, and go into the back/forward cache.
 * Playwright's pages are awake, visible and uncached all the time.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerId } from "@gen-leader/protocol";
import type { Command, Outcome } from "@gen-leader/testing/contracts";
import { ensureChromium } from "@gen-leader/tools/browsers";
import puppeteer, { type Page } from "puppeteer-core";
import type { Place } from "./peer.page.js";
import { serveSite } from "./site.js";

/** A tab with peers of one cluster in its page. */
export interface LiveTab {
  start(id: PeerId, place?: Place): Promise<void>;
  /** The locks that the page itself holds or awaits. */
  ownLocks(): Promise<readonly string[]>;
  /** The peer gives its fence back when the page is about to stand still. */
  closeOnSuspend(id: PeerId): Promise<void>;
  run(id: PeerId, command: Command): Promise<Outcome>;
  /** Resolves when the fence of a peer has told an event for the first time. */
  told(id: PeerId, event: string): Promise<void>;
  lifecycle(): Promise<readonly string[]>;
  /** Goes to a page of another site; this one is left in the cache, if it may be. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  close(): Promise<void>;
}

/** A running browser. */
export interface LiveBrowser {
  /** What the fences of all peers have told, in order: to be read when a test has failed. */
  readonly history: readonly string[];
  /** Opens a tab; a `strict` one has a content security policy that forbids workers. */
  openTab(cluster: string, policy?: "strict"): Promise<LiveTab>;
  close(): Promise<void>;
}

export async function launchLiveBrowser(): Promise<LiveBrowser> {
  const [executablePath, site, profile] = await Promise.all([ensureChromium(), serveSite(), mkdtemp(join(tmpdir(), "gen-leader-"))]);
  const browser = await puppeteer.launch({
    executablePath,
    // None of the switches that automation adds to keep pages awake.
    ignoreDefaultArgs: true,
    defaultViewport: null,
    userDataDir: profile,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--no-default-browser-check",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--remote-debugging-port=0",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
  });
  const front = await browser.newPage();
  const history: string[] = [];

  return {
    history,
    async openTab(cluster, policy) {
      const page = await browser.newPage();
      const events = createEvents();
      await page.exposeFunction("reportEvent", (key: string, event: { readonly type: string; readonly event?: string }) => {
        history.push(`${cluster}: ${key} ${event.event ?? event.type}`);
        events.push(`${key} ${event.event ?? event.type}`);
      });
      await page.goto(policy === "strict" ? site.strictUrl : site.peerUrl);
      await page.waitForFunction(() => "peers" in window);
      return createLiveTab(page, front, cluster, site.otherUrl, events);
    },
    async close() {
      await browser.close();
      site.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

interface Events {
  push(event: string): void;
  wait(event: string): Promise<void>;
}

function createEvents(): Events {
  const seen = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    push(event) {
      seen.add(event);
      waiting.get(event)?.();
    },
    wait: (event) =>
      new Promise((resolve) => {
        if (seen.has(event)) resolve();
        else waiting.set(event, resolve);
      }),
  };
}

async function createLiveTab(page: Page, front: Page, cluster: string, otherUrl: string, events: Events): Promise<LiveTab> {
  const devtools = await page.createCDPSession();
  return {
    start: (id, place = "page") => page.evaluate((...start) => window.peers.start(...start), id, cluster, id, place),
    ownLocks: () => page.evaluate(() => window.peers.ownLocks()),
    closeOnSuspend: (id) => page.evaluate((peer) => window.peers.closeOnSuspend(peer), id),
    run: (id, command) => page.evaluate((...run) => window.peers.run(...run), id, command),
    told: (id, event) => events.wait(`${id} ${event}`),
    lifecycle: () => page.evaluate(() => [...window.peers.lifecycle]),
    async leave() {
      await page.bringToFront();
      await page.goto(otherUrl);
    },
    async comeBack() {
      await page.goBack();
    },
    async freeze() {
      // Only a page that is not seen is frozen.
      await front.bringToFront();
      await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    },
    async thaw() {
      await devtools.send("Page.setWebLifecycleState", { state: "active" });
    },
    close: () => page.close(),
  };
}
