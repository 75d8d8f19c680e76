/**
 * Peers under test in the tabs of a real Chromium, or in dedicated workers of them.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerId } from "@gen-leader/protocol";
import type { PeerRealm, PortEvent } from "@gen-leader/testing/contracts";
import { ensureChromium } from "@gen-leader/tools/browsers";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import type { Place } from "./peer.page.js";
import { type Site, serveSite } from "./site.js";

/** The ways in which a tab ends. */
export const tabDeaths = ["closing the tab", "crash of its process", "navigation to another site"] as const;

/** The ways in which a worker ends. */
export const workerDeaths = ["terminate", "closing the tab"] as const;

/** How a peer ends that shares its tab with the others. */
export const sharedTabDeaths = ["closing everything"] as const;

/** A Chromium with the pages that peers run in. */
export interface Browser {
  /** Starts a peer in a tab of its own, in a worker of a tab of its own, or in the one tab that all such peers share. */
  startPeer(cluster: string, id: PeerId, report: (event: PortEvent) => void, where: Place | "one page"): Promise<PeerRealm>;
  close(): Promise<void>;
}

/** Arguments that keep Chromium from talking to the network, and let it run as any user. */
const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium. Pages whose peers were ended properly are used again. */
export async function launchBrowser(): Promise<Browser> {
  const [executablePath, site, profile] = await Promise.all([ensureChromium(), serveSite(), mkdtemp(join(tmpdir(), "gen-leader-"))]);
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: chromiumArguments });
  const reports = new Map<string, (event: PortEvent) => void>();
  await context.exposeBinding("reportEvent", (_source, key: string, event: PortEvent) => reports.get(key)?.(event));
  const idle: Page[] = [];
  let onePage: Promise<Page> | null = null;
  let peers = 0;

  return {
    async startPeer(cluster, id, report, where) {
      if (where === "one page") onePage ??= openPage(context, site);
      const page = where === "one page" && onePage !== null ? await onePage : (idle.pop() ?? (await openPage(context, site)));
      peers += 1;
      const key = `${id} (${peers})`;
      reports.set(key, report);
      await page.evaluate(([...start]) => window.peers.start(...start), [key, cluster, id, where === "one page" ? "page" : where] as const);
      return createPageRealm(context, site, page, key, where === "one page" ? null : idle);
    },
    async close() {
      await context.close();
      site.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(context: BrowserContext, site: Site): Promise<Page> {
  const page = await context.newPage();
  await page.goto(site.peerUrl);
  await page.waitForFunction(() => "peers" in window);
  return page;
}

function createPageRealm(context: BrowserContext, site: Site, page: Page, key: string, idle: Page[] | null): PeerRealm {
  let isDead = false;

  async function crash(): Promise<void> {
    const crashed = new Promise((resolve) => {
      page.once("crash", resolve);
    });
    const devtools = await context.newCDPSession(page);
    // The page that crashes does not answer.
    devtools.send("Page.crash").catch(() => undefined);
    await crashed;
  }

  return {
    async run(command) {
      try {
        return await page.evaluate(([peer, order]) => window.peers.run(peer, order), [key, command] as const);
      } catch (error) {
        if (!isDead) throw error;
        // The dead do not answer.
        return new Promise(() => undefined);
      }
    },
    async die(death) {
      if (death === "closing everything") {
        await this.end();
        return;
      }
      isDead = true;
      if (death === "terminate") await page.evaluate((peer) => window.peers.terminate(peer), key);
      else if (death === "closing the tab") await page.close();
      else if (death === "crash of its process") await crash();
      else await page.goto(site.otherUrl);
    },
    async end() {
      if (isDead) {
        await page.close();
        return;
      }
      for (const port of ["fence", "failureDetector", "transport"] as const) await this.run({ type: "close", port });
      await page.evaluate((peer) => window.peers.terminate(peer), key);
      idle?.push(page);
    },
  };
}
