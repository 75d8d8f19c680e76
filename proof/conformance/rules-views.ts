/**
 * Rules for what differs in the answers to the module's request `query`: what a peer knows of the others. Every field that differs
 * needs a rule of its own.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Facts } from "./facts.js";
import type { Divergence } from "./rule.js";
import { isMap, isTuple, listOf, same, type Term, type TermMap } from "./term.js";

export interface ViewRule {
  readonly id: string;
  readonly pattern: string;
  readonly reason: string;
  readonly source: string;
}

export const viewRules = [
  {
    id: "V1",
    pattern: "`candidates`: as configured there, those of them that are up here",
    reason: "here candidates are peers, not names: who may lead now; who of the list is not up stands in `down`",
    source: "ORACLE 7, DESIGN 4 (election.candidates)",
  },
  {
    id: "V2",
    pattern: "the same names in another order, in `alive`, `candidates` or `workers`",
    reason:
      "here the order is the rank: who holds state and is in step goes before the order of the list, which is the order given and not that of the names",
    source: "DESIGN 3 (who contends), ORACLE 1 (the revival sorts)",
  },
  {
    id: "V3",
    pattern: "`alive` and `down`: wrong there on a peer that does not lead, what is true here",
    reason:
      "a follower of the original resets its view at each election and hears of changes only with a broadcast: the living stay down for ever, the dead alive; here it is true on followers too",
    source: "ORACLE 7 (reliable on the leader only), case 29",
  },
  {
    id: "V4",
    pattern: "no answer of the module there, the whole view here, in version 1.0 and the rewrite",
    reason: "their handle_call is not given the election, or it cannot be asked; here every callback has it",
    source: "ORACLE 3 (C adds E) and 7",
  },
  {
    id: "V5",
    pattern: "`alive`, here with the workers that are up, which are not listed there",
    reason: "the revival's alive covers candidates only; here it covers every peer that is up",
    source: "ORACLE 7, case 29",
  },
] as const satisfies readonly ViewRule[];

type ViewRuleId = (typeof viewRules)[number]["id"] | "K1";

/** The rules that explain an answer to `query`, one for each field that differs; `null` if one has none, or it is no such answer. */
export function explainView(difference: Difference, facts: Facts, divergences: readonly Divergence[]): readonly ViewRuleId[] | null {
  if (difference.kind !== "result" || facts.asked(difference.step)?.request !== "query") return null;
  const [there, here] = [viewIn(difference.there), viewIn(difference.here)];
  if (there === null || here === null) return null;
  if (Object.keys(there).length === 0) return facts.script.trace.version === "rev" ? null : ["V4"];
  const rules = new Set<ViewRuleId>();
  const up = running(facts, difference);
  for (const field of new Set([...Object.keys(there), ...Object.keys(here)])) {
    const [one, other] = [there[field], here[field]];
    if (same(one, other)) continue;
    if (field === "leader") {
      const led = divergences.some(({ name, leader }) => name === difference.name && leader === true);
      const { name, step } = difference;
      if (!led || facts.leader("there", name, step) !== one || facts.leader("here", name, step) !== other) return null;
      rules.add("K1");
      continue;
    }
    const [names, ours] = [namesIn(one), namesIn(other)];
    if (names === null || ours === null) return null;
    if (sameNames(names, ours)) rules.add("V2");
    else if (
      field === "candidates" &&
      sameNames(
        names.filter((name) => up.has(name)),
        ours,
      )
    )
      rules.add("V1");
    else if (
      field === "alive" &&
      sameNames(
        names,
        ours.filter((name) => !facts.isWorker(difference.name, name)),
      ) &&
      ours.every((name) => up.has(name))
    )
      rules.add("V5");
    else if (
      (field === "alive" || field === "down") &&
      isTrue(field, ours, up) &&
      facts.leader("there", difference.name, difference.step) !== difference.node
    )
      rules.add("V3");
    else return null;
    if (
      field === "candidates" &&
      rules.has("V1") &&
      !sameOrder(
        names.filter((name) => up.has(name)),
        ours,
      )
    )
      rules.add("V2");
  }
  return [...rules];
}

function viewIn(result: Term | null): TermMap | null {
  const value = isTuple(result) && result[0] === "returned" ? result[1] : null;
  return isMap(value) ? value : null;
}

function namesIn(term: Term | undefined): readonly string[] | null {
  const those = term === undefined ? null : isTuple(term) ? term : listOf(term);
  return those === null ? null : those.filter((name) => typeof name === "string");
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.join() === b.join();
}

/** Who of the name is up after the step, on this side of a cut: by what the script did, and by what ended here. */
function running(facts: Facts, { name, node, step }: Difference): ReadonlySet<string> {
  const up = new Set<string>();
  for (const [place, { stimulus }] of facts.script.steps.slice(0, step).entries()) {
    if (stimulus.does === "start" && stimulus.name === name) up.add(stimulus.node);
    if (stimulus.does === "kill" || stimulus.does === "freeze") up.delete(stimulus.node);
    if (stimulus.does === "thaw") up.add(stimulus.node);
    if (stimulus.does === "kill-process" && stimulus.name === name) up.delete(stimulus.node);
    for (const seen of facts.here.seen)
      if (seen.step === place + 1 && seen.name === name && seen.what.type === "exit") up.delete(seen.node);
  }
  const cut = facts.steps("network").findLast(({ place }) => place <= step)?.stimulus.cut ?? [];
  for (const [a, b] of cut) {
    if (a === node) up.delete(b);
    if (b === node) up.delete(a);
  }
  return up;
}

function isTrue(field: "alive" | "down", names: readonly string[], up: ReadonlySet<string>): boolean {
  return field === "alive" ? sameNames(names, [...up]) : names.every((name) => !up.has(name));
}
