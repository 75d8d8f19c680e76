/**
 * Gives every difference the rules that explain it, and a verdict to the whole.
 *
 * @module
 */
import { compare, type Difference } from "./compare.js";
import { createFacts } from "./facts.js";
import type { Course } from "./records.js";
import type { Divergence } from "./rule.js";
import { callRules } from "./rules-calls.js";
import { followRules } from "./rules-consequences.js";
import { endingRules } from "./rules-endings.js";
import { joiningRules } from "./rules-joining.js";
import { leadingRules } from "./rules-leading.js";
import { explainView, viewRules } from "./rules-views.js";
import { burstOf, type Script } from "./script.js";

export interface Explained {
  readonly difference: Difference;
  /** The ids of the rules; none if nothing explains it. */
  readonly rules: readonly string[];
}

export interface Judgement {
  readonly verdict: "agree" | "explained" | "unexplained";
  readonly differences: readonly Explained[];
  /** How many differences each rule explains. */
  readonly rules: ReadonlyMap<string, number>;
}

const rootRules = [...joiningRules, ...callRules, ...endingRules, ...leadingRules];

/** All rules, as the document lists them. */
export const allRules: readonly { readonly id: string; readonly pattern: string; readonly reason: string; readonly source: string }[] = [
  ...rootRules,
  ...viewRules,
  ...followRules,
];

export function judge(script: Script, there: Course, here: Course): Judgement {
  const differences = compare(script, there, here);
  const facts = createFacts(script, there, here);
  const divergences: Divergence[] = [];
  const found = new Map<Difference, readonly string[]>();

  for (const difference of differences)
    for (const rule of rootRules) {
      const explanation = rule.explain(difference, facts);
      if (explanation === false) continue;
      found.set(difference, [rule.id]);
      if (explanation !== true)
        divergences.push({ ...explanation, rule: rule.id, name: difference.name, since: burstOf(script, difference.step) });
      break;
    }
  for (const difference of differences) {
    if (found.has(difference)) continue;
    const view = explainView(difference, facts, divergences);
    if (view !== null && view.length > 0) {
      found.set(difference, view);
      continue;
    }
    for (const rule of followRules) {
      const from = divergences.find(
        (divergence) =>
          divergence.name === difference.name && divergence.since <= difference.step && rule.follows(difference, facts, divergence),
      );
      if (from === undefined) continue;
      found.set(difference, [rule.id]);
      break;
    }
  }
  const explained = differences.map((difference) => ({ difference, rules: found.get(difference) ?? [] }));
  const rules = new Map<string, number>();
  for (const id of explained.flatMap(({ rules: ids }) => ids)) rules.set(id, (rules.get(id) ?? 0) + 1);
  const verdict = explained.length === 0 ? "agree" : explained.every(({ rules: ids }) => ids.length > 0) ? "explained" : "unexplained";
  return { verdict, differences: explained, rules };
}
