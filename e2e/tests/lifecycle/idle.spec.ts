/**
 * A cluster that nobody needs anything of: it lets its pages sleep, and those in the back/forward cache stay there.
 */
import { cachesPages } from "../../support/engine.js";
import { besideTag } from "../../support/shares.js";
import type { Stage } from "../../support/stage.js";
import type { Tab } from "../../support/tab.js";
import { expect, test } from "../../support/test.js";

const idleSeconds = 60;

/** Waits for so many seconds as a page counts them that has no peer. */
async function pass(stage: Stage, clock: Tab, seconds: number): Promise<void> {
  await stage.journal.untilRecords(`${seconds} seconds of ${clock.name}`, seconds * 2, "pulse", (_, tab) => tab === clock.name);
}

const title = "in sixty idle seconds nobody posts anything, and nobody is woken more than once in ten seconds; what is cached stays cached";

test(title, { tag: besideTag }, async ({ stage }) => {
  test.setTimeout(60_000 + idleSeconds * 1000);
  const clock = await stage.open({ start: "later" });
  await clock.startPulse(Infinity);
  const tabs = await Promise.all(Array.from({ length: 6 }, () => stage.open({ counted: true })));
  const { followers } = await stage.untilAgreed(tabs);
  const [away] = followers;
  if (away === undefined) throw new Error("There are followers.");
  await away.leave();
  const idle = tabs.filter((tab) => tab !== away);
  const { token } = await stage.untilAgreed(idle);
  // What they compare after a change is done by then.
  await pass(stage, clock, 3);

  const before = await Promise.all(idle.map((tab) => tab.activity()));
  await pass(stage, clock, idleSeconds);
  const after = await Promise.all(idle.map((tab) => tab.activity()));
  for (const [index, { sent, woken }] of after.entries()) {
    expect(before[index]?.sent, "It was counted before").toBeGreaterThan(0);
    expect(sent - (before[index]?.sent ?? 0), "What it sent").toBe(0);
    expect(woken - (before[index]?.woken ?? 0), "How often it woke").toBeLessThanOrEqual(idleSeconds / 10);
  }

  expect((await away.comeBack()).persisted, "It comes back from the cache where there is one").toBe(cachesPages());
  expect(stage.notes, "No reason why it should not have").toEqual([]);
  expect((await stage.untilAgreed(tabs)).token).toEqual(token);
});
