/**
 * Hidden tabs: their timers run once a second, later once a minute. That makes nobody suspect anybody.
 */
import type { Stage } from "../../support/stage.js";
import type { Tab } from "../../support/tab.js";
import { expect, needs, test } from "../../support/test.js";

/**
 * Hides tabs behind another and waits until each shows that it is throttled: its own timer has been late for `gapMs`, while its worker's
 * went on. Each was seen once, since Chromium throttles less what never was.
 */
async function hide(stage: Stage, hidden: readonly Tab[], visible: Tab, gapMs: number): Promise<void> {
  for (const tab of hidden) await tab.startPulse(gapMs);
  for (const tab of [...hidden, visible]) await tab.page.bringToFront();
  await Promise.all(
    hidden.map((tab) => stage.journal.untilRecord(`${tab.name} to be throttled`, "throttled", (_, name) => name === tab.name, 0)),
  );
}

test("a throttled leader is not deposed, and throttled followers accuse nobody", async ({ stage }) => {
  await stage.openMany(3);
  const visible = await stage.open();
  const { leader, followers, token } = await stage.untilAgreed();
  const hidden = stage.tabs.filter((tab) => tab !== visible);
  expect(hidden).toContain(leader);
  await hide(stage, hidden, visible, 900);
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

test(
  "tabs whose timers run once a minute work together, and replace their leader at once",
  needs("intensive throttling"),
  async ({ stage, noteFailover }) => {
    await stage.openMany(4);
    const visible = await stage.open({ role: "worker" });
    const { leader, followers, token } = await stage.untilAgreed();
    const hidden = stage.tabs.filter((tab) => tab !== visible);
    await hide(stage, hidden, visible, 5000);
    const reports = await Promise.all(followers.map((tab) => tab.invoke("load", "list", 20)));
    expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
    expect((await stage.untilConverged()).token).toEqual(token);
    const { at } = await stage.kill(leader);
    const ms = noteFailover("kill", at, await stage.untilSucceeded(token));
    expect(ms, "No throttled timer took part, which would have cost many seconds").toBeLessThan(5000);
    await stage.untilConverged();
    for (const tab of stage.tabs) expect(new Map(await tab.invoke("entries")).get("list")).toHaveLength(80);
  },
);
