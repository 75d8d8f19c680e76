/**
 * Two releases of one page at once, and one page with the library in it twice.
 */
import { release } from "../support/site.js";
import { expect, test } from "../support/test.js";

test("two releases of the page are one cluster, through a hand-over from one to the other and a tab that changes", async ({ stage }) => {
  const [first, second] = await stage.openMany(2);
  if (first === undefined || second === undefined) throw new Error("There are two tabs.");
  const { leader: old } = await stage.untilAgreed();
  await old.invoke("store", "colour", "green");
  const next = await stage.open({ release: "next" });
  const before = await stage.untilConverged();
  expect(before.leader, "A newcomer deposes nobody").toBe(old);
  expect(await next.invoke("entries"), "The next release has what the last one wrote").toEqual([["colour", "green"]]);
  const [followed] = stage.journal.recordsOf("surrendered").filter(({ tab }) => tab === next.name);
  expect(followed?.record.version, "It knows that it follows the last release").toBe(release.present);
  expect(await next.invoke("append", "list", 1)).toMatchObject({ type: "reply", epoch: before.token.epoch });

  await old.invoke("stepDown", next.status?.self ?? null);
  const elected = await stage.untilSucceeded(before.token);
  expect(elected.peer).toBe(next.status?.self);
  const other = old === first ? second : first;
  expect(await other.invoke("append", "list", 2)).toMatchObject({ type: "reply", epoch: elected.token.epoch });
  await stage.untilConverged();
  const versions = stage.journal
    .recordsOf("surrendered")
    .filter(({ record }) => record.token.epoch === elected.token.epoch)
    .map(({ record }) => record.version);
  expect(versions, "Those of the last release know that they follow the next").toEqual([release.next, release.next]);

  await old.loadNextRelease();
  const after = await stage.untilConverged();
  expect(after.token, "To change deposes nobody").toEqual(elected.token);
  await stage.close(next).done;
  await stage.untilSucceeded(elected.token);
  await stage.untilConverged();
  const entries = [
    ["colour", "green"],
    ["list", [1, 2]],
  ];
  for (const tab of stage.tabs) expect(await tab.invoke("entries")).toEqual(entries);
});

test("a page that has the library twice is two peers, either of which may lead", async ({ stage }) => {
  const [tab, other] = await stage.openMany(2);
  if (tab === undefined || other === undefined) throw new Error("There are two tabs.");
  const { token } = await stage.untilAgreed();
  const copy = await tab.startCopy();
  const peers = [tab, copy, other];
  const { leader } = await stage.untilConverged(peers);
  expect(leader, "A newcomer deposes nobody").not.toBe(copy);
  await copy.invoke("store", "colour", "green");
  await leader.invoke("stepDown", copy.status?.self ?? null);
  const elected = await stage.untilSucceeded(token);
  expect(elected.peer).toBe(copy.status?.self);
  expect(await tab.invoke("store", "size", 1)).toMatchObject({ type: "reply", epoch: elected.token.epoch });
  await stage.untilConverged(peers);
  const entries = [
    ["colour", "green"],
    ["size", 1],
  ];
  for (const peer of peers) expect(await peer.invoke("entries")).toEqual(entries);
  await copy.invoke("stop");
  await stage.untilSucceeded(elected.token);
  await stage.untilConverged();
  await stage.close(tab).done;
  await stage.untilConverged();
  expect(await other.invoke("entries")).toEqual(entries);
});
