/**
 * Five tabs start at one moment, again and again. Every time one of them leads in the end, and never do two with one token,
 * which the checker of the log looks for.
 */
import type { Tab } from "../support/tab.js";
import { expect, test } from "../support/test.js";

const starts = Number(process.env.GEN_LEADER_STARTS ?? "10");

test("simultaneous starts of five tabs, again and again", async ({ stage }) => {
  test.setTimeout(30_000 + starts * 10_000);
  const tabs = await stage.openMany(5, { start: "later" });
  for (let round = 0; round < starts; round += 1) {
    const cluster = `${stage.cluster}-${round}`;
    await Promise.all(tabs.map((tab) => tab.load(cluster)));
    await Promise.all(tabs.map((tab) => tab.start()));
    const { token } = await stage.untilAgreed(tabs, cluster);
    await expectReply(tabs, cluster, token.epoch);
  }
});

test("five tabs that are loaded at one moment, again and again", async ({ stage }) => {
  test.setTimeout(30_000 + starts * 10_000);
  const tabs = await stage.openMany(5);
  await stage.untilAgreed();
  for (let round = 0; round < starts; round += 1) {
    const cluster = `${stage.cluster}-${round}`;
    await Promise.all(tabs.map((tab) => tab.load(cluster)));
    const { token } = await stage.untilAgreed(tabs, cluster);
    await expectReply(tabs, cluster, token.epoch);
  }
});

/** Nobody is stuck: each tab's call is answered by the one leader. */
async function expectReply(tabs: readonly Tab[], cluster: string, epoch: number): Promise<void> {
  const replies = await Promise.all(tabs.map((tab) => tab.invokeOf(cluster, "append", "list", tab.name)));
  for (const reply of replies) expect(reply).toMatchObject({ type: "reply", epoch });
}
