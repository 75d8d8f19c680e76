/**
 * The table of mutants is sound, and one of them is caught from end to end.
 */
import { expect, test } from "vitest";
import { editedSource } from "../mutation/bundle.js";
import { huntsOf } from "../mutation/hunts.js";
import { editsOf } from "../mutation/mutants/mutant.js";
import { mutants } from "../mutation/mutants.js";
import { markedRules } from "../mutation/rules.js";
import { runMutant } from "../mutation/run-mutant.js";

test("every mutant can be made: what it replaces stands once in its file", () => {
  const broken = mutants.flatMap((mutant) => {
    const edits = editsOf(mutant);
    try {
      for (const { file } of edits) editedSource(file, edits);
      return [];
    } catch (error) {
      return [`${mutant.id}: ${String(error)}`];
    }
  });
  expect(broken).toEqual([]);
});

test("mutants have names of their own and change something", () => {
  expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
  expect(mutants.filter((mutant) => editsOf(mutant).some(({ from, to }) => from === to))).toEqual([]);
});

test("there are enough, and each marked rule of the design has one", () => {
  const broken = new Set(mutants.map(({ rule }) => rule));
  expect(mutants.length).toBeGreaterThanOrEqual(25);
  expect(markedRules.filter((rule) => !broken.has(rule))).toEqual([]);
});

test("the code as it is gives no cause for complaint, and a mutant does", { timeout: 30_000 }, async () => {
  const [hunt] = huntsOf(20);
  const mutant = mutants.find(({ id }) => id === "never-demonitors");
  if (hunt === undefined || mutant === undefined) throw new Error("There is nothing to run.");
  expect(await runMutant("test-control", [], [hunt])).toBeNull();
  expect(await runMutant("test-mutant", editsOf(mutant), [hunt])).toMatchObject({ checker: "nothing-left-behind", seed: 1 });
});
