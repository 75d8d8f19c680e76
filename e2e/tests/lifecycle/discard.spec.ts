/**
 * Browsers that want memory throw the pages of hidden tabs away, without a word to the page. Shown again, the tab loads it anew.
 */
import { expect, needs, test } from "../../support/test.js";

test("a leader that is discarded is missed, and follows once it is shown again", needs("discard"), async ({ stage, noteFailover }) => {
  const discarded = await stage.open({ undriven: true });
  await discarded.until("to lead", ({ phase }) => phase === "leading");
  const [first, second] = await stage.openMany(2);
  if (first === undefined || second === undefined) throw new Error("There are two tabs.");
  const { leader, token } = await stage.untilAgreed();
  expect(leader).toBe(discarded);
  await first.invoke("store", "colour", "green");
  const { at } = await discarded.page.discard();
  noteFailover("discard", at, await stage.untilSucceeded(token));
  const { token: next } = await stage.untilAgreed([first, second]);
  await second.invoke("store", "size", 1);
  const shown = discarded.nextPageEvent("pageshow");
  await discarded.page.bringToFront();
  expect((await shown).persisted, "It is loaded anew").toBe(false);
  expect((await stage.untilAgreed()).token, "It deposes nobody").toEqual(next);
  await discarded.until("to have all that was written", ({ keys }) => keys === 2);
});

test("a follower that is discarded is no hindrance to anybody", needs("discard"), async ({ stage }) => {
  const tabs = await stage.openMany(2);
  const { token } = await stage.untilAgreed();
  const discarded = await stage.open({ undriven: true });
  await stage.untilAgreed();
  await tabs[0]?.page.bringToFront();
  await discarded.page.discard();
  await stage.untilAgreed(tabs);
  for (const tab of tabs) expect(await tab.invoke("append", "list", 1)).toMatchObject({ type: "reply", epoch: token.epoch });
  await discarded.page.bringToFront();
  expect((await stage.untilAgreed()).token).toEqual(token);
  await discarded.until("to have all that was written", ({ keys }) => keys === 1);
});
