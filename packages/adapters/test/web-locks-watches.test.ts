/**
 * Nobody looks at the locks of a page that is on its way into the back/forward cache, nor asks for one of them, before the browser has taken
 * them back: Chromium would throw the page out.
 */
import type { PeerId } from "@gen-leader/protocol";
import { expect, test } from "vitest";
import { createWebLocksFailureDetector } from "../src/failure-detectors/web-locks.js";
import { createWebLocksFence } from "../src/fences/web-locks.js";
import { fenceLockName, peerLockName } from "../src/web-locks/lock-names.js";
import type { Locks } from "../src/web-locks/locks.js";
import { createWatches } from "../src/web-locks/watches.js";

const cluster = "a cluster";
const a: PeerId = "a#1";
const b: PeerId = "b#1";
const c: PeerId = "c#1";

/** A browser that lets the test grant locks and pass time, and says what it was asked. */
function createBrowser() {
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  const locks: Locks = {
    query() {
      asked.push("query");
      return Promise.resolve({ held: [], pending: [] });
    },
    request(name, { signal }, callback) {
      asked.push(name);
      return new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => {
          waiting.delete(name);
          reject(signal.reason);
        });
        waiting.set(name, () => {
          waiting.delete(name);
          resolve(callback());
        });
      });
    },
  };
  let nowMs = 0;
  const timers = new Map<() => void, number>();
  const schedule = (callback: () => void, delayMs: number) => {
    timers.set(callback, nowMs + delayMs);
    return () => void timers.delete(callback);
  };
  const watches = createWatches(cluster, locks, { schedule });
  return {
    detector: createWebLocksFailureDetector(cluster, locks, watches),
    fence: createWebLocksFence(cluster, locks, watches),
    asked,
    waiting,
    grant: (name: string) => waiting.get(name)?.(),
    timers,
    passTime(ms: number) {
      nowMs += ms;
      for (const [callback, dueMs] of timers) if (dueMs <= nowMs && timers.delete(callback)) callback();
    },
  };
}

/** Resolves when all that follows from what was done has been done: nothing here waits for time. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function openAs(self: PeerId) {
  const browser = createBrowser();
  const opened = browser.detector.open(self);
  browser.grant(peerLockName(cluster, self));
  await opened;
  await browser.fence.open(self, () => undefined);
  return browser;
}

test("a contender asks for the fence when the locks of who has left are given back", async () => {
  const { detector, fence, asked, grant } = await openAs(b);
  const downs: string[] = [];
  const end = detector.monitor(a, (reason) => downs.push(reason));
  asked.length = 0;
  fence.request([a]);
  end();
  await settle();
  expect(asked, "Neither a look nor a request").toEqual([]);
  grant(peerLockName(cluster, a));
  await settle();
  expect(asked[0], "A look comes first").toBe("query");
  expect(asked).toContain(fenceLockName(cluster));
  expect(downs, "The watch was ended").toEqual([]);
});

test("who stays is waited for no longer than a moment", async () => {
  const { detector, fence, asked, waiting, passTime } = await openAs(b);
  const end = detector.monitor(a, () => undefined);
  fence.request([a]);
  end();
  await settle();
  expect(asked).not.toContain(fenceLockName(cluster));
  expect(waiting.has(peerLockName(cluster, a))).toBe(true);
  passTime(50);
  await settle();
  expect(asked).toContain(fenceLockName(cluster));
  expect(waiting.has(peerLockName(cluster, a)), "The watch is withdrawn in the end").toBe(false);
});

test("a watch that begins while somebody leaves waits for that as well", async () => {
  const { detector, asked, grant } = await openAs(c);
  const end = detector.monitor(a, () => undefined);
  end();
  asked.length = 0;
  const downs: string[] = [];
  detector.monitor(b, (reason) => downs.push(reason));
  await settle();
  expect(asked).toEqual([]);
  grant(peerLockName(cluster, a));
  await settle();
  expect(asked).toEqual(["query", peerLockName(cluster, b)]);
  grant(peerLockName(cluster, b));
  expect(downs).toEqual(["crashed"]);
});

test("nobody is waited for who is not watched, and a request that was withdrawn meanwhile is not made", async () => {
  const { detector, fence, asked } = await openAs(b);
  fence.request([a]);
  expect(asked).toContain(fenceLockName(cluster));
  fence.release();
  detector.monitor(a, () => undefined);
  asked.length = 0;
  fence.request([a]);
  fence.release();
  fence.request([a]);
  fence.close();
  detector.close();
  await settle();
  expect(asked).toEqual([]);
});

test("a watch that is ended and begun again goes on, without a look at anybody's locks", async () => {
  const { detector, asked, grant, passTime } = await openAs(b);
  detector.monitor(a, () => undefined)();
  asked.length = 0;
  const downs: string[] = [];
  detector.monitor(a, (reason) => downs.push(reason));
  passTime(50);
  await settle();
  expect(asked).toEqual([]);
  grant(peerLockName(cluster, a));
  expect(downs).toEqual(["crashed"]);
});

test("a watch that was withdrawn is begun anew", async () => {
  const { detector, asked, grant, passTime } = await openAs(b);
  detector.monitor(a, () => undefined)();
  passTime(50);
  await settle();
  asked.length = 0;
  const downs: string[] = [];
  detector.monitor(a, (reason) => downs.push(reason));
  expect(asked).toEqual(["query", peerLockName(cluster, a)]);
  grant(peerLockName(cluster, a));
  expect(downs).toEqual(["crashed"]);
});

test("a watch that was begun again and ended again stands for a moment from then on", async () => {
  const { detector, waiting, passTime } = await openAs(b);
  detector.monitor(a, () => undefined)();
  passTime(20);
  const end = detector.monitor(a, () => undefined);
  passTime(20);
  end();
  passTime(20);
  expect(waiting.has(peerLockName(cluster, a))).toBe(true);
  passTime(30);
  expect(waiting.has(peerLockName(cluster, a))).toBe(false);
});

test("who closes, as a page does that leaves, has nothing to do afterwards", async () => {
  const { detector, fence, waiting, timers } = await openAs(b);
  const end = detector.monitor(a, () => undefined);
  fence.request([a]);
  end();
  fence.close();
  detector.close();
  expect(timers.size).toBe(0);
  expect(waiting.has(peerLockName(cluster, a))).toBe(false);
});
