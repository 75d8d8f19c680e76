/**
 * A persisted store in tabs.
 */
import type { PageDriver } from "../support/browser.js";
import { noteBrowser } from "../support/needs.js";
import { siteUrl } from "../support/site.js";
import { expect, test } from "../support/test.js";
import { within } from "../support/within.js";

const listener = { told: () => undefined, crashed: () => undefined, notCached: () => undefined };

/** Opens a tab with a store, and waits until that has a leader. */
async function openTab(open: () => Promise<PageDriver>, store: string): Promise<PageDriver> {
  const page = await open();
  await page.goto(siteUrl(`store.html?store=${store}`));
  await page.evaluate(async () => {
    await (await globalThis.lanes).sync();
  }, null);
  return page;
}

const count = (page: PageDriver, lane: string, number: number): Promise<void> =>
  page.evaluate(async ([name, value]) => (await globalThis.lanes).doWith({ timeoutMs: 20_000 }).count(name, value), [
    lane,
    number,
  ] as const);

const phaseOf = (page: PageDriver): Promise<string> => page.evaluate(async () => (await globalThis.lanes).status.phase, null);

/** Who wrote what is stored, in the order in which it was, and the positions of the commits in each write. */
function storedIn(page: PageDriver, store: string): Promise<readonly { readonly epoch: number; readonly positions: readonly number[] }[]> {
  return page.evaluate(async (name) => {
    const request = indexedDB.open(`gen-leader/@${name}`);
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const slots = database
      .transaction("records")
      .objectStore("records")
      .getAll(IDBKeyRange.bound(["slot"], ["slot", []]));
    const all = await new Promise<{ token: { epoch: number }; record: { body: { commits?: { position: number }[] } } | null }[]>(
      (resolve, reject) => {
        slots.onsuccess = () => resolve(slots.result);
        slots.onerror = () => reject(slots.error);
      },
    );
    database.close();
    return all.map(({ token, record }) => ({
      epoch: token.epoch,
      positions: record?.body.commits?.map(({ position }) => position) ?? [],
    }));
  }, store);
}

test("a leader that hangs in the middle of a commit, and is deposed, writes nothing when it wakes up", async ({ runningBrowser }, info) => {
  noteBrowser(runningBrowser.version, info);
  const store = `hung-${info.testId}`;
  const open = () => runningBrowser.open("told", listener);
  const hung = await openTab(open, store);
  const other = await openTab(open, store);
  expect(await phaseOf(hung)).toBe("leading");
  await count(hung, "before", 1);
  const before = await storedIn(other, store);

  // The command is run, and nothing of it is written, when the page stops.
  await hung.evaluate(() => {
    globalThis.hangMs = 6000;
  }, null);
  await count(other, "meanwhile", 1);
  for (const number of [2, 3, 4]) await count(other, "meanwhile", number);
  expect(await phaseOf(other)).toBe("leading");
  const deposed = await storedIn(other, store);
  expect(deposed.at(-1)?.epoch).toBeGreaterThan(before.at(-1)?.epoch ?? Infinity);

  // It wakes up, goes on with its commit, and follows.
  await within(count(hung, "after", 1), 30_000);
  expect(await phaseOf(hung)).toBe("following");
  const after = await storedIn(other, store);
  const epochs = after.map(({ epoch }) => epoch);
  expect(epochs, "Nobody writes under a smaller epoch after a larger one").toEqual(epochs.toSorted((one, next) => one - next));
  expect(after.slice(0, before.length), "Under its own epoch there is what was there before").toEqual(before);
  expect(after.slice(before.length).filter(({ epoch }) => epoch === before.at(-1)?.epoch)).toEqual([]);
  expect(after.flatMap(({ positions }) => positions)).toEqual([1, 2, 3, 4, 5, 6]);
  const lanes = await hung.evaluate(async () => {
    const opened = await globalThis.lanes;
    await opened.sync();
    return opened.get();
  }, null);
  expect(lanes).toEqual({ before: { last: 1, times: 1 }, meanwhile: { last: 4, times: 4 }, after: { last: 1, times: 1 } });
});

test("a store is there when all its tabs were closed", async ({ runningBrowser }, info) => {
  noteBrowser(runningBrowser.version, info);
  const store = `closed-${info.testId}`;
  const open = () => runningBrowser.open("told", listener);
  const first = await openTab(open, store);
  for (const number of [1, 2, 3]) await count(first, "lane", number);
  await first.close();
  const next = await open();
  await next.goto(siteUrl(`store.html?store=${store}`));
  const found = await next.evaluate(async () => {
    return (await globalThis.lanes).get();
  }, null);
  expect(found, "Before anybody leads").toEqual({ lane: { last: 3, times: 3 } });
  await count(next, "lane", 4);
  await next.close();
});
