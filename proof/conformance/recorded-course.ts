/**
 * What was seen in a recording, in the words in which a replay reports. Only words are changed here, no difference is hidden:
 *
 * - a caller `["pid:n2", "ref"]` is the node `n2`;
 * - `bad2_return_value` (B, C) is called `bad_return_value`, as in version 1.0; the module's own state record in it is `["state", …]`;
 * - the stack of an error is left out: `["crash", Reason]` and `[Reason, Stack]` are `Reason`, except a `badmatch` or `case_clause`, which
 *   is the crash of gen_leader itself and stays `["crash", …]`;
 * - `["exit", [Reason, [gen_leader, F, N]]]` of a client is `["exit", Reason]`;
 * - the exit `killed` of a process that the test killed is the test's doing.
 *
 * @module
 */
import type { Course, Observation, Seen, Told } from "./records.js";
import { beginOf, type Script, startedBy } from "./script.js";
import { isMap, isTuple, listOf, nodeOf, same, type Term } from "./term.js";

export function recordedCourse(script: Script): Course {
  const { trace, owners, steps } = script;
  const seen: Seen[] = [];
  const told = new Map<number, Told>();
  const strays: { id: string; node: string; msg: Term }[] = [];
  // Not only steps before it count, but those of its burst as well: in a burst nothing waits.
  const stepAt = (line: number) => steps.filter((step) => step.line <= line).length;

  for (const event of trace.events) {
    const step = stepAt(event.index);
    switch (event.ev) {
      case "cb": {
        const name = owners.get(event.index) ?? "?";
        const what: Observation = { type: "callback", cb: event.cb, args: argumentsOf(event.cb, event.args), state: event.pre };
        seen.push({ node: event.node, name, step, what });
        break;
      }
      case "server_exit":
        if (event.value === "killed") break;
        seen.push({ node: event.node, name: event.name, step, what: { type: "exit", reason: plainReason(event.value) } });
        break;
      case "started": {
        const start = startedBy(event, trace.events);
        if (start !== null) told.set(start, { key: start, step, result: plainStart(event.value) });
        break;
      }
      case "client_end": {
        const begin = beginOf(event, trace.events);
        if (begin !== undefined) told.set(begin.index, { key: begin.index, step, result: plainResult(event.result) });
        break;
      }
      case "client_stray_msg":
        strays.push({ id: event.id, node: event.node, msg: event.msg });
        break;
    }
  }
  return { seen, told, strays, cutShort: null };
}

/** Callers and nodes by name; the reason of `terminate` in plain words. */
export function argumentsOf(cb: string, args: readonly Term[]): readonly Term[] {
  if (cb === "terminate") return args.map(plainReason);
  return args.map(plainCaller);
}

function plainCaller(term: Term): Term {
  if (!isTuple(term)) return term;
  const node = nodeOf(term);
  if (node !== null && typeof term[1] === "string") return node;
  return term.map(plainCaller);
}

export function plainReason(reason: Term): Term {
  if (!isTuple(reason)) return reason;
  const [tag, what = null] = reason;
  if (tag === "bad2_return_value" || tag === "bad_return_value") return ["bad_return_value", plainState(what)];
  if (tag === "crash") {
    const ours = isTuple(what) && (what[0] === "badmatch" || what[0] === "case_clause");
    return ours ? ["crash", plainState(what)] : plainReason(what);
  }
  if (reason.length === 2 && isStack(what)) return plainReason(tag ?? null);
  return reason;
}

function isStack(term: Term): boolean {
  return listOf(term)?.every((frame) => isTuple(frame) && frame.length === 4) ?? false;
}

/** The module's own state record, wherever it stands. */
function plainState(term: Term): Term {
  if (isTuple(term)) return term.map(plainState);
  return isMap(term) && isMap(term.d) && "o" in term && "l" in term ? ["state", term.d] : term;
}

function plainStart(result: Term): Term {
  return isTuple(result) && result[0] === "error" ? ["error", plainReason(result[1] ?? null)] : result;
}

export function plainResult(result: Term): Term {
  if (!isTuple(result) || result[0] !== "exit" || !isTuple(result[1])) return result;
  const [reason = null, where] = result[1];
  return isTuple(where) && same(where[0], "gen_leader") ? ["exit", plainReason(reason)] : result;
}
