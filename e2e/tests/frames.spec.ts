/**
 * Peers in frames of a page.
 */
import { expect, test } from "../support/test.js";

test("frames of the same origin and tabs are one cluster, and a frame that leads is missed when its tab is closed", async ({
  stage,
  noteFailover,
}) => {
  const framed = await stage.open({ host: "frame", priority: 5 });
  await framed.until("to lead", ({ phase }) => phase === "leading");
  const others = await stage.openMany(2);
  await stage.open({ host: "frame" });
  const { leader, token } = await stage.untilAgreed();
  expect(leader).toBe(framed);
  await others[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  const { at, done } = stage.close(framed);
  noteFailover("close", at, await stage.untilSucceeded(token));
  await done;
  await stage.untilConverged();
  for (const tab of stage.tabs) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a sandboxed frame is of an origin of its own: it neither joins the cluster of its page's origin nor disturbs it", async ({
  stage,
}) => {
  const tabs = await stage.openMany(2);
  const { token } = await stage.untilAgreed(tabs);
  const sandboxed = await stage.open({ host: "sandboxed frame", apart: true });
  await sandboxed.until("to lead itself", ({ phase, alive }) => phase === "leading" && alive.length === 1);
  await tabs[0]?.invoke("store", "colour", "green");
  expect(await sandboxed.invoke("store", "colour", "red")).toMatchObject({ type: "reply" });
  expect((await stage.untilConverged(tabs)).token).toEqual(token);
  for (const tab of tabs) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
  expect(await sandboxed.invoke("entries")).toEqual([["colour", "red"]]);
});
