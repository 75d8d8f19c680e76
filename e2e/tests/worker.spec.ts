/**
 * The leader runs in a dedicated worker of its page, so that the page may be as busy as it likes.
 */
import { expect, needs, test } from "../support/test.js";

test("a peer in a dedicated worker leads tabs, and others follow when the worker is terminated", async ({ stage, noteFailover }) => {
  const host = await stage.open({ host: "worker", priority: 5 });
  await host.until("to lead", ({ phase }) => phase === "leading");
  const others = await stage.openMany(4);
  const { leader, token } = await stage.untilAgreed();
  expect(leader).toBe(host);
  await others[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  const at = await host.terminateWorker();
  noteFailover("terminate", at, await stage.untilSucceeded(token));
  await stage.untilConverged(others);
  for (const tab of others) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a leader in a dedicated worker does not mind that its page hangs", needs("independent workers"), async ({ stage }) => {
  const host = await stage.open({ host: "worker", priority: 5 });
  await host.until("to lead", ({ phase }) => phase === "leading");
  const [other] = await stage.openMany(1);
  const { token } = await stage.untilAgreed();
  const end = host.nextHang("end");
  await host.hang(4000);
  const written: number[] = [];
  let hangs = true;
  void end.then(() => {
    hangs = false;
  });
  while (hangs) {
    const reply = await other?.invoke("append", "list", written.length);
    expect(reply).toMatchObject({ type: "reply", epoch: token.epoch });
    written.push(written.length);
  }
  expect(written.length).toBeGreaterThan(10);
  const after = await stage.untilConverged();
  expect(after.leader).toBe(host);
  expect(after.token).toEqual(token);
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
