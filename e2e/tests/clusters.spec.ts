/**
 * Several clusters in the same pages: each has its own leader, its own data and its own failures.
 */
import { expect, test } from "../support/test.js";

const peer = { peer: null, role: "candidate", priority: 0, keepAwake: true, prefersVisible: false } as const;

test("two clusters on one page are independent", async ({ stage }) => {
  const tabs = await stage.openMany(3);
  const other = `${stage.cluster}-other`;
  for (const tab of tabs) await tab.startPeer({ ...peer, cluster: other, namespace: "" });
  const first = await stage.untilAgreed();
  const second = await stage.untilAgreed(tabs, other);
  await tabs[0]?.invoke("store", "name", "first");
  await tabs[0]?.invokeOf(other, "store", "name", "second");
  await stage.untilConverged();
  await stage.untilConverged(tabs, other);
  for (const tab of tabs) {
    expect(await tab.invoke("entries")).toEqual([["name", "first"]]);
    expect(await tab.invokeOf(other, "entries")).toEqual([["name", "second"]]);
  }
  await second.leader.invokeOf(other, "stepDown", null);
  const third = await stage.untilAgreed(tabs, other);
  expect(third.token.epoch).toBeGreaterThan(second.token.epoch);
  expect((await stage.untilAgreed()).token, "The first cluster has not noticed").toEqual(first.token);
});

test("clusters of one name in two namespaces do not hear each other", async ({ stage }) => {
  const tabs = await stage.openMany(3);
  const users = ["ann", "bob"];
  for (const tab of tabs) for (const namespace of users) await tab.startPeer({ ...peer, cluster: stage.cluster, namespace });
  const keys = users.map((user) => `${user}/${stage.cluster}`);
  const agreements = await Promise.all(keys.map((key) => stage.untilAgreed(tabs, key)));
  for (const key of keys) await tabs[1]?.invokeOf(key, "store", "user", key);
  await Promise.all(keys.map((key) => stage.untilConverged(tabs, key)));
  for (const tab of tabs) {
    expect(await tab.invoke("entries")).toEqual([]);
    for (const key of keys) {
      expect(await tab.invokeOf(key, "entries")).toEqual([["user", key]]);
      const own = tabs.flatMap((other) => namesIn(other.statusOf(key)?.self ?? ""));
      const heard = (await tab.invokeOf(key, "log")).flatMap(({ text }) => namesIn(text));
      expect(heard.length).toBeGreaterThan(0);
      expect(own, "Whoever it heard of is of its own cluster").toEqual(expect.arrayContaining(heard));
    }
  }
  const ann = agreements[0];
  await ann?.leader.invokeOf(keys[0] ?? "", "stop");
  const rest = tabs.filter((tab) => tab !== ann?.leader);
  expect((await stage.untilAgreed(rest, keys[0])).token.epoch).toBeGreaterThan(ann?.token.epoch ?? 0);
  expect((await stage.untilAgreed(tabs, keys[1])).token).toEqual(agreements[1]?.token);
});

/** The names of the peers that a text tells of. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/([\w-]+)#\d+/g)].map(([, name]) => name ?? "");
}
