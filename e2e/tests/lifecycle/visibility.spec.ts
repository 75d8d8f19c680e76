/**
 * Peers that had rather lead in a page that a person sees.
 */
import type { Stage } from "../../support/stage.js";
import type { Tab } from "../../support/tab.js";
import { expect, test } from "../../support/test.js";

/** Puts a tab in front, and waits until all know that it would be the best leader. */
async function show(stage: Stage, shown: Tab): Promise<void> {
  await shown.page.bringToFront();
  await Promise.all(stage.tabs.map((tab) => tab.until(`to rank ${shown.name} first`, ({ alive }) => alive[0] === shown.status?.self)));
}

test("the visible tab leads after an election, and after a hand-over when the leader is asked for one, with no call failed", async ({
  stage,
  noteFailover,
}) => {
  // One by one, so that the last is the youngest.
  for (let count = 0; count < 4; count += 1) {
    await stage.open({ prefer: "visible" });
    await stage.untilAgreed();
  }
  const first = await stage.untilAgreed();
  const [visible, other, third] = [...first.followers].reverse();
  if (visible === undefined || other === undefined || third === undefined) throw new Error("There are three followers.");
  await show(stage, third);
  await show(stage, visible);
  expect((await stage.untilConverged()).token, "To be seen deposes nobody").toEqual(first.token);
  const { at, done } = stage.close(first.leader);
  const elected = await stage.untilSucceeded(first.token);
  noteFailover("close", at, elected);
  await done;
  expect(elected.peer, "The visible one, though others are older").toBe(visible.status?.self);
  await stage.untilAgreed();

  await show(stage, other);
  await Promise.all([other, third].map((tab) => tab.invoke("startLoad", "list")));
  await stage.journal.untilRecords("forty calls to be answered", 40, "accepted");
  await visible.invoke("stepDown", null);
  const handedOver = await stage.untilSucceeded(elected.token);
  expect(handedOver.peer, "The one that is visible now").toBe(other.status?.self);
  await stage.journal.untilRecords("forty more", 40, "accepted");
  const reports = await Promise.all([other, third].map((tab) => tab.invoke("finishLoad")));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);

  // Who has just stepped down ranks last for a while, seen or not.
  for (const tab of [third, other, third, other]) await show(stage, tab);
  expect((await stage.untilConverged()).token, "Whoever looks from tab to tab moves no leader").toEqual(handedOver.token);
  expect(stage.journal.recordsOf("elected")).toHaveLength(3);
});
