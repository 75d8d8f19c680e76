/**
 * Tabs are frozen, as browsers do to hidden pages to save energy.
 */
import type { Stage } from "../../support/stage.js";
import type { Tab } from "../../support/tab.js";
import { expect, needs, test } from "../../support/test.js";

/** How many times the pulse of a page was told between two times. */
function pulses(stage: Stage, tab: Tab, from: number, to: number): number {
  return stage.journal.recordsOf("pulse").filter(({ tab: name, record }) => name === tab.name && record.at > from && record.at < to).length;
}

/** Waits until the timers of a page that runs have run a hundred times, some five seconds. */
async function watchTimers(stage: Stage, control: Tab): Promise<void> {
  await stage.journal.untilRecords(`the timers of ${control.name}`, 10, "pulse", (_, tab) => tab === control.name);
}

test("a frozen leader is replaced, and follows when it is resumed", needs("freeze"), async ({ stage, noteFailover }) => {
  await stage.openMany(5);
  const { leader, followers, token } = await stage.untilAgreed();
  const [control] = followers;
  if (control === undefined) throw new Error("There are followers.");
  await leader.invoke("store", "colour", "green");
  await stage.untilConverged();
  await leader.startPulse(Infinity);
  await control.startPulse(Infinity);
  await control.page.bringToFront();
  await watchTimers(stage, control);

  const frozen = leader.nextPageEvent("freeze");
  await leader.page.setLifecycle("frozen");
  const { at } = await frozen;
  const elected = await stage.untilSucceeded(token);
  noteFailover("freeze", at, elected);
  expect((await stage.untilAgreed(followers)).token).toEqual(elected.token);
  await control.invoke("store", "size", 1);
  await watchTimers(stage, control);

  const resumed = leader.nextPageEvent("resume");
  await leader.page.setLifecycle("active");
  const { at: awake } = await resumed;
  expect(pulses(stage, control, at, awake), "The page that was not frozen ran").toBeGreaterThanOrEqual(10);
  expect(pulses(stage, leader, at, awake), "The frozen page stood still").toBe(0);
  const all = await stage.untilConverged();
  expect(all.token, "It follows").toEqual(elected.token);
  expect(await leader.invoke("entries")).toEqual([
    ["colour", "green"],
    ["size", 1],
  ]);
});

test("a frozen follower does not lead when the leader dies, and is no hindrance to the next", needs("freeze"), async ({ stage }) => {
  await stage.openMany(3);
  const { leader, followers, token } = await stage.untilAgreed();
  const [frozen, present] = followers;
  if (frozen === undefined || present === undefined) throw new Error("There are two followers.");
  await present.page.bringToFront();
  const suspended = frozen.nextPageEvent("freeze");
  await frozen.page.setLifecycle("frozen");
  await suspended;
  const { done } = stage.close(leader);
  const elected = await stage.untilSucceeded(token);
  await done;
  expect(elected.peer).toBe(present.status?.self);
  await stage.untilAgreed([present]);
  await frozen.page.setLifecycle("active");
  expect((await stage.untilAgreed()).token).toEqual(elected.token);
});

test(
  "a leader in a worker, whom nobody tells that its page is frozen, is replaced for those who wait, and follows afterwards",
  needs("freeze"),
  async ({ stage, noteFailover }) => {
    const { leader: host, others, token } = await stage.openLeader({ host: "worker" }, 4);
    const [caller] = others;
    if (caller === undefined) throw new Error("There are others.");
    await caller.page.bringToFront();
    const frozen = host.nextPageEvent("freeze");
    await host.page.setLifecycle("frozen");
    const { at } = await frozen;
    const call = caller.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
    const elected = await stage.untilSucceeded(token);
    noteFailover("freeze of a worker", at, elected);
    expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
    expect((await stage.untilAgreed(others)).token).toEqual(elected.token);

    const resumed = host.nextPageEvent("resume");
    await host.page.setLifecycle("active");
    await resumed;
    // The first that the worker does may be to answer its own page.
    const own = await host.invoke("lookup", "size", { timeoutMs: 30_000 });
    if (own.type === "reply") expect(own).toEqual({ type: "reply", value: 1, epoch: elected.token.epoch });
    else expect(own.code).toBe("leader-died");
    expect((await stage.untilConverged()).token).toEqual(elected.token);
    expect(await host.invoke("entries")).toEqual([["size", 1]]);
  },
);

test("pages that may sleep elect, are frozen and killed like any other", needs("freeze"), async ({ stage, noteFailover }) => {
  await stage.openMany(4, { keepAwake: false });
  const visible = await stage.open();
  const first = await stage.untilAgreed();
  await first.leader.invoke("store", "colour", "green");
  const control = first.leader === visible ? first.followers[0] : visible;
  await control?.page.bringToFront();
  const frozen = first.leader.nextPageEvent("freeze");
  await first.leader.page.setLifecycle("frozen");
  const { at } = await frozen;
  noteFailover("freeze", at, await stage.untilSucceeded(first.token));
  const second = await stage.untilAgreed(first.followers);
  await first.leader.page.setLifecycle("active");
  await stage.untilConverged();
  expect(await first.leader.invoke("entries")).toEqual([["colour", "green"]]);

  const { at: killedAt } = await stage.kill(second.leader);
  noteFailover("kill", killedAt, await stage.untilSucceeded(second.token));
  await stage.untilConverged();
  for (const tab of stage.tabs) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a peer keeps its page from being frozen, by its lock, unless the page may sleep", needs("freeze"), async ({ stage }) => {
  const awake = await stage.open();
  const sleepy = await stage.open({ keepAwake: false });
  await stage.untilAgreed();
  const names = await awake.page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name = "" }) => name) ?? [], null);
  for (const tab of [awake, sleepy]) expect(names.filter((name) => name.includes(`"${tab.status?.self}"`))).not.toEqual([]);
  const lock = "holding Web Lock";
  expect(await awake.page.freezingObstacles()).toContain(lock);
  expect(await sleepy.page.freezingObstacles()).not.toContain(lock);
});
