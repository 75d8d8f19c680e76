/**
 * Hidden tabs: their timers run once a second, later once a minute. That makes nobody suspect anybody.
 */
import { expect, test } from "../../support/test.js";

test("a throttled leader is not deposed, and throttled followers accuse nobody", async ({ stage }) => {
  await stage.openMany(3);
  const visible = await stage.open();
  const { leader, followers, token } = await stage.untilAgreed();
  const hidden = stage.tabs.filter((tab) => tab !== visible);
  expect(hidden).toContain(leader);
  // A page shows that it is throttled when its own timer has been late for 0.9 s, while its worker's went on.
  for (const tab of hidden) await tab.startPulse(900);
  await visible.page.bringToFront();
  await Promise.all(
    hidden.map((tab) => stage.journal.untilRecord(`${tab.name} to be throttled`, "throttled", (_, name) => name === tab.name, 0)),
  );
  await Promise.all(followers.map((tab) => tab.invoke("startLoad", "list")));
  // Three pages tell of every half second each.
  await Promise.all([
    stage.journal.untilRecords("five seconds", 30, "pulse"),
    stage.journal.untilRecords("a hundred calls to be answered", 100, "accepted"),
  ]);
  const reports = await Promise.all(followers.map((tab) => tab.invoke("finishLoad")));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  expect((await stage.untilConverged()).token).toEqual(token);
  expect(stage.journal.recordsOf("elected")).toHaveLength(1);
});

test("a hidden leader that dies is replaced by a hidden tab without waiting for a timer", async ({ stage, noteFailover }) => {
  await stage.openMany(4);
  const visible = await stage.open({ role: "worker" });
  const { leader, token } = await stage.untilAgreed();
  const hidden = stage.tabs.filter((tab) => tab !== visible);
  for (const tab of hidden) await tab.startPulse(900);
  await visible.page.bringToFront();
  await Promise.all(
    hidden.map((tab) => stage.journal.untilRecord(`${tab.name} to be throttled`, "throttled", (_, name) => name === tab.name, 0)),
  );
  const { at } = await stage.kill(leader);
  const ms = noteFailover("kill", at, await stage.untilSucceeded(token));
  expect(ms, "No throttled timer took part, which would have cost a second").toBeLessThan(900);
  await stage.untilConverged();
});
