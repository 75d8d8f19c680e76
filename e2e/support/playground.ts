/**
 * The playground as its visitors see it: pages of one browser, and what each of them shows.
 *
 * @module
 */
import { type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import type { Token } from "gen-leader";
import { checkLog } from "./checker.js";
import type { Entry } from "./journal.js";
import { test as base, leaveOutWithout, noteBrowser } from "./needs.js";
import { siteUrl } from "./site.js";

/** What the playground tells scripts of what happened, as far as it is looked at. */
interface ToldEvent {
  readonly type: string;
  readonly at: number;
  readonly peer: `${string}#${number}`;
  readonly token: Token | null;
}

/** One visit: all pages that are open, and what went wrong in them. */
export interface Visit {
  readonly context: BrowserContext;
  /** Opens the page by its address. */
  open(query?: Readonly<Record<string, string>>): Promise<Page>;
  /** What the pages threw or wrote to their consoles as errors. */
  readonly errors: readonly string[];
  /** Reads what the peers of a page recorded so far; kept when the page is closed. */
  readEvents(page: Page): Promise<void>;
}

export const test = base.extend<{ readonly visit: Visit; readonly locators: undefined }>({
  locators: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use, info) => {
      leaveOutWithout("locators", info);
      await use(undefined);
    },
    { auto: true },
  ],

  visit: async ({ context }, use, info) => {
    noteBrowser(`Chrome/${context.browser()?.version()}`, info);
    const errors: string[] = [];
    const entries = new Map<string, Entry>();
    context.on("page", (page) => {
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
    });
    const visit: Visit = {
      context,
      errors,
      async open(query = {}) {
        const page = await context.newPage();
        await page.goto(siteUrl(`playground/?${new URLSearchParams({ cluster: info.testId, ...query })}`));
        await expect(page.getByRole("region", { name: "This tab" })).toHaveAttribute("data-phase", /leading|following/);
        return page;
      },
      async readEvents(page) {
        const told = await page.evaluate<readonly ToldEvent[]>("window.playground.events");
        for (const event of told) for (const entry of entryOf(event, info.testId)) entries.set(JSON.stringify(entry), entry);
      },
    };
    await use(visit);
    await Promise.all(context.pages().map((page) => visit.readEvents(page)));
    expect(checkLog([...entries.values()]), "No two tabs act as leader").toEqual([]);
    expect(errors, "No page throws").toEqual([]);
  },
});

/** What the checker of the log makes of an event. A peer stands for its tab: the playground runs several in one. */
function entryOf({ type, at, peer, token }: ToldEvent, cluster: string): readonly Entry[] {
  if (token === null) return [];
  const tab = peer;
  if (type === "elected") return [{ tab, record: { type, cluster, peer, token, at } }];
  if (type === "surrendered") return [{ tab, record: { type, cluster, peer, token, at, deposed: false, version: 0 } }];
  if (type === "reply") return [{ tab, record: { type: "accepted", cluster, peer, token, at } }];
  return [];
}

/** A fact of the panel that tells who this tab is. */
export function fact(page: Page, name: string): Locator {
  return page
    .locator(".facts div")
    .filter({ has: page.getByRole("term").filter({ hasText: name }) })
    .getByRole("definition");
}

/** The name of this page's peer. */
export async function ownName(page: Page): Promise<string> {
  return (await page.getByRole("region", { name: "This tab" }).locator(".name").innerText()).trim();
}

/** Waits until all pages show this many members and one leader, and returns its name. */
export async function agreedLeader(pages: readonly Page[], members: number): Promise<string> {
  for (const page of pages) await expect(page.getByRole("heading", { name: `Members ${members}`, exact: true })).toBeVisible();
  const [first, ...others] = pages;
  if (first === undefined) throw new Error("There are no pages.");
  await expect(fact(first, "Leader")).not.toHaveText("nobody");
  const leader = (await fact(first, "Leader").innerText()).trim();
  for (const page of others) await expect(fact(page, "Leader")).toHaveText(leader);
  return leader;
}

export { expect };
