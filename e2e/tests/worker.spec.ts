/**
 * The leader runs in a dedicated worker of its page, so that the page may be as busy as it likes, or in a shared worker of several pages.
 */
import type { PeerHost } from "../pages/src/main.js";
import type { Stage } from "../support/stage.js";
import { expect, needs, test } from "../support/test.js";

test("a peer in a dedicated worker leads tabs, and others follow when the worker is terminated", async ({ stage, noteFailover }) => {
  const { leader: host, others, token } = await stage.openLeader({ host: "worker" }, 4);
  await others[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  const at = await host.terminateWorker();
  noteFailover("terminate", at, await stage.untilSucceeded(token));
  await stage.untilConverged(others);
  for (const tab of others) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

/** Has the page of a leader that runs in a worker hang, while another tab goes on writing. */
async function hangPage(stage: Stage, host: PeerHost): Promise<void> {
  const { leader, others, token } = await stage.openLeader({ host }, 1);
  const end = leader.nextHang("end");
  await leader.hang(4000);
  const written: number[] = [];
  let hangs = true;
  void end.then(() => {
    hangs = false;
  });
  while (hangs) {
    expect(await others[0]?.invoke("append", "list", written.length)).toMatchObject({ type: "reply", epoch: token.epoch });
    written.push(written.length);
  }
  expect(written.length).toBeGreaterThan(10);
  const after = await stage.untilConverged();
  expect(after.leader).toBe(leader);
  expect(after.token).toEqual(token);
}

test("a leader in a dedicated worker does not mind that its page hangs", needs("independent workers"), async ({ stage }) => {
  await hangPage(stage, "worker");
});

test("a leader in a shared worker does not mind that its page hangs", needs("independent workers"), async ({ stage }) => {
  await hangPage(stage, "shared worker");
});

test("five tabs with their peers in dedicated workers agree, and survive the termination of one after the other", async ({
  stage,
  noteFailover,
}) => {
  await stage.openMany(5, { host: "worker" });
  let { leader, followers, token } = await stage.untilAgreed();
  while (followers.length > 0) {
    const at = await leader.terminateWorker();
    noteFailover("terminate", at, await stage.untilSucceeded(token));
    ({ leader, followers, token } = await stage.untilAgreed(followers));
  }
});

test("a peer in a shared worker leads tabs, and is missed when its last page is closed", async ({ stage, noteFailover }) => {
  const { leader: host, others, token } = await stage.openLeader({ host: "shared worker" }, 2);
  await others[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  const { at, done } = stage.close(host);
  noteFailover("close", at, await stage.untilSucceeded(token));
  await done;
  await stage.untilConverged();
  for (const tab of others) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a leader in a shared worker outlives the page that started it", needs("lasting shared workers"), async ({ stage }) => {
  const first = await stage.open({ host: "shared worker", priority: 5 });
  await first.until("to lead", ({ phase }) => phase === "leading");
  const other = await stage.open();
  await stage.untilAgreed();
  const second = await stage.open({ host: "shared worker", priority: 5 });
  const { leader, token } = await stage.untilAgreed([second, other]);
  expect(leader).toBe(second);
  await other.invoke("startLoad", "list");
  await stage.journal.untilRecords("fifty calls to be answered", 50, "accepted");
  await stage.close(first).done;
  await stage.journal.untilRecords("two hundred more", 200, "accepted");
  expect((await other.invoke("finishLoad")).failed).toEqual([]);
  expect((await stage.untilConverged()).token).toEqual(token);
  expect(stage.journal.recordsOf("elected")).toHaveLength(1);
});
