/**
 * What follows once two runs are different runs for a reason that a rule has given: another leads, the dictionaries differ, a server
 * ended on one side only. Each looks at what is different, not only at when.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Callback, Side } from "./facts.js";
import type { FollowRule } from "./rule.js";
import { isTuple, print, same, type Term, tagOf } from "./term.js";

const leaders = ["elected", "handle_leader_call", "handle_leader_cast", "handle_DOWN"];

function returned(result: Term | null): Term | undefined {
  return isTuple(result) && result[0] === "returned" ? result[1] : undefined;
}

/** The callback and the side of a difference that has one side only. */
function oneSided(difference: Difference): { readonly side: Side; readonly what: Callback } | null {
  if (difference.kind !== "order") return null;
  const { there, here } = difference;
  if (there?.type === "callback" && here === null) return { side: "there", what: there };
  return here?.type === "callback" && there === null ? { side: "here", what: here } : null;
}

export const followRules: readonly FollowRule[] = [
  {
    id: "K1",
    pattern:
      "after another one came to lead: what a leader runs where it leads, what a follower runs where it follows; `self` answered by another leader",
    reason: "the same operations, run by whoever leads on either side",
    source: "follows from the rule that explains the other leader",
    follows(difference, facts, { leader }) {
      if (leader !== true) return false;
      const { name, node, step } = difference;
      const leads = (side: Side, who: Term | undefined) => typeof who === "string" && facts.role(side, name, who, step) === "leads";
      if (difference.kind === "result") {
        const [there, here] = [returned(difference.there), returned(difference.here)];
        return tagOf(facts.asked(step)?.request) === "self" && leads("there", there) && leads("here", here);
      }
      const one = oneSided(difference);
      if (one === null) return false;
      const other: Side = one.side === "there" ? "here" : "there";
      if (!facts.rolesDiffer(name, step)) return false;
      if (one.what.cb === "handle_leader_call" || one.what.cb === "handle_leader_cast")
        // It ran on the other side as well, at whoever leads there.
        return facts.ran(other, name, one.what.cb, ({ args }, seen) => same(args[0], one.what.args[0]) && seen.node !== node);
      if (leaders.includes(one.what.cb)) return facts.role(one.side, name, node, step) === "leads";
      return (
        one.what.cb === "surrendered" ||
        (one.what.cb === "from_leader" && !same(facts.leader(other, name, step), facts.leader(one.side, name, step)))
      );
    },
  },
  {
    id: "K2",
    pattern: "after the dictionaries came to differ: the same callback in another dictionary, another sync, another value read",
    reason: "the same operations on what either side has kept",
    source: "follows from the rule that explains the other dictionary",
    follows(difference, facts, { state }) {
      if (state !== true) return false;
      if (difference.kind === "result") {
        const reads = ["dict", "lookup"].includes(tagOf(facts.asked(difference.step)?.request) ?? "");
        return reads && returned(difference.there) !== undefined && returned(difference.here) !== undefined;
      }
      if (difference.kind !== "order" || difference.there?.type !== "callback" || difference.here?.type !== "callback") return false;
      const { there, here } = difference;
      if (there.cb !== here.cb) return false;
      return print(there.args[0]) === print(here.args[0]) || there.cb === "surrendered";
    },
  },
  {
    id: "K3",
    pattern: "after a server ended on one side only: its death is told there, its callers get noproc there, its calls run where it lives",
    reason: "what the others do about a peer that is gone, and what a peer does that is not",
    source: "follows from the rule that explains the end",
    follows(difference, facts, { ended }) {
      if (ended === undefined) return false;
      const { name, step } = difference;
      if (difference.kind === "result") {
        const result = ended.side === "there" ? difference.there : difference.here;
        if (difference.node === ended.node && same(result ?? undefined, ["exit", "noproc"])) return true;
        // Whoever called the one that is gone was told nothing.
        return same(result ?? undefined, ["exit", "timeout"]);
      }
      const one = oneSided(difference);
      if (one === null) return difference.node === ended.node;
      if (one.side === ended.side && (one.what.cb === "handle_DOWN" || one.what.cb === "elected") && same(one.what.args[0], ended.node))
        return true;
      if (difference.node === ended.node && (one.side !== ended.side || one.what.cb === "terminate")) return true;
      if (one.side !== ended.side && ["handle_leader_call", "from_leader"].includes(one.what.cb))
        return one.what.cb === "from_leader" || one.what.args[1] === `pid:${ended.node}` || isFrom(one.what.args[1], ended.node);
      // Who was the leader before: the others elect.
      return (
        one.side === ended.side &&
        ["elected", "surrendered", "handle_DOWN"].includes(one.what.cb) &&
        facts.role(one.side === "there" ? "here" : "there", name, ended.node, step) === "leads"
      );
    },
  },
  {
    id: "K4",
    pattern:
      "here only: callbacks at a peer that waits for ever there, and calls from it and what they broadcast; its clients are told timeout there, and answered here",
    reason: "a peer that takes part does what the others do",
    source: "follows from J6",
    follows(difference, facts, { stuck }) {
      if (stuck === undefined) return false;
      if (difference.kind === "result")
        return (
          difference.node === stuck && same(difference.there ?? undefined, ["exit", "timeout"]) && returned(difference.here) !== undefined
        );
      const one = oneSided(difference);
      if (one === null || one.side !== "here") return false;
      if (difference.node === stuck) return true;
      const [request = null, caller] = one.what.args;
      if (one.what.cb === "handle_leader_call") return isFrom(caller, stuck);
      return (
        one.what.cb === "from_leader" && facts.operations(difference.name, "leader_call", request).some(({ asked }) => asked.node === stuck)
      );
    },
  },
];

function isFrom(caller: Term | undefined, node: string): boolean {
  return same(caller, node) || (isTuple(caller) && same(caller[0], `pid:${node}`));
}
