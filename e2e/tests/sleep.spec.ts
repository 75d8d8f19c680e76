/**
 * All pages sleep, as when a laptop's lid is closed: none of their processes runs, and then all find their deadlines long past.
 */
import { expect, test } from "../support/test.js";

test("tabs that all sleep at once, with calls in flight, go on as they were: nobody is deposed, and no call fails", async ({ stage }) => {
  // It stays awake, and has no peer.
  const clock = await stage.open({ start: "later" });
  await clock.startPulse(Infinity);
  const tabs = await stage.openMany(5);
  const { followers, token } = await stage.untilAgreed(tabs);
  await Promise.all(followers.map((tab) => tab.invoke("startLoad", "list")));
  await stage.journal.untilRecords("a hundred calls to be answered", 100, "accepted");
  const wake = await stage.suspend(tabs);
  try {
    await stage.journal.untilRecords("ten seconds", 20, "pulse", (_, tab) => tab === clock.name);
  } finally {
    wake();
  }
  await stage.journal.untilRecords("a hundred more", 100, "accepted");
  const reports = await Promise.all(followers.map((tab) => tab.invoke("finishLoad")));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  expect((await stage.untilConverged(tabs)).token).toEqual(token);
  expect(stage.journal.recordsOf("elected")).toHaveLength(1);
  const times = stage.journal
    .recordsOf("accepted")
    .map(({ record }) => record.at)
    .sort((a, b) => a - b);
  const pauses = times.map((at, index) => at - (times[index - 1] ?? at));
  expect(Math.max(...pauses), "They really slept").toBeGreaterThan(5000);
});
