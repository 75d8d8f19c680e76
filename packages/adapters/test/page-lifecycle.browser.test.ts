/**
 * The medium of browsers in pages that are frozen, or wait in the back/forward cache.
 */
import type { PeerId } from "@gen-leader/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, test } from "vitest";
import type { Place } from "./browser/peer.page.js";
import { type LiveBrowser, type LiveTab, launchLiveBrowser } from "./browser/real-life-browser.js";

let browser: LiveBrowser;
let clusters = 0;
const tabs: LiveTab[] = [];

beforeAll(async () => {
  browser = await launchLiveBrowser();
});
beforeEach(() => {
  const start = browser.history.length;
  onTestFailed(() => console.error(browser.history.slice(start).join("\n")));
});
afterEach(async () => {
  clusters += 1;
  await Promise.all(tabs.splice(0).map((tab) => tab.close()));
});
afterAll(() => browser.close());

async function openTab(policy?: "strict"): Promise<LiveTab> {
  const tab = await browser.openTab(`lifecycle ${clusters}`, policy);
  tabs.push(tab);
  return tab;
}

/** A tab with one peer whose fence is open. */
async function openPeer(id: PeerId, place?: Place, policy?: "strict"): Promise<LiveTab> {
  const tab = await openTab(policy);
  await tab.start(id, place);
  await tab.run(id, { type: "open", port: "fence" });
  return tab;
}

async function request(tab: LiveTab, id: PeerId, answer: "granted" | "busy"): Promise<void> {
  await tab.run(id, { type: "request", over: [] });
  await tab.told(id, answer);
}

test("a page that goes into the back/forward cache suspends before, and resumes when it is shown again", async () => {
  const tab = await openTab();
  await tab.leave();
  await tab.comeBack();
  const told = await tab.lifecycle();
  expect(told, told.join()).toContain("pagehide cached");
  expect(told).toContain("pageshow cached");
  expect(told.filter((line) => line === "suspend" || line === "resume")).toEqual(["suspend", "resume"]);
  expect(told.indexOf("suspend")).toBeLessThan(told.indexOf("pagehide cached"));
  // The page runs by now, whatever the platform says first.
  expect(told.indexOf("resume")).toBeGreaterThan(told.lastIndexOf("resume event"));
});

test("a page that is frozen suspends before, and resumes when it goes on", async () => {
  const tab = await openTab();
  await tab.freeze();
  await tab.thaw();
  const told = await tab.lifecycle();
  expect(told.filter((line) => !/visible|pageshow/.test(line))).toEqual(["hidden", "suspend", "freeze event", "resume", "resume event"]);
});

test("a request of one more peer wakes those who wait for a page in the cache that holds the fence", async () => {
  const holder = await openPeer("a#1");
  const waiting = await openPeer("b#1");
  const late = await openPeer("c#1");
  await request(holder, "a#1", "granted");
  await request(waiting, "b#1", "busy");
  await holder.leave();
  await request(late, "c#1", "busy");
  await waiting.told("b#1", "granted");
  expect(await late.run("c#1", { type: "holder" })).toEqual({ threw: null, value: "b#1" });
  await waiting.run("b#1", { type: "release" });
  await late.told("c#1", "granted");
});

test("asking who holds the fence wakes them too", async () => {
  const holder = await openPeer("a#1");
  const waiting = await openPeer("b#1");
  const follower = await openPeer("c#1");
  await request(holder, "a#1", "granted");
  await request(waiting, "b#1", "busy");
  await holder.leave();
  await follower.run("c#1", { type: "holder" });
  await waiting.told("b#1", "granted");
});

test("a frozen page that is granted the fence can be named, and stolen from", async () => {
  const holder = await openPeer("a#1");
  const frozen = await openPeer("b#1");
  const thief = await openPeer("c#1");
  await request(holder, "a#1", "granted");
  await request(frozen, "b#1", "busy");
  await frozen.freeze();
  await holder.run("a#1", { type: "open", port: "failureDetector" });
  await thief.run("c#1", { type: "open", port: "failureDetector" });
  await thief.run("c#1", { type: "monitor", peer: "a#1", watch: "holder" });
  await holder.close();
  await thief.told("c#1", "down");
  tabs.splice(tabs.indexOf(holder), 1);
  await request(thief, "c#1", "busy");
  expect(await thief.run("c#1", { type: "holder" })).toEqual({ threw: null, value: "b#1" });
  await thief.run("c#1", { type: "steal", holder: "b#1" });
  await thief.told("c#1", "granted");
  await frozen.thaw();
  // That it was granted and that it was stolen are waiting for it both; it may hear of one before the other.
  await Promise.race([frozen.told("b#1", "ended"), frozen.told("b#1", "lost")]);
  expect(await frozen.run("b#1", { type: "holds" })).toEqual({ threw: null, value: false });
  expect(await frozen.run("b#1", { type: "holder" })).toEqual({ threw: null, value: "c#1" });
});

test("a frozen holder is stolen from, and learns of it when it goes on", async () => {
  const holder = await openPeer("a#1");
  const thief = await openPeer("b#1");
  await request(holder, "a#1", "granted");
  await holder.freeze();
  await thief.run("b#1", { type: "steal", holder: "a#1" });
  await thief.told("b#1", "granted");
  await holder.thaw();
  await holder.told("a#1", "lost");
  expect(await holder.run("a#1", { type: "holder" })).toEqual({ threw: null, value: "b#1" });
});

test("a page holds locks itself, unless it may sleep; then a worker holds them", async () => {
  const awake = await openPeer("a#1");
  const sleepy = await openPeer("b#1", "sleepy page");
  await request(awake, "a#1", "granted");
  await request(sleepy, "b#1", "busy");
  expect((await awake.ownLocks()).length).toBeGreaterThan(0);
  expect(await sleepy.ownLocks()).toEqual([]);
});

test("a policy that forbids workers makes the page hold its locks itself", async () => {
  const strict = await openPeer("a#1", "sleepy page", "strict");
  await request(strict, "a#1", "granted");
  const other = await openPeer("b#1", "sleepy page", "strict");
  await request(other, "b#1", "busy");
  expect((await strict.ownLocks()).length).toBeGreaterThan(0);
  await strict.run("a#1", { type: "release" });
  await other.told("b#1", "granted");
});

test.each(["page", "sleepy page"] as const)("a %s that gives the fence back when it is frozen has given it back", async (place) => {
  const holder = await openPeer("a#1", place);
  const waiting = await openPeer("b#1", place);
  await request(holder, "a#1", "granted");
  await request(waiting, "b#1", "busy");
  await holder.closeOnSuspend("a#1");
  await holder.freeze();
  await waiting.told("b#1", "granted");
});

test.each(["page", "sleepy page"] as const)(
  "a %s that gives the fence back when it goes into the cache has given it back",
  async (place) => {
    const holder = await openPeer("a#1", place);
    const waiting = await openPeer("b#1", place);
    await request(holder, "a#1", "granted");
    await request(waiting, "b#1", "busy");
    await holder.closeOnSuspend("a#1");
    await holder.leave();
    await waiting.told("b#1", "granted");
    await holder.comeBack();
    expect(await holder.lifecycle()).toContain("pageshow cached");
  },
);
