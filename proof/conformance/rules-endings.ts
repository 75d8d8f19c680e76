/**
 * Rules for what differs when a callback goes wrong, or the original's own loop.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Callback, Facts } from "./facts.js";
import type { Observation } from "./records.js";
import type { Rule } from "./rule.js";
import { isTuple, same, stateIn, type Term, tagOf } from "./term.js";

/** Callbacks that the original does not guard. */
const unguarded = ["elected", "surrendered", "handle_DOWN"];

function exitOf(what: Observation | null): Term | undefined {
  return what?.type === "exit" ? what.reason : undefined;
}

/** What a crash of gen_leader's own loop was about: `["crash", ["badmatch" or "case_clause", X]]`. */
function ownCrash(reason: Term | undefined): Term | undefined {
  if (!isTuple(reason) || reason[0] !== "crash" || !isTuple(reason[1])) return undefined;
  return reason[1][1] ?? null;
}

/** The value that an unguarded callback of this server returned there just before it crashed. */
function unguardedResult(difference: Difference, facts: Facts): { readonly what: Callback; readonly term: Term | undefined } | null {
  const { name, node } = difference;
  const { events } = facts.script.trace;
  const last = events.findLast(
    (event) => event.ev === "cb" && event.node === node && facts.script.owners.get(event.index) === name && event.cb !== "terminate",
  );
  if (last?.ev !== "cb" || !unguarded.includes(last.cb)) return null;
  return { what: { type: "callback", cb: last.cb, args: last.args, state: last.pre }, term: last.ret ?? last.raise };
}

/** What this server's callbacks raised there. */
function raised(name: string, node: string, facts: Facts, how: string): readonly Term[] {
  return facts.script.trace.events.flatMap((event) => {
    if (event.ev !== "cb" || event.node !== node || facts.script.owners.get(event.index) !== name) return [];
    return isTuple(event.raise) && event.raise[0] === how ? [event.raise[1] ?? null] : [];
  });
}

export const endingRules: readonly Rule[] = [
  {
    id: "E1",
    pattern: "`terminate`, exit and the caller with `bad_return_value X` there, with X here: the callback threw X, which is no result",
    reason: "the original takes what is thrown for what is returned; here a throw is an error with that reason",
    source: "ORACLE 4, case 25",
    explain(difference, facts) {
      const { name, node } = difference;
      if (difference.kind === "result") {
        const reason = (result: Term | null) => (isTuple(result) && result[0] === "exit" ? result[1] : undefined);
        const [there, here] = [reason(difference.there), reason(difference.here)];
        return (
          here !== undefined && same(there, ["bad_return_value", here]) && raised(name, node, facts, "throw").some((one) => same(one, here))
        );
      }
      if (difference.kind !== "order" || difference.there === null || difference.here === null) return false;
      const reasonIn = (what: Observation) => (what.type === "exit" ? what.reason : what.cb === "terminate" ? what.args[0] : undefined);
      const [there, here] = [reasonIn(difference.there), reasonIn(difference.here)];
      return (
        here !== undefined &&
        same(there, ["bad_return_value", here]) &&
        raised(name, node, facts, "throw").some((value) => same(value, here))
      );
    },
  },
  {
    id: "E2",
    pattern:
      "here only: `terminate` and exit with a thrown value that would have been a fine result; its caller is told that, and not the result",
    reason: "the original takes what is thrown for what is returned, and goes on; here a throw is an error",
    source: "ORACLE 4, case 25",
    explain(difference, facts) {
      const { name } = difference;
      const thrown = (value: Term | undefined, node: string) =>
        value !== undefined && stateIn(value) !== null && raised(name, node, facts, "throw").some((one) => same(one, value));
      if (difference.kind === "result") {
        const reason = isTuple(difference.here) && difference.here[0] === "exit" ? difference.here[1] : undefined;
        return facts.script.nodes.some((node) => thrown(reason, node));
      }
      if (difference.kind !== "order" || difference.there !== null || difference.here === null) return false;
      const { here, node } = difference;
      const reason = here.type === "exit" ? here.reason : here.cb === "terminate" ? here.args[0] : undefined;
      return thrown(reason, node) && { leader: true, ended: { node, side: "here" } };
    },
  },
  {
    id: "E3",
    pattern:
      "here only: `terminate` at a server that ended on both sides in `elected`, `surrendered` or `handle_DOWN`; exit with the bad value itself here, with a badmatch or case_clause of it there",
    reason:
      "the original does not guard these three: its own loop crashes, and terminate is not called; here a bad result of them is one of any callback",
    source: "ORACLE 4 (elected, surrendered, handle_DOWN are not caught), cases 24 and 26",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here === null) return false;
      const { there, here, name, node } = difference;
      const result = unguardedResult(difference, facts);
      if (result === null) return false;
      if (there === null) {
        if (here.type !== "callback" || here.cb !== "terminate") return false;
        return facts.there.seen.some((seen) => seen.name === name && seen.node === node && seen.what.type === "exit");
      }
      const about = ownCrash(exitOf(there));
      return about !== undefined && same(exitOf(here), ["bad_return_value", about]);
    },
  },
  {
    id: "E4",
    pattern: "exit with R here, with a case_clause of `{stop, R, State}` there: `handle_DOWN`, `elected` or `surrendered` asked to stop",
    reason: "these three have no stop form in the original, which crashes on it; here any of them may stop",
    source: "ORACLE 3 and 4 (no stop form), DESIGN 4 (results of handleDown)",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.there === null || difference.here === null) return false;
      const about = ownCrash(exitOf(difference.there));
      const stopped = isTuple(about) && about[0] === "stop" && same(about[1], exitOf(difference.here));
      return stopped && unguardedResult(difference, facts) !== null;
    },
  },
  {
    id: "E5",
    pattern: "there only: exit of a server whose own loop crashed, on a message and not on a callback's result",
    reason:
      "a second reply to a forwarded call, a DOWN in the wrong role, a second leader or a user's message shaped like one of the protocol's crash the original; here nothing that comes in ends a server",
    source: "ORACLE defects 1, 2, 7, 8 and 9, cases 3, 21, 32 and 39",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null) return false;
      const about = ownCrash(exitOf(difference.there));
      if (about === undefined) return false;
      const result = unguardedResult(difference, facts);
      const itsFault = result !== null && tagOf(result.term) !== "ok";
      return !itsFault && { leader: true, state: true, ended: { node: difference.node, side: "there" } };
    },
  },
  {
    id: "E6",
    pattern: "there only, last of all: `handle_DOWN(N)`, or what follows from it, of an N that the script had not killed",
    reason: "the test closes its nodes one after the other when it is over, which is no event of the recording",
    source: "ORACLE 10 (events), observed at the ends of recordings",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null || difference.there?.type !== "callback") return false;
      const { there: what, step, name } = difference;
      if (step !== facts.script.steps.length || what.cb !== "handle_DOWN") return false;
      const [node] = what.args;
      if (typeof node !== "string") return false;
      const start = facts.steps("start").findLast(({ stimulus }) => stimulus.name === name && stimulus.node === node);
      return start !== undefined && !facts.killed(name, node, start.place, step) && facts.ended("there", name, node, start.place) === null;
    },
  },
  {
    id: "E7",
    pattern: "there only, in version 1.0 and the rewrite: `terminate` and exit with the bad value `{noreply, State}`",
    reason: "their handle_cast, handle_info and from_leader take `{ok, State}` only; the revival takes both, and here both are `ok`",
    source: "ORACLE 4 (common set; last row of the table)",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null || facts.script.trace.version === "rev") return false;
      const { there, node } = difference;
      const reason = there?.type === "callback" ? (there.cb === "terminate" ? there.args[0] : undefined) : there?.reason;
      const value = isTuple(reason) && reason[0] === "bad_return_value" ? reason[1] : undefined;
      return isTuple(value) && value.length === 2 && value[0] === "noreply" && { leader: true, ended: { node, side: "there" } };
    },
  },
];
