/**
 * Tabs that are reloaded all the time: a release of the app, a developer, a nervous user.
 */
import type { Tab } from "../support/tab.js";
import { expect, test } from "../support/test.js";

const reloads = 8;

test("a storm of reloads beside one calm tab loses nothing", async ({ stage }) => {
  const calm = await stage.open({ role: "worker" });
  const stormy = await stage.openMany(4);
  await stage.untilAgreed();
  await calm.invoke("startLoad", "list");
  await Promise.all(stormy.map((tab) => storm(tab)));
  const { acknowledged } = await calm.invoke("finishLoad");
  await stage.untilConverged();
  for (const tab of stage.tabs) {
    const list = new Map(await tab.invoke("entries")).get("list");
    expect(list).toEqual(expect.arrayContaining([...acknowledged]));
  }
});

test("five tabs that all reload all the time end with one leader", async ({ stage }) => {
  const tabs = await stage.openMany(5);
  await stage.untilAgreed();
  await Promise.all(tabs.map((tab) => storm(tab)));
  await stage.untilAgreed();
});

test("tabs that keep their names through reloads are not taken for their own doubles", async ({ stage }) => {
  const tabs = await Promise.all(["ann", "bob", "cyd"].map((peer) => stage.open({ peer })));
  await stage.untilAgreed();
  await Promise.all(tabs.map((tab) => storm(tab)));
  await stage.untilAgreed();
});

async function storm(tab: Tab): Promise<void> {
  for (let count = 0; count < reloads; count += 1) {
    await tab.reload();
    // Odd tabs reload as soon as they are loaded, even ones once their peer is up.
    if (Number(tab.name.slice(-1)) % 2 === 0) await tab.until("to run again", ({ running }) => running);
  }
}
