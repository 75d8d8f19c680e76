/**
 * Rules for what differs in who leads and what survives: instant restarts, splits, frozen leaders, deaths that are told.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Callback, Facts } from "./facts.js";
import type { Rule } from "./rule.js";

function onlyThere(difference: Difference): Callback | null {
  return difference.kind === "order" && difference.here === null && difference.there?.type === "callback" ? difference.there : null;
}

function onlyHere(difference: Difference): Callback | null {
  return difference.kind === "order" && difference.there === null && difference.here?.type === "callback" ? difference.here : null;
}

function isEmpty(state: Callback["state"]): boolean {
  return state === null || Object.keys(state).length === 0;
}

export const leadingRules: readonly Rule[] = [
  {
    id: "L1",
    pattern: "there only: `elected` with an empty dictionary at a peer that was restarted at once, while others kept one with entries",
    reason:
      "elections of the original ignore who has data: a leader that is restarted at once wins blank and overwrites everybody; here who holds state goes before who is blank",
    source: "ORACLE defect 3, case 33",
    explain(difference, facts) {
      const what = onlyThere(difference);
      const { name, node, step } = difference;
      if (what?.cb !== "elected" || !isEmpty(what.state)) return false;
      const restarted =
        facts.killed(name, node, 1, step) &&
        facts.steps("start").some(({ place, stimulus }) => place <= step && place > 1 && stimulus.name === name && stimulus.node === node);
      const kept = facts.script.nodes.some((other) =>
        facts.callbacks("there", name, other).some(({ what: { state }, step: at }) => other !== node && at <= step && !isEmpty(state)),
      );
      return restarted && kept && { leader: true, state: true };
    },
  },
  {
    id: "L2",
    pattern: "after a split has healed: another one is elected, surrenders, or stays leader",
    reason:
      "the original lets the first of the list win and drops what the other side wrote, or keeps two leaders for ever; here the larger token wins, and who loses broadcasts is told which",
    source: "ORACLE 6.3 (netsplit repair), defect 5, case 35",
    explain(difference, facts) {
      const what = onlyThere(difference) ?? onlyHere(difference);
      if (what?.cb !== "elected" && what?.cb !== "surrendered") return false;
      const { name, step } = difference;
      const networks = facts.steps("network");
      const healed = networks.some(
        ({ place, stimulus }) => place <= step && place > (networks[0]?.place ?? Infinity) && stimulus.cut.length === 0,
      );
      return healed && facts.rolesDiffer(name, step) && { leader: true, state: true };
    },
  },
  {
    id: "L3",
    pattern: "there only: a leader's callback at a peer that was frozen as leader and has thawed, which follows here",
    reason:
      "a thawed leader of the original carries on: it answers old calls, broadcasts unfenced, and may win again over what was acknowledged since; here it steps down first",
    source: "ORACLE 8 (untagged messages), defects 5 and 13, case 34",
    explain(difference, facts) {
      const what = onlyThere(difference);
      if (what === null || !["elected", "handle_leader_call", "handle_leader_cast", "handle_DOWN"].includes(what.cb)) return false;
      const { name, node, step } = difference;
      const frozen = facts
        .steps("freeze")
        .find(({ stimulus, place }) => stimulus.node === node && facts.role("there", name, node, place) === "leads");
      const thawed = facts
        .steps("thaw")
        .some(({ stimulus, place }) => stimulus.node === node && place <= step && place > (frozen?.place ?? Infinity));
      return thawed && facts.role("here", name, node, step) === "follows" && { leader: true, state: true };
    },
  },
  {
    id: "L4",
    pattern:
      "here only: `handle_DOWN(N)` of an N that had died or was cut off, in version 1.0 at the successor of the leader N, in the rewrite anywhere; and what it broadcasts",
    reason:
      "version 1.0 does not tell a successor of the leader before it, the rewrite tells nobody of anything; here handleDown runs for every peer that is gone, as in the revival",
    source: "ORACLE 3 (handle_DOWN), cases 27 and 28",
    explain(difference, facts) {
      const what = onlyHere(difference);
      const { name, step } = difference;
      if (what?.cb !== "handle_DOWN" || facts.script.trace.version === "rev") return false;
      const [node] = what.args;
      return typeof node === "string" && isGone(facts, name, node, step, difference.node);
    },
  },
  {
    id: "L5",
    pattern: "here only: `handle_DOWN(W)` of a worker W that had died",
    reason: "the revival calls handle_DOWN for candidates only; here workers are covered",
    source: "ORACLE 3, defect 11, case 29",
    explain(difference, facts) {
      const what = onlyHere(difference);
      const { name, step } = difference;
      if (what?.cb !== "handle_DOWN") return false;
      const [node] = what.args;
      return typeof node === "string" && facts.isWorker(name, node) && isGone(facts, name, node, step, difference.node);
    },
  },
  {
    id: "L6",
    pattern: "the same `handle_DOWN(N)` or `elected(J)` on both sides, in another order among those of other peers at the same step",
    reason: "of peers that die or join at the same time, who is heard of first is a race",
    source: "ORACLE 10 (repeated runs differ in interleaving)",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.there?.type !== "callback" || difference.here?.type !== "callback") return false;
      const { there, here, name, node, step } = difference;
      if (there.cb !== here.cb || (there.cb !== "handle_DOWN" && there.cb !== "elected") || there.args[0] !== here.args[0]) return false;
      const others = facts.callbacks("there", name, node).filter(({ what, step: at }) => at === step && what.cb === there.cb);
      return new Set(others.map(({ what }) => String(what.args[0]))).size > 1 && JSON.stringify(there.state) === JSON.stringify(here.state);
    },
  },
  {
    id: "M1",
    pattern: "the replay ends at the recording's first `block`, on a medium that cannot be split; all before it is compared",
    reason: "threads of one process hear each other or are dead; the split is replayed over the simulator",
    source: "DESIGN 3 (media)",
    explain: (difference) => difference.kind === "not-replayed" && difference.why === "the medium cannot split",
  },
];

/** Whether the script killed it or cut it off, or it ended by itself here, after its last start. */
function isGone(facts: Facts, name: string, node: string, step: number, seenFrom: string): boolean {
  if (facts.apart(seenFrom, node, step)) return true;
  const start = facts.steps("start").findLast(({ stimulus, place }) => stimulus.name === name && stimulus.node === node && place <= step);
  if (facts.ended("here", name, node, 1) !== null) return true;
  return facts.killed(name, node, 1, step) || (start !== undefined && facts.killed(name, node, start.place, step));
}
