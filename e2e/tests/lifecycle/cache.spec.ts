/**
 * Tabs go to another page and come back, through the back/forward cache where the engine keeps them there.
 */
import { wallTime } from "../../pages/src/records.js";
import { cachesPages } from "../../support/engine.js";
import { expect, needs, test } from "../../support/test.js";

/** Whether the pages under test come from the cache. Where they do not, they are loaded anew, which must do as well. */
const cached = cachesPages();

test("a leader that navigates away is replaced, and follows when it comes back, from the cache where there is one", async ({
  stage,
  noteFailover,
}) => {
  await stage.openMany(5);
  const { leader, followers, token } = await stage.untilAgreed();
  await leader.invoke("store", "colour", "green");
  await stage.untilConverged();
  // Told only when the page is back: the devtools let go of a page before it is hidden.
  const hidden = leader.nextPageEvent("pagehide");
  await leader.leave();
  const elected = await stage.untilSucceeded(token);
  const without = await stage.untilAgreed(followers);
  expect(without.token).toEqual(elected.token);
  await followers[0]?.invoke("store", "size", 1);

  const shown = await leader.comeBack();
  expect(shown.persisted, "The page comes from the cache").toBe(cached);
  const { at, persisted } = await hidden;
  expect(persisted, "The page knew that it would be cached").toBe(cached);
  noteFailover("cache", at, elected);
  const all = await stage.untilConverged();
  expect(all.token, "It follows").toEqual(elected.token);
  const entries = [
    ["colour", "green"],
    ["size", 1],
  ];
  for (const tab of stage.tabs) expect(await tab.invoke("entries")).toEqual(entries);
  expect(await leader.invoke("lookup", "size")).toEqual({ type: "reply", value: 1, epoch: elected.token.epoch });
});

test("a leader may leave and return any number of times, and the others as well", async ({ stage, noteFailover }) => {
  await stage.openMany(3);
  for (let round = 0; round < 3; round += 1) {
    const { leader, followers, token } = await stage.untilAgreed();
    const hidden = leader.nextPageEvent("pagehide");
    await leader.leave();
    const elected = await stage.untilSucceeded(token);
    await stage.untilAgreed(followers);
    expect((await leader.comeBack()).persisted).toBe(cached);
    noteFailover("cache", (await hidden).at, elected);
  }
  await stage.untilAgreed();
});

test("a follower that has left its page when the leader dies does not lead from there", async ({ stage }) => {
  await stage.openMany(3);
  const { leader, followers, token } = await stage.untilAgreed();
  const [absent, present] = followers;
  if (absent === undefined || present === undefined) throw new Error("There are two followers.");
  await absent.leave();
  await stage.untilAgreed([leader, present]);
  const { done } = stage.close(leader);
  const elected = await stage.untilSucceeded(token);
  await done;
  expect(elected.peer).toBe(present.status?.self);
  expect((await absent.comeBack()).persisted, "Nothing that the others said has thrown it out of the cache").toBe(cached);
  expect((await stage.untilAgreed()).token).toEqual(elected.token);
});

test("a successor that leaves its page just when the leader dies, whether it leads yet or not, follows when it is back", async ({
  stage,
}) => {
  await stage.openMany(5);
  for (let round = 0; round < 2; round += 1) {
    const { leader, followers, token } = await stage.untilAgreed();
    await leader.invoke("append", "list", round);
    await stage.untilConverged();
    const best = leader.status?.alive.find((peer) => peer !== leader.status?.self);
    const successor = followers.find(({ status }) => status?.self === best);
    if (successor === undefined) throw new Error("Somebody follows.");
    // It may wait for the fence, hold it, or lead already when it goes.
    const closed = stage.close(leader);
    await successor.leave();
    await closed.done;
    const others = stage.tabs.filter((tab) => tab !== successor);
    const { token: next } = await stage.untilAgreed(others);
    expect(next.epoch).toBeGreaterThan(token.epoch);
    await successor.comeBack();
    expect((await stage.untilConverged()).token).toEqual(next);
    for (const tab of stage.tabs) expect(new Map(await tab.invoke("entries")).get("list")).toHaveLength(round + 1);
  }
});

test("the last tab finds its state again when it comes back from the cache", needs("cached locks"), async ({ stage }) => {
  const tab = await stage.open();
  const { token } = await stage.untilAgreed();
  await tab.invoke("store", "colour", "green");
  await tab.leave();
  expect((await tab.comeBack()).persisted).toBe(true);
  const again = await tab.until("to lead again", ({ phase, token: own }) => phase === "leading" && (own?.epoch ?? 0) > token.epoch);
  expect(again.keys).toBe(1);
  expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a leader in a worker, whom nobody tells that its page is cached, is replaced for those who wait", async ({ stage, noteFailover }) => {
  const { leader: host, others, token } = await stage.openLeader({ host: "worker" }, 4);
  await others[0]?.invoke("store", "colour", "green");
  const left = wallTime();
  await host.leave();
  const call = others[1]?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
  const elected = await stage.untilSucceeded(token);
  noteFailover("cache of a worker", left, elected);
  expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
  expect((await stage.untilAgreed(others)).token).toEqual(elected.token);
  // It may come from the cache, or have been thrown out of it by the others and be loaded anew.
  await host.comeBack();
  expect((await stage.untilConverged()).token).toEqual(elected.token);
  expect(await host.invoke("entries")).toEqual([
    ["colour", "green"],
    ["size", 1],
  ]);
});

test(
  "a leader in a worker whose page is cached, and whom nobody calls, is replaced once another tab is shown",
  needs("cached workers let go"),
  async ({ stage, noteFailover }) => {
    const { leader: host, others, token } = await stage.openLeader({ host: "worker" }, 2);
    await host.leave();
    const shown = wallTime();
    await others[0]?.page.bringToFront();
    noteFailover("look at another tab", shown, await stage.untilSucceeded(token));
    await host.comeBack();
    await stage.untilConverged();
  },
);

test("a page that may sleep leaves nothing behind when it is left", async ({ stage, noteFailover }) => {
  await stage.openMany(3, { keepAwake: false });
  const { leader, followers, token } = await stage.untilAgreed();
  await leader.invoke("store", "colour", "green");
  const hidden = leader.nextPageEvent("pagehide");
  await leader.leave();
  const elected = await stage.untilSucceeded(token);
  await stage.untilAgreed(followers);
  expect((await leader.comeBack()).persisted, "The page comes from the cache").toBe(cached);
  noteFailover("cache", (await hidden).at, elected);
  expect((await stage.untilConverged()).token).toEqual(elected.token);
  expect(await leader.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a leader that goes to another site is replaced, and follows when it is back, from the cache where there is one", async ({
  stage,
}) => {
  await stage.openMany(3);
  // Chromium caches such a page before the page is told: nobody may look at its locks until it has given them back.
  for (let round = 0; round < 5; round += 1) {
    const { leader, followers, token } = await stage.untilAgreed();
    await leader.invoke("append", "list", round);
    await stage.untilConverged();
    await leader.leaveSite();
    const elected = await stage.untilSucceeded(token);
    await stage.untilAgreed(followers);
    expect((await leader.comeBack()).persisted, stage.notes.join("; ")).toBe(cached);
    expect((await stage.untilConverged()).token).toEqual(elected.token);
  }
  for (const tab of stage.tabs) expect(await tab.invoke("entries")).toEqual([["list", [0, 1, 2, 3, 4]]]);
});
