/**
 * Rules for what differs in what callers are told.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Facts } from "./facts.js";
import type { Rule } from "./rule.js";
import { isInternal } from "./script.js";
import { isTuple, print, same, type Term, tagOf } from "./term.js";

function timedOut(result: Term | null): boolean {
  return same(result ?? undefined, ["exit", "timeout"]);
}

function told(result: Term | null, how: string): Term | undefined {
  return isTuple(result) && result[0] === how ? result[1] : undefined;
}

/** Whether a leader was killed, frozen or ended by itself before the recorded end of this operation. */
function leaderWent({ name, step }: Difference, facts: Facts, endedAt: number): boolean {
  const led = (node: string, place: number) =>
    facts.role("there", name, node, place - 1) === "leads" || facts.role("here", name, node, place - 1) === "leads";
  const struck = facts.steps("kill", "kill-process", "freeze");
  if (struck.some(({ place, stimulus: { node } }) => place <= endedAt && led(node, place))) return true;
  const exits = facts.here.seen.filter(
    (seen) => seen.name === name && seen.what.type === "exit" && seen.step >= step && seen.step <= endedAt,
  );
  return exits.some(({ node, step: at }) =>
    facts.callbacks("here", name, node).some(({ what, step: ran }) => what.cb === "elected" && ran <= at),
  );
}

export const callRules: readonly Rule[] = [
  {
    id: "C1",
    pattern: "told timeout there, leader-died here: a leader call whose leader died, was frozen or ended before it replied",
    reason: "the rewrite and the revival tell callers nothing of the leader's death; here they are told at once, as in version 1.0",
    source: "ORACLE 5.4, defect 6, cases 15, 17 and 34",
    explain(difference, facts) {
      if (difference.kind !== "result" || !timedOut(difference.there)) return false;
      return (
        same(difference.here ?? undefined, ["exit", "leader_died"]) &&
        leaderWent(difference, facts, facts.there.told.get(difference.key)?.step ?? Infinity)
      );
    },
  },
  {
    id: "C2",
    pattern:
      "told timeout or leader-died there, answered here: a leader call made after the leader's death and before the successor's election",
    reason: "there it was sent to the dead; here the caller's peer knew already, and kept it for the successor",
    source: "ORACLE 5.4 (calls between death and DOWN are lost), case 17, DESIGN 6 (callers' peers hold calls)",
    explain(difference, facts) {
      if (difference.kind === "order") {
        // The successor runs what it was kept for.
        if (difference.there !== null || difference.here?.type !== "callback") return false;
        const { cb, args } = difference.here;
        if (cb !== "handle_leader_call" && cb !== "from_leader") return false;
        const kept = facts.operations(difference.name, "leader_call", args[0] ?? null).some(({ step, asked }) => {
          const there = facts.there.told.get(asked.key)?.result ?? null;
          const lost = timedOut(there) || same(there ?? undefined, ["exit", "leader_died"]);
          return lost && answeredHere(facts, asked.key) && deathBefore(facts, step);
        });
        return kept && { state: true };
      }
      if (difference.kind !== "result" || facts.asked(difference.step)?.op !== "leader_call") return false;
      const lost = timedOut(difference.there) || same(difference.there ?? undefined, ["exit", "leader_died"]);
      return lost && told(difference.here, "returned") !== undefined && deathBefore(facts, difference.step) && { state: true };
    },
  },
  {
    id: "C3",
    pattern: "told timeout there, the reason here: a call whose callback ended the server that ran it",
    reason: "a remote caller of the original never learns a crash reason; here it is told promptly",
    source: "ORACLE 4 (last but one point), case 22",
    explain(difference, facts) {
      if (difference.kind !== "result" || !timedOut(difference.there)) return false;
      const reason = told(difference.here, "exit");
      if (reason === undefined) return false;
      return facts.here.seen.some(
        ({ name, step, what }) =>
          name === difference.name &&
          step === difference.step &&
          what.type === "exit" &&
          (same(what.reason, reason) || isBadResultText(reason, what.reason)),
      );
    },
  },
  {
    id: "C4",
    pattern: "told the reason `bad_return_value` with the value there, a CallFailedError that says so in words here",
    reason: "the reason travels to the caller as a clone, and cloning an Error keeps its message only",
    source: "DESIGN 4 (named errors; what travels is cloned)",
    explain(difference) {
      if (difference.kind !== "result") return false;
      const [there, here] = [told(difference.there, "exit"), told(difference.here, "exit")];
      return there !== undefined && here !== undefined && tagOf(there) === "bad_return_value" && isBadResultText(here, there);
    },
  },
  {
    id: "C5",
    pattern: "an unwrapped reply: told a case_clause crash or a timeout there, the value here",
    reason:
      "a delayed reply and the reply of a stop must be wrapped as `{leader, reply, V}` in the original, or the caller crashes or waits; here wrapping is not the user's business",
    source: "ORACLE 4, 5.5, defect 7, cases 20 and 23",
    explain(difference, facts) {
      if (difference.kind !== "result") return false;
      const value = told(difference.here, "returned");
      if (value === undefined) return false;
      if (same(told(difference.there, "error"), ["case_clause", ["ok", value]])) return true;
      const leaked = facts.ran("there", difference.name, "handle_info", ({ args: [message] }) => same(message, ["ref", value]));
      return timedOut(difference.there) && leaked;
    },
  },
  {
    id: "C6",
    pattern: "there only: `handle_info([ref, V])` at the peer of a caller",
    reason: "the unwrapped reply reached the follower that had forwarded the call, which does not know it",
    source: "ORACLE 4, 5.5, defect 7, case 23",
    explain: (difference) =>
      difference.kind === "order" &&
      difference.here === null &&
      difference.there?.type === "callback" &&
      difference.there.cb === "handle_info" &&
      tagOf(difference.there.args[0]) === "ref",
  },
  {
    id: "C7",
    pattern: "a message `[ref, …]` was left in a client's mailbox there",
    reason:
      "late and duplicate replies, and version 1.0's late leader_died, are plain messages to whoever once called; here a call settles once and nothing is left",
    source: "ORACLE 5.2, 5.4, 5.5, defects 6 and 7, cases 14, 16 and 21",
    explain: (difference) =>
      difference.kind === "stray" && (tagOf(difference.msg) === "ref" || print(difference.msg).includes('"leader_died"')),
  },
  {
    id: "C8",
    pattern: "there only: the callback of a leader call whose caller had given up, and what it broadcast",
    reason:
      "a timeout of the original does not cancel: the request is executed later all the same; here a queued call that timed out never runs",
    source: "ORACLE 5.2, case 14",
    explain(difference, facts) {
      if (difference.kind !== "order" || difference.here !== null || difference.there?.type !== "callback") return false;
      const { cb, args } = difference.there;
      if (!["handle_leader_call", "handle_call", "from_leader"].includes(cb)) return false;
      const op = cb === "handle_call" ? "call" : "leader_call";
      const late = facts.operations(difference.name, op, args[0] ?? null).some(({ asked, step }) => {
        const [there, here] = [facts.there.told.get(asked.key), facts.here.told.get(asked.key)];
        return (
          there !== undefined &&
          timedOut(there.result) &&
          told(here?.result ?? null, "exit") !== undefined &&
          there.step >= step &&
          difference.step >= there.step
        );
      });
      return late && { state: true };
    },
  },
  {
    id: "C9",
    pattern:
      "there only: `handle_info([$leader_cast, M])`; here only: `handle_leader_cast(M)` and its broadcast; in version 1.0 and the rewrite",
    reason:
      "there a leader cast reaches the leader only from its own node, or never; here from every peer, and it is lost with the leader alone",
    source: "ORACLE 5.3, cases 18 and 19",
    explain(difference, facts) {
      if (difference.kind !== "order" || facts.script.trace.version === "rev") return false;
      if (difference.there?.type === "callback" && difference.here === null)
        return difference.there.cb === "handle_info" && tagOf(difference.there.args[0]) === "$leader_cast";
      if (difference.here?.type !== "callback" || difference.there !== null) return false;
      const { cb, args } = difference.here;
      const asked = facts.operations(difference.name, "leader_cast", args[0] ?? null).length > 0;
      return asked && (cb === "handle_leader_cast" || cb === "from_leader") && { state: true };
    },
  },
  {
    id: "C10",
    pattern: "a request that the original intercepts (`get_candidates`): answered there without a callback, handled by the module here",
    reason: "in the revival a user request of that shape never reaches handle_call; here no request is reserved",
    source: "ORACLE 2, case 39",
    explain(difference, facts) {
      const request = difference.kind === "result" ? facts.asked(difference.step)?.request : undefined;
      if (request !== undefined) return same(request, "get_candidates");
      const here = difference.kind === "order" && difference.there === null ? difference.here : null;
      return here?.type === "callback" && here.cb === "handle_call" && same(here.args[0], "get_candidates");
    },
  },
  {
    id: "C11",
    pattern: "here only: `handle_info(M)` of a plain message that a client sent and that looks like one of the protocol's",
    reason: "the original's protocol messages are untagged: a user's message of that shape is swallowed; here it arrives unharmed",
    source: "ORACLE defect 9, case 39",
    explain(difference, facts) {
      const here = difference.kind === "order" && difference.there === null ? difference.here : null;
      if (here?.type !== "callback" || here.cb !== "handle_info" || !isInternal(here.args[0])) return false;
      return facts
        .steps("info")
        .some(
          ({ stimulus: { name, node, message } }) => name === difference.name && node === difference.node && same(message, here.args[0]),
        );
    },
  },
  {
    id: "C12",
    pattern: "here only, in version 1.0 and the rewrite: `handle_cast(M)` of a cast that was addressed as `{Name, Node}`",
    reason: "they deliver casts to a name or a pid only and drop this one silently; here it arrives, as in the revival",
    source: "ORACLE 2 (cast), case 18",
    explain(difference, facts) {
      const here = difference.kind === "order" && difference.there === null ? difference.here : null;
      if (here?.type !== "callback" || here.cb !== "handle_cast" || facts.script.trace.version === "rev") return false;
      return facts.operations(difference.name, "cast", here.args[0] ?? null).some(({ asked }) => asked.byNode) && { state: true };
    },
  },
];

/** What a bad result is called in the message of its error. */
function isBadResultText(text: Term, reason: Term): boolean {
  return typeof text === "string" && text.includes("returned a value that is none of its results") && tagOf(reason) === "bad_return_value";
}

function answeredHere(facts: Facts, key: number): boolean {
  return told(facts.here.told.get(key)?.result ?? null, "returned") !== undefined;
}

/** Whether something was killed in the burst that the step belongs to. */
function deathBefore(facts: Facts, step: number): boolean {
  for (let place = step; place > 0; place -= 1) {
    const made = facts.script.steps[place - 1];
    if (made === undefined) return false;
    if (made.stimulus.does === "kill" || made.stimulus.does === "kill-process" || made.stimulus.does === "freeze") return true;
    if (made.pauseMs > 0) return false;
  }
  return false;
}
