/**
 * Tabs from where browsers have no Web Locks: heartbeats take their place, and say so.
 */
import type { Stage } from "../support/stage.js";
import { expect, needs, test } from "../support/test.js";

test.use({ insecure: true });

/** Three tabs that agree, opened one after the other: at once, each could lead until it hears the others. */
async function threeTabs(stage: Stage) {
  for (const _ of [1, 2, 3]) {
    await stage.open();
    await stage.untilAgreed();
  }
  const agreement = await stage.untilAgreed();
  await agreement.followers[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  return agreement;
}

test("without Web Locks, tabs agree on a leader and tell what that is worth", needs("insecure address"), async ({ stage }) => {
  const { leader, followers, token } = await threeTabs(stage);
  expect(await leader.page.evaluate(() => "locks" in navigator, null)).toBe(false);
  expect(await leader.invoke("guarantees")).toMatchObject({
    medium: "browser-without-locks",
    fence: "none",
    failureDetection: "heartbeat",
  });
  const { done } = stage.close(leader);
  await stage.untilSucceeded(token);
  await done;
  await stage.untilConverged();
  for (const tab of followers) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test(
  "without Web Locks, a leader whose renderer is killed is missed, and nothing is lost",
  needs("insecure address"),
  async ({ stage, noteFailover }) => {
    const { leader, followers, token } = await threeTabs(stage);
    const { at } = await stage.kill(leader);
    const call = followers[0]?.invoke("store", "size", 1, { timeoutMs: 30_000, retry: true });
    const elected = await stage.untilSucceeded(token);
    noteFailover("kill without locks", at, elected);
    expect(await call).toMatchObject({ type: "reply", value: undefined });
    await stage.untilConverged();
    for (const tab of followers)
      expect(await tab.invoke("entries")).toEqual([
        ["colour", "green"],
        ["size", 1],
      ]);
  },
);
