/**
 * Where a cluster ends: other windows, and browsers that refuse what the library needs.
 */
import { expect, test } from "../support/test.js";

test("tabs of a private window have a leader of their own", async ({ stage }) => {
  const tabs = await stage.openMany(2);
  const hidden = await stage.openMany(2, { window: "private", apart: true });
  const cluster = hidden[0]?.cluster;
  await stage.untilAgreed(tabs);
  await stage.untilAgreed(hidden, cluster);
  await tabs[0]?.invoke("store", "colour", "green");
  await hidden[0]?.invoke("store", "colour", "red");
  await stage.untilConverged(tabs);
  await stage.untilConverged(hidden, cluster);
  for (const tab of tabs) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
  for (const tab of hidden) expect(await tab.invoke("entries")).toEqual([["colour", "red"]]);
});

test("a page that is denied its channel is told so by a typed error, and disturbs nobody", async ({ stage }) => {
  const tabs = await stage.openMany(2);
  const { token } = await stage.untilAgreed();
  const denied = await stage.open({ start: "later" });
  await denied.page.evaluate(() => {
    const denied = {
      construct: () => {
        throw new DOMException("Channels are denied.", "SecurityError");
      },
    };
    globalThis.BroadcastChannel = new Proxy(BroadcastChannel, denied);
  }, null);
  expect(await denied.startRefused()).toEqual({ name: "UnsupportedRuntimeError", code: "unsupported-runtime" });
  expect((await stage.untilConverged(tabs)).token).toEqual(token);
});

test("a peer keeps nothing in its page's storage, and does without", async ({ stage, noteFailover }) => {
  const denied = await stage.open({ start: "later", priority: 5 });
  await denied.page.evaluate(() => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException("Storage is denied.", "SecurityError");
        },
      });
  }, null);
  await denied.start();
  const others = await stage.openMany(2);
  const { leader, token } = await stage.untilAgreed();
  expect(leader).toBe(denied);
  expect(await others[0]?.invoke("store", "colour", "green")).toMatchObject({ type: "reply", epoch: token.epoch });
  const { at, done } = stage.close(denied);
  noteFailover("close", at, await stage.untilSucceeded(token));
  await done;
  await stage.untilConverged();
  for (const tab of others) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});
