/**
 * Peers in frames of a page, and in windows that it has opened.
 */
import { expect, needs, test } from "../support/test.js";

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

test("a window that a page has opened is a peer like any other: it leads, and is missed when it is closed", async ({
  stage,
  noteFailover,
}) => {
  const { leader: opener, others, token } = await stage.openLeader({ host: "opened window", start: "later" }, 2);
  await others[0]?.invoke("store", "colour", "green");
  await stage.untilConverged();
  noteFailover("close", await opener.closeWindow(), await stage.untilSucceeded(token));
  await stage.untilConverged(others);
  for (const tab of others) expect(await tab.invoke("entries")).toEqual([["colour", "green"]]);
});

test("a window that hangs with the page that opened it is replaced for those who wait, and follows when both are back", async ({
  stage,
}) => {
  const { leader: opener, others, token } = await stage.openLeader({ host: "opened window", start: "later" }, 2);
  const end = opener.nextHang("end");
  await opener.hang(8000);
  const call = others[0]?.invoke("store", "colour", "green", { timeoutMs: 30_000, retry: true });
  const elected = await stage.untilSucceeded(token);
  expect(await call).toEqual({ type: "reply", value: undefined, epoch: elected.token.epoch });
  expect(elected.at, "It was replaced while it hung").toBeLessThan((await end).at);
  expect((await stage.untilConverged()).token).toEqual(elected.token);
  expect(await opener.invoke("entries")).toEqual([["colour", "green"]]);
  await opener.closeWindow();
  await stage.untilAgreed(others);
});

test(
  "a frame in a page of another site that is denied its locks is told so by a typed error, and disturbs nobody",
  needs("denied third-party locks"),
  async ({ stage }) => {
    const tabs = await stage.openMany(2);
    const { token } = await stage.untilAgreed();
    const framed = await stage.open({ host: "third-party frame", start: "later", apart: true });
    expect(await framed.startRefused()).toMatchObject({ name: "UnsupportedRuntimeError" });
    expect((await stage.untilConverged(tabs)).token).toEqual(token);
  },
);
