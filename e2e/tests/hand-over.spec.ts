/**
 * Leadership is handed over on purpose: no call is dropped, whatever the load.
 */
import { wallTime } from "../pages/src/records.js";
import { expect, test } from "../support/test.js";

test("leadership goes round five tabs under load, and no call is lost", async ({ stage, noteFailover }) => {
  const tabs = await stage.openMany(5);
  let { leader, followers, token } = await stage.untilAgreed();
  await Promise.all(tabs.map((tab) => tab.invoke("startLoad", "list")));
  for (const _ of tabs) {
    await stage.journal.untilRecords("fifty calls to be answered", 50, "accepted");
    const [successor] = followers;
    const at = wallTime();
    const stepped = leader.invoke("stepDown", successor?.status?.self ?? null);
    const elected = await stage.untilSucceeded(token);
    noteFailover("hand-over", at, elected);
    await stepped;
    expect(elected.peer, "The named successor leads").toBe(successor?.status?.self);
    ({ leader, followers, token } = await stage.untilAgreed());
  }
  const reports = await Promise.all(tabs.map((tab) => tab.invoke("finishLoad")));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  await stage.untilConverged();
  const acknowledged = reports.flatMap((report) => report.acknowledged);
  for (const tab of tabs) {
    const list = new Map(await tab.invoke("entries")).get("list");
    expect(list, "Each call took effect once").toHaveLength(acknowledged.length);
    for (const { peer, acknowledged: own } of reports)
      expect(Array.isArray(list) ? list.filter((value) => String(value).startsWith(`${peer}/`)) : list).toEqual(own);
  }
});

test("a leader that steps down without naming anybody does not lead again at once", async ({ stage }) => {
  await stage.openMany(3);
  const { leader, token } = await stage.untilAgreed();
  await leader.invoke("stepDown", null);
  const next = await stage.untilAgreed();
  expect(next.leader).not.toBe(leader);
  expect(next.token.epoch).toBeGreaterThan(token.epoch);
});

test("a leader that stops leaves at once, and the others go on", async ({ stage }) => {
  await stage.openMany(3);
  const { leader, followers, token } = await stage.untilAgreed();
  await leader.invoke("stop");
  const next = await stage.untilAgreed(followers);
  expect(next.token.epoch).toBeGreaterThan(token.epoch);
  // Tabs tell what happens each in its own time.
  await leader.until("to have ended", ({ running }) => !running);
});
