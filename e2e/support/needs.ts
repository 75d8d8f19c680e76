/**
 * Scenarios that not every engine can express say what they need; where it is missing they are left out, and the report says why.
 *
 * @module
 */
import { test as base, type TestInfo } from "@playwright/test";
import { type Ability, abilities, engineUnderTest, whyUnable } from "./engine.js";
import { browserAnnotation } from "./report.js";

const needed = "needs";

/** Notes in the report which browser a scenario ran in. */
export function noteBrowser(version: string, info: TestInfo): void {
  info.annotations.push({ type: browserAnnotation, description: version });
}

/** The details of a scenario that needs these abilities of the engine. */
export function needs(...wanted: readonly Ability[]) {
  return { annotation: wanted.map((description) => ({ type: needed, description })) };
}

/** Leaves the scenario out if the engine lacks this ability. */
export function leaveOutWithout(ability: Ability, info: TestInfo): void {
  const why = whyUnable(engineUnderTest(), ability);
  info.skip(why !== undefined, why);
}

/** The test function that leaves out what the engine cannot express, before anything is opened for it. */
export const test = base.extend<{ readonly able: undefined }>({
  able: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use, info) => {
      for (const { type, description } of info.annotations) {
        if (type !== needed) continue;
        const ability = abilities.find((name) => name === description);
        if (ability === undefined) throw new Error(`"${description}" is no ability of engines.`);
        leaveOutWithout(ability, info);
      }
      await use(undefined);
    },
    { auto: true },
  ],
});
