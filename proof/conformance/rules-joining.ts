/**
 * Rules for what differs when peers start and join.
 *
 * @module
 */
import { countOf, type Side } from "./facts.js";
import type { Rule } from "./rule.js";
import { burstOf, isInternal } from "./script.js";
import { isTuple, nodeOf, print, same, tagOf } from "./term.js";

export const joiningRules: readonly Rule[] = [
  {
    id: "J1",
    pattern: "there only: `elected(J)` once more for a join of J that had its `elected(J)` on both sides",
    reason: "the revival runs `elected` two to four times for a join; here exactly once",
    source: "ORACLE 3, defect 10, case 8",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null || difference.there?.type !== "callback") return false;
      const { there: what, name, node } = difference;
      if (what.cb !== "elected" || (what.args.length > 0 && what.args[0] === null)) return false;
      const joins = (side: "there" | "here") =>
        facts.callbacks(side, name, node).filter(({ what: other }) => other.cb === "elected" && same(other.args[0], what.args[0])).length;
      return joins("here") > 0 && joins("there") > joins("here");
    },
  },
  {
    id: "J2",
    pattern:
      "one side only: `elected(J)`, where J had been started in that burst and surrendered to the same leader on both sides; here once at most",
    reason: "whether a peer that starts during an election is halted in it or joins after it is a race; it gets the same sync either way",
    source: "ORACLE 10 (repeated runs differ in interleaving: start races)",
    explain(difference, facts) {
      if (difference.kind !== "order" || (difference.there !== null && difference.here !== null)) return false;
      const what = difference.there ?? difference.here;
      if (what?.type !== "callback" || what.cb !== "elected" || typeof what.args[0] !== "string") return false;
      const { name, step, node } = difference;
      const joiner = what.args[0];
      const start = facts
        .steps("start")
        .findLast(({ place, stimulus }) => place <= step && stimulus.name === name && stimulus.node === joiner);
      const surrender = (side: Side) =>
        facts
          .callbacks(side, name, joiner)
          .find(({ what: other, step: at }) => other.cb === "surrendered" && at >= (start?.place ?? Infinity));
      const side: Side = difference.there === null ? "here" : "there";
      const burst = burstOf(facts.script, step);
      // Its first surrender came of this very join: here, where a join is one, of no other.
      const first = surrender(side);
      const joins = facts.script.nodes
        .flatMap((other) => facts.callbacks(side, name, other))
        .filter(({ what: { cb, args }, step: at }) => {
          return cb === "elected" && same(args[0], joiner) && burstOf(facts.script, at) === burst;
        });
      if (first === undefined || burstOf(facts.script, first.step) !== burst || (side === "here" && joins.length > 1)) return false;
      const other = surrender(side === "here" ? "there" : "here");
      return other !== undefined && facts.leader("there", name, step) === node && facts.leader("here", name, step) === node;
    },
  },
  {
    id: "J3",
    pattern: "there only: `handle_info` of a protocol message (`ldr`, `add_worker`, …)",
    reason:
      "the original's loop does not know its own surplus messages and hands them to the module; here no protocol message reaches handleInfo",
    source: "ORACLE 3, defects 2 and 10, case 8",
    explain(difference) {
      if (difference.kind !== "order" || difference.here !== null || difference.there?.type !== "callback") return false;
      const { cb, args } = difference.there;
      const tag = tagOf(args[0]);
      return cb === "handle_info" && isInternal(args[0]) && tag !== "late" && tag !== "ref" && tag !== "$leader_cast";
    },
  },
  {
    id: "J4",
    pattern: "there only, with `bcast_type` all: `from_leader(Sync)` at the joiner itself, or once more elsewhere for the same join",
    reason:
      "every surplus `elected` broadcasts its sync again, and the joiner hears it too although it was given it; here the others hear it once",
    source: "ORACLE 3 (join: to the joiner, plus from_leader to the others), defect 10, case 8",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null || difference.there?.type !== "callback") return false;
      const { name, node, step, there: what } = difference;
      if (what.cb !== "from_leader" || tagOf(what.args[0]) !== "sync") return false;
      const toAll = facts.steps("start").some(({ stimulus }) => stimulus.name === name && stimulus.syncToAll);
      const joined = facts.steps("start").some(({ place, stimulus }) => place === step && stimulus.name === name && stimulus.node === node);
      return toAll && (joined || countOf(facts, "there", difference, what) > countOf(facts, "here", difference, what));
    },
  },
  {
    id: "J5",
    pattern: "`surrendered` and `from_leader` at a worker, and its `elected(W)`, between its attaching here and its attaching there",
    reason:
      "after a failover, or started before the candidates, a worker of the original waits for a heartbeat (5 s), or for ever; here it attaches at once",
    source: "ORACLE 6.2, 6.3, defects 2 and 11, case 31",
    explain(difference, facts) {
      if (difference.kind !== "order") return false;
      const what = difference.there ?? difference.here;
      if (what?.type !== "callback" || !["surrendered", "from_leader", "elected"].includes(what.cb)) return false;
      const { name, node, step } = difference;
      const worker = what.cb === "elected" && typeof what.args[0] === "string" ? what.args[0] : node;
      if (!facts.isWorker(name, worker)) return false;
      const attached = (side: Side) =>
        facts.callbacks(side, name, worker).flatMap(({ what: { cb }, step: at }) => (cb === "surrendered" ? [at] : []));
      const there = attached("there");
      return attached("here").some((from, time) => {
        const to = there[time] ?? Infinity;
        return to > from && step >= burstOf(facts.script, from) && step <= to;
      });
    },
  },
  {
    id: "J6",
    pattern: "here only: `surrendered` or `elected` of a peer that never ran either there although it had started",
    reason:
      "a peer of the original can wait for ever: a stale DOWN overtakes the halt, all ignore each other, lists differ, or a sole candidate waits for acknowledgements; here everybody that is up ends in one cluster",
    source: "ORACLE 1, defects 1, 4 and 14, cases 3, 4 and 5",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.there !== null || difference.here?.type !== "callback") return false;
      const { name, node, here } = difference;
      if (here.cb !== "surrendered" && here.cb !== "elected") return false;
      const who = here.cb === "elected" && typeof here.args[0] === "string" ? here.args[0] : node;
      const there = facts.callbacks("there", name, who);
      const stuck =
        there.some(({ what }) => what.cb === "init") && !there.some(({ what }) => what.cb === "elected" || what.cb === "surrendered");
      return stuck && { leader: true, state: true, stuck: who };
    },
  },
  {
    id: "J7",
    pattern: "of a name whose lists differ between peers: another one leads",
    reason:
      "the revival sorts every list by node name, so its callers' order means nothing; here the order given counts, and lists that differ are reported while one leader is elected all the same",
    source: "ORACLE 1, case 5",
    explain(difference, facts) {
      if (difference.kind !== "order") return false;
      const what = difference.there ?? difference.here;
      const { name, step } = difference;
      const lists = new Set(facts.steps("start").flatMap(({ stimulus }) => (stimulus.name === name ? [stimulus.candidates.join()] : [])));
      const differs = facts.leader("there", name, step) !== facts.leader("here", name, step);
      return lists.size > 1 && differs && what?.type === "callback" && what.cb === "elected" && { leader: true };
    },
  },
  {
    id: "J8",
    pattern: "told `ok` there, an error here: the start of a server whose first `elected` ended it",
    reason:
      "there start had returned before; here a server that has ended by the time that start would resolve makes it reject, and there is no exit of a server that nobody got",
    source: "ORACLE 1 (start returns before any election), DESIGN 4 (start rejects), case 26",
    explain(difference, facts) {
      const { name, node } = difference;
      if (difference.kind === "result") {
        const started = isTuple(difference.there) && difference.there[0] === "ok" && nodeOf(difference.there[1]) !== null;
        const text = isTuple(difference.here) ? difference.here[1] : null;
        return started && typeof text === "string" && text.includes("is not running on this peer: it ended") && endedInElected();
      }
      if (difference.kind !== "order" || difference.there?.type !== "exit" || difference.here !== null) return false;
      return endedInElected() && facts.ran("here", name, "terminate", (_, seen) => seen.node === node);

      function endedInElected(): boolean {
        const last = facts
          .callbacks("here", name, node)
          .filter(({ what }) => what.cb !== "terminate")
          .at(-1);
        const rejected = facts.steps("start").some(({ stimulus }) => {
          if (stimulus.name !== name || stimulus.node !== node) return false;
          return print(facts.here.told.get(stimulus.key)?.result).startsWith('["error"');
        });
        return rejected && last?.what.cb === "elected";
      }
    },
  },
  {
    id: "J9",
    pattern: "here only: `elected(J)` that ends its server by a bad result, where J was halted in that election there",
    reason: "the race of J2, with a module whose `elected` goes wrong for a join: who does not join there does not set it off",
    source: "ORACLE 10 (start races), 4 (bad results of elected)",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.there !== null || difference.here?.type !== "callback") return false;
      const { name, node, here: what, step } = difference;
      const [joiner] = what.args;
      if (what.cb !== "elected" || typeof joiner !== "string") return false;
      const all = facts.callbacks("here", name, node);
      const after = all[all.findLastIndex((seen) => seen.what === what) + 1];
      const halted = facts.callbacks("there", name, joiner).some(({ what: { cb }, step: at }) => cb === "surrendered" && at >= step);
      return after?.what.cb === "terminate" && halted && { leader: true, ended: { node, side: "here" } };
    },
  },
];
