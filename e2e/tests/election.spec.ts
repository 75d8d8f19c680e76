/**
 * Several tabs of one browser: who leads, who follows, what a latecomer finds.
 */
import { expect, test } from "../support/test.js";

test("exactly one of five tabs leads, and each tab is a process of its own", async ({ stage }) => {
  const tabs = await stage.openMany(5);
  const { leader, followers } = await stage.untilAgreed();
  expect(followers).toHaveLength(4);
  expect(new Set(await stage.processes(tabs)).size).toBe(5);
  expect(leader.status?.leader).toBe(leader.status?.self);
});

test("a late tab has the state", async ({ stage }) => {
  const [first] = await stage.openMany(2);
  const { token } = await stage.untilAgreed();
  await first?.invoke("store", "colour", "green");
  await first?.invoke("append", "list", "one");
  await first?.invoke("append", "list", "two");
  const late = await stage.open();
  const agreement = await stage.untilConverged();
  expect(agreement.token, "A newcomer deposes nobody").toEqual(token);
  expect(await late.invoke("entries")).toEqual([
    ["colour", "green"],
    ["list", ["one", "two"]],
  ]);
  expect(await late.invoke("lookup", "colour")).toEqual({ type: "reply", value: "green", epoch: token.epoch });
});

test("writes from every tab are seen in all", async ({ stage }) => {
  const tabs = await stage.openMany(5);
  await stage.untilAgreed();
  const reports = await Promise.all(tabs.map((tab) => tab.invoke("load", "list", 20)));
  expect(reports.flatMap(({ failed }) => failed)).toEqual([]);
  await stage.untilConverged();
  const [copy, ...copies] = await Promise.all(tabs.map((tab) => tab.invoke("entries")));
  for (const other of copies) expect(other).toEqual(copy);
  const list = new Map(copy).get("list");
  expect(list).toEqual(expect.arrayContaining(reports.flatMap(({ acknowledged }) => acknowledged)));
  expect(list).toHaveLength(100);
});

test("a newcomer of higher priority does not depose a working leader", async ({ stage }) => {
  await stage.openMany(2);
  const { token } = await stage.untilAgreed();
  await stage.open({ priority: 10 });
  expect((await stage.untilAgreed()).token).toEqual(token);
});

test("a worker-role tab never leads", async ({ stage }) => {
  const worker = await stage.open({ role: "worker", priority: 100 });
  const stored = worker.invoke("store", "colour", "green", { timeoutMs: 30_000 });
  await worker.until("to run", ({ running }) => running);
  expect(worker.status?.leader).toBeNull();
  const candidate = await stage.open();
  const { leader } = await stage.untilAgreed();
  expect(leader).toBe(candidate);
  expect(await stored).toMatchObject({ type: "reply" });

  await stage.close(candidate).done;
  await worker.until("to know no leader", ({ leader: known }) => known === null);
  const successor = await stage.open();
  expect((await stage.untilConverged()).leader).toBe(successor);
  expect(await successor.invoke("entries"), "The worker kept what the leader knew").toEqual([["colour", "green"]]);
  expect(stage.journal.recordsOf("elected").every(({ tab }) => tab !== worker.name)).toBe(true);
});
