/**
 * What a person needs who has to find out why a scenario failed: what was waited for, what every tab thinks, and the last
 * that its server noted of itself.
 *
 * @module
 */
import type { ServerEvent, Statistics } from "gen-leader";
import type { Stage } from "./stage.js";
import type { Tab } from "./tab.js";
import { within } from "./within.js";

/** How many of the last events of a server are shown. */
const shownEvents = 80;

/** How long a tab may take to tell; one that hangs tells nothing. */
const answerMs = 3000;

export async function diagnose(stage: Stage): Promise<string> {
  const { journal } = stage;
  const waited = journal.waitedFor.map((what) => `  waited for ${what}`);
  const acts = journal.entries.flatMap(({ tab, record }) => {
    if (record.type === "status" || record.type === "accepted" || record.type === "pulse") return [];
    const { at, ...rest } = record;
    return [`  ${at.toFixed(1)} ${tab} ${JSON.stringify(rest)}`];
  });
  const tabs = await Promise.all(stage.tabs.map((tab) => describeTab(tab)));
  const notes = stage.notes.map((note) => `  ${note}`);
  return ["Waiting:", ...waited, "Notes:", ...notes, "Records:", ...acts, ...tabs.flat()].join("\n");
}

async function describeTab(tab: Tab): Promise<readonly string[]> {
  const status = `${tab.name}: ${JSON.stringify(tab.status ?? "nothing told")}`;
  const inside = await within(Promise.all([tab.invoke("log"), tab.invoke("statistics")]), answerMs).catch(() => null);
  return [status, ...(inside === null ? ["  does not answer"] : printInside(...inside))];
}

function printInside(log: readonly ServerEvent[], statistics: Statistics): readonly string[] {
  return [...log.slice(-shownEvents).map(({ at, peer, text }) => `  ${at.toFixed(1)} ${peer} ${text}`), `  ${JSON.stringify(statistics)}`];
}
