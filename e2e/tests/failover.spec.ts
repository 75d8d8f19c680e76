/**
 * The leader of five tabs comes to an end: another leads soon, and nothing that was acknowledged is lost.
 */
import { type CallEnd, wallTime } from "../pages/src/records.js";
import type { Stage } from "../support/stage.js";
import type { Tab } from "../support/tab.js";
import { expect, needs, test } from "../support/test.js";

/** Five tabs that agree, with something in the dictionary that must survive. */
async function fiveTabs(stage: Stage) {
  await stage.openMany(5);
  const agreement = await stage.untilAgreed();
  await agreement.followers[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  return agreement;
}

test("the leader's tab is closed", async ({ stage, noteFailover }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const { at, done } = stage.close(leader);
  const elected = await stage.untilSucceeded(token);
  noteFailover("close", at, elected);
  await done;
  const next = await stage.untilConverged();
  expect(next.token).toEqual(elected.token);
  for (const tab of followers) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("tab after tab is closed, leader first, down to the last", async ({ stage, noteFailover }) => {
  let { leader, followers, token } = await fiveTabs(stage);
  while (followers.length > 0) {
    const { at, done } = stage.close(leader);
    noteFailover("close", at, await stage.untilSucceeded(token));
    await done;
    ({ leader, followers, token } = await stage.untilConverged());
  }
  expect(await leader.invoke("entries")).toEqual([["colour", "green"]]);
});

test("the leader's renderer is killed", async ({ stage, noteFailover }) => {
  let { leader, followers, token } = await fiveTabs(stage);
  while (followers.length > 0) {
    const { at } = await stage.kill(leader);
    noteFailover("kill", at, await stage.untilSucceeded(token));
    ({ leader, followers, token } = await stage.untilConverged());
  }
  expect(await leader.invoke("entries")).toEqual([["colour", "green"]]);
});

test("the leader's renderer is killed with calls in flight: none is left hanging, none acknowledged is lost", async ({ stage }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  await Promise.all(followers.map((tab) => tab.invoke("startLoad", "list")));
  await stage.journal.untilRecords("two hundred calls to be answered", 200, "accepted");
  await stage.kill(leader);
  await stage.untilSucceeded(token);
  await stage.journal.untilRecords("two hundred more", 200, "accepted");
  const reports = await Promise.all(followers.map((tab) => tab.invoke("finishLoad")));
  await stage.untilConverged();
  const failed = reports.flatMap((report) => report.failed);
  expect(failed.length, "Each tab has one call in flight").toBeLessThanOrEqual(followers.length);
  for (const failure of failed) expect(failure).toContain("LeaderDiedError");
  for (const tab of followers) {
    const list = new Map(await tab.invoke("entries")).get("list");
    for (const { acknowledged } of reports) expect(inOrder(list, acknowledged)).toEqual(acknowledged);
  }
});

test("a leader that hangs is replaced for those who wait, and follows when it is back", async ({ stage, noteFailover }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const [waiting, ...others] = followers;
  await waiting?.page.bringToFront();
  const end = leader.nextHang("end");
  const { at } = await leader.hang(8000);
  const call = waiting?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
  const elected = await stage.untilSucceeded(token);
  const ms = noteFailover("hang", at, elected);
  expect(ms, "The limits: challengeMs 750, unresponsiveMs 1500, acknowledgeMs 1000, and time to get there").toBeLessThan(5000);
  expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
  const without = await stage.untilAgreed(followers);
  expect(without.token).toEqual(elected.token);

  // Asked while it hangs, so that this is the first that it does afterwards. As a leader it would answer at once.
  const own = leader.invoke("lookup", "size", { timeoutMs: 30_000 });
  const { at: awake } = await end;
  await leader.until("to follow", ({ phase, leader: followed }) => phase === "following" && followed === elected.token.leader);
  const answer = await own;
  if (answer.type === "reply") expect(answer).toEqual({ type: "reply", value: 1, epoch: elected.token.epoch });
  else expect(answer.code).toBe("leader-died");
  const all = await stage.untilConverged();
  expect(all.token, "The victim does not take leadership back").toEqual(elected.token);
  expect(elected.at, "It was replaced while it hung").toBeLessThan(awake);
  for (const tab of [leader, ...others])
    expect(await tab.invoke("entries")).toEqual([
      ["colour", "green"],
      ["size", 1],
    ]);
});

test("a leader that is busy for less than the limit is not replaced, though others wait, and answers them all", async ({ stage }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const end = leader.nextHang("end");
  await leader.hang(1800);
  const asked = wallTime();
  const calls = followers.map((tab, index) => tab.invoke("append", "list", index));
  expect((await end).at - asked, "They have waited longer than challengeMs, 750").toBeGreaterThan(1000);
  for (const reply of await Promise.all(calls)) expect(reply).toMatchObject({ type: "reply", epoch: token.epoch });
  expect((await stage.untilConverged()).token).toEqual(token);
  expect(stage.journal.recordsOf("elected")).toHaveLength(1);
});

test("a leader that hangs within a callback is replaced, and its stale reply is not accepted", async ({ stage, noteFailover }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const [caller, waiting] = followers;
  // Whoever waits is in a hidden tab, where the browser hides tabs: its timers run a second late.
  await leader.page.bringToFront();
  const begin = leader.nextHang("begin");
  const fatal = caller?.invoke("hang", 12_000, "fatal", { timeoutMs: 30_000 });
  const { at: begun } = await begin;
  const own = leader.invoke("lookup", "fatal", { timeoutMs: 30_000 });
  const call = waiting?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
  const elected = await stage.untilSucceeded(token);
  noteFailover("hang", begun, elected);
  expect(await fatal).toMatchObject({ type: "error", code: "leader-died", outcome: "unknown" });
  expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
  const all = await stage.untilConverged();
  expect(all.token).toEqual(elected.token);
  const answer = await own;
  if (answer.type === "reply") expect(answer.epoch).toBe(elected.token.epoch);
  else expect(answer.code).toBe("leader-died");
  for (const tab of stage.tabs)
    expect(await tab.invoke("entries"), "What the hung leader did has no effect").toEqual([
      ["colour", "green"],
      ["size", 1],
    ]);
});

test(
  "a leader whose page shows an alert is replaced for those who wait, and follows once that is dismissed",
  needs("blocking alert"),
  async ({ stage, noteFailover }) => {
    const { leader, followers, token } = await fiveTabs(stage);
    const dismiss = await leader.page.alert();
    const at = wallTime();
    const call = followers[0]?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
    const elected = await stage.untilSucceeded(token);
    noteFailover("alert", at, elected);
    expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
    await stage.untilAgreed(followers);
    expect(leader.status?.phase, "It has not heard of it").toBe("leading");
    await dismiss();
    const all = await stage.untilConverged();
    expect(all.token, "The victim does not take leadership back").toEqual(elected.token);
    expect(await leader.invoke("entries")).toEqual([
      ["colour", "green"],
      ["size", 1],
    ]);
  },
);

test("a leader's page shows an alert: nobody waits for it to be dismissed, and all agree afterwards", async ({ stage }) => {
  const { leader, followers } = await fiveTabs(stage);
  const dismiss = await leader.page.alert();
  const answer = await followers[0]?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
  expect(answer).toMatchObject({ type: "reply" });
  await dismiss();
  await stage.untilConverged();
  for (const tab of [leader, ...followers])
    expect(await tab.invoke("entries")).toEqual([
      ["colour", "green"],
      ["size", 1],
    ]);
});

test("a successor that hangs when the leader dies is passed over for those who wait, and follows when it is back", async ({ stage }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const successor = nextInLine(leader, followers);
  const others = followers.filter((tab) => tab !== successor);
  const end = successor.nextHang("end");
  await others[0]?.page.bringToFront();
  await successor.hang(8000);
  await stage.close(leader).done;
  const call = others[0]?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
  const elected = await stage.untilSucceeded(token);
  expect(others.map(({ status }) => status?.self)).toContain(elected.peer);
  expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
  const { at: awake } = await end;
  expect(elected.at, "It was passed over while it hung").toBeLessThan(awake);
  const all = await stage.untilConverged();
  expect(all.token, "Whoever was passed over does not depose").toEqual(elected.token);
  for (const tab of followers)
    expect(await tab.invoke("entries")).toEqual([
      ["colour", "green"],
      ["size", 1],
    ]);
});

test("a successor that is busy for a moment when the leader dies leads, or follows, and nothing is lost", async ({ stage }) => {
  const { leader, followers, token } = await fiveTabs(stage);
  const successor = nextInLine(leader, followers);
  const end = successor.nextHang("end");
  await successor.hang(500);
  const { done } = stage.close(leader);
  const calls = followers.map((tab) => tab.invoke("append", "list", tab.name, { timeoutMs: 30_000, retry: true }));
  await stage.untilSucceeded(token);
  for (const answer of await Promise.all(calls)) expect(answer.type).toBe("reply");
  await end;
  await done;
  await stage.untilConverged();
  const names = followers.map(({ name }) => name).sort();
  for (const tab of followers) {
    const list = new Map(await tab.invoke("entries")).get("list");
    expect(
      Array.isArray(list) ? [...new Set(list)].sort() : list,
      "A call that is made again may take effect twice, but none is lost",
    ).toEqual(names);
  }
});

test("a leader that calls itself without a pause does not keep the others waiting", async ({ stage }) => {
  const { leader, followers } = await fiveTabs(stage);
  await Promise.all(followers.map((tab) => tab.invoke("startLoad", "list")));
  await stage.journal.untilRecords("each of the others to be answered", followers.length, "accepted");
  const [before, after] = await leader.invoke("lookupAround", "list", 2000);
  const reports = await Promise.all(followers.map((tab) => tab.invoke("finishLoad")));
  await stage.untilConverged();
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  expect(lengthIn(after) - lengthIn(before), "What the others wrote meanwhile").toBeGreaterThan(20);
});

/** The follower that all take for the next leader: those who are up are told in that order. */
function nextInLine(leader: Tab, followers: readonly Tab[]): Tab {
  const next = leader.status?.alive.find((peer) => peer !== leader.status?.self);
  const successor = followers.find(({ status }) => status?.self === next);
  if (successor === undefined) throw new Error(`Nobody of these is ${next}.`);
  return successor;
}

/** The length of the list that was looked up. */
function lengthIn(end: CallEnd): number {
  return end.type === "reply" && Array.isArray(end.value) ? end.value.length : Number.NaN;
}

/** The elements of `list` that are among `wanted`, in the order of the list. */
function inOrder(list: unknown, wanted: readonly string[]): readonly unknown[] {
  const among = new Set<unknown>(wanted);
  return Array.isArray(list) ? list.filter((value) => among.has(value)) : [];
}
