/**
 * What the recorded module did that no request of the vocabulary tells: the options that the test had started it with (they are
 * not recorded), and requests that `recorded-module.ts` does not know. Learned from the recorded callbacks themselves, as plain
 * data that can be sent to a thread.
 *
 * @module
 */
import { type Answer, kept, type Run, react, sameAnswer } from "./recorded-module.js";
import { type Dictionary, isMap, isTuple, listOf, print, same, stateIn, type Term, type TermMap } from "./term.js";

/** A recorded run of a callback of one server. */
export interface RecordedRun {
  readonly cb: string;
  readonly args: readonly Term[];
  readonly pre: Dictionary | null;
  readonly node: string;
  readonly queries: TermMap | null;
  readonly ret: Term | undefined;
  readonly raise: Term | undefined;
}

/** One thing learned: in this situation, this answer, with the state and the arguments left open. */
export interface Lesson {
  readonly situation: string;
  readonly answer: Answer;
  /** What the dictionary gained, where a request changed it. */
  readonly gained: Dictionary;
}

export interface Manners {
  readonly lessons: readonly Lesson[];
  /** The learned answer, or `null` where the vocabulary holds. */
  of(run: Run): Answer | null;
}

/** What stands for an argument in a lesson. */
const argument = "$argument";

export function createManners(lessons: readonly Lesson[]): Manners {
  const known = new Map(lessons.map((lesson) => [lesson.situation, lesson]));
  return {
    lessons,
    of(run) {
      const lesson = situationsOf(run).flatMap((situation) => known.get(situation) ?? [])[0];
      if (lesson === undefined) return null;
      return applied(lesson, run);
    },
  };
}

export const noManners: Manners = createManners([]);

/** Learns from the runs of one server's callbacks wherever the vocabulary would have answered otherwise. */
export function learn(runs: readonly RecordedRun[]): Manners {
  const lessons = new Map<string, Lesson>();
  for (const recorded of runs) {
    if (recorded.cb === "terminate" || (recorded.ret === undefined && recorded.raise === undefined)) continue;
    // A raise is recorded without arguments by the callbacks that take no request.
    const args = recorded.args;
    const run: Run = { cb: recorded.cb, args, state: recorded.pre ?? {}, node: recorded.node, queries: recorded.queries ?? {} };
    const answer: Answer =
      recorded.ret === undefined ? { does: "raise", raise: recorded.raise ?? null } : { does: "return", term: recorded.ret };
    if (sameAnswer(react(run, noManners).answer, answer)) continue;
    const lesson = { answer: abstract(answer, run), gained: gain(run.state, stateIn(recorded.ret)) };
    for (const situation of situationsOf(run)) if (!lessons.has(situation)) lessons.set(situation, { situation, ...lesson });
  }
  return createManners([...lessons.values()]);
}

/** The situations that a run is an instance of, the most particular first. */
function situationsOf({ cb, args, node }: Run): readonly string[] {
  switch (cb) {
    case "init":
    case "surrendered":
      return [`${cb} at ${node}`, cb];
    case "elected":
      return [`${cb} at ${node} ${joins(args)}`, `${cb} ${joins(args)}`];
    case "handle_DOWN":
      return [`${cb} of ${print(args[0])}`, cb];
    default:
      return [`${cb} ${print(args[0])}`];
  }
}

/** A callback that raised was recorded without its arguments: a win, since that is what comes first. */
function joins(args: readonly Term[]): "won" | "join" {
  return args[0] === undefined || args[0] === null ? "won" : "join";
}

function abstract(answer: Answer, run: Run): Answer {
  if (answer.does === "raise") return answer;
  const [first] = run.args;
  return { does: "return", term: first === undefined ? answer.term : replaced(answer.term, first, argument) };
}

function applied({ answer, gained }: Lesson, run: Run): Answer {
  if (answer.does === "raise") return answer;
  const [first = null] = run.args;
  const changed = Object.entries(gained).map(([key, value]): [string, Term] => {
    return [key, isMap(value) && isTuple(value.$appended) ? appended(run.state[key], value.$appended) : value];
  });
  const state: Dictionary = { ...run.state, ...Object.fromEntries(changed) };
  const own = run.cb === "surrendered" && isTuple(first) && isMap(first[1]) ? first[1] : state;
  return { does: "return", term: withState(replaced(answer.term, argument, first), own, state) };
}

/** The term with this state in the place of the recorded one, and of the recorded sync. */
function withState(term: Term, state: Dictionary, synced: Dictionary): Term {
  if (!isTuple(term)) return term;
  return term.map((element) => {
    if (!isTuple(element) || element.length !== 2 || !isMap(element[1])) return element;
    if (element[0] === "state") return kept(state);
    return element[0] === "sync" ? ["sync", synced] : element;
  });
}

function replaced(term: Term, from: Term, to: Term): Term {
  if (same(term, from)) return to;
  if (isTuple(term)) return term.map((element) => replaced(element, from, to));
  return term;
}

function gain(before: Dictionary, after: Dictionary | null): Dictionary {
  if (after === null) return {};
  return Object.fromEntries(
    Object.entries(after).flatMap(([key, value]): [string, Term][] => {
      if (same(before[key], value)) return [];
      const [old, now] = [listOf(before[key]) ?? [], listOf(value)];
      const grew = now !== null && now.length > old.length && same(now.slice(0, old.length), old);
      return [[key, grew ? { $appended: now.slice(old.length) } : value]];
    }),
  );
}

function appended(list: Term | undefined, more: readonly Term[]): Term {
  return { list: [...(listOf(list) ?? []), ...more] };
}
