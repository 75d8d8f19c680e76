/**
 * The leader runs in a dedicated worker of its page, so that the page may be as busy as it likes, or in a shared worker of several pages.
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

test("a peer in a shared worker leads tabs, and is missed when its last page is closed", async ({ stage, noteFailover }) => {
  const host = await stage.open({ host: "shared worker", priority: 5 });
  await host.until("to lead", ({ phase }) => phase === "leading");
  const others = await stage.openMany(2);
  const { leader, token } = await stage.untilAgreed();
  expect(leader).toBe(host);
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
  await stage.close(first).done;
  expect(await other.invoke("store", "colour", "green")).toMatchObject({ type: "reply", epoch: token.epoch });
  expect((await stage.untilConverged()).token).toEqual(token);
  expect(await second.invoke("entries")).toEqual([["colour", "green"]]);
});
