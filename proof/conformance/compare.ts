/**
 * Compares what was recorded with what a replay did: server by server the order of callbacks and ends, operation by operation what
 * the client was told. Whatever is not the same is a difference, and says nothing about whose fault it is.
 *
 * @module
 */
import { argumentsOf } from "./recorded-course.js";
import type { Course, Observation, Seen } from "./records.js";
import type { Script } from "./script.js";
import { print, type Term } from "./term.js";

export type Difference =
  /** Of the callbacks and ends of one server: `there` only, `here` only, or one in the place of the other. */
  | {
      readonly kind: "order";
      readonly node: string;
      readonly name: string;
      readonly step: number;
      readonly there: Observation | null;
      readonly here: Observation | null;
    }
  /** Of what a client or a starter was told; `null` where it was told nothing. */
  | {
      readonly kind: "result";
      readonly node: string;
      readonly name: string;
      readonly step: number;
      readonly key: number;
      readonly there: Term | null;
      readonly here: Term | null;
    }
  /** A message that was left at a client there. */
  | { readonly kind: "stray"; readonly node: string; readonly name: string; readonly step: number; readonly id: string; readonly msg: Term }
  /** The replay ended before the recording. */
  | { readonly kind: "not-replayed"; readonly node: "ctl"; readonly name: string; readonly step: number; readonly why: string };

export function compare(script: Script, there: Course, here: Course): readonly Difference[] {
  const limit = here.cutShort?.step ?? Infinity;
  const before = <T extends { readonly step: number }>(those: readonly T[]) => those.filter(({ step }) => step <= limit);
  return [
    ...orderDifferences(before(there.seen), before(here.seen)),
    ...resultDifferences(script, there, here, limit),
    ...there.strays.map(({ id, node, msg }): Difference => {
      return { kind: "stray", node, name: nameOfId(script, id), step: stepOfId(script, id), id, msg };
    }),
    ...(here.cutShort === null
      ? []
      : [{ kind: "not-replayed", node: "ctl", name: "", step: here.cutShort.step, why: here.cutShort.why } as const]),
  ];
}

/** One line of text for one observation: the same for what counts as the same. */
export function lineOf(what: Observation): string {
  if (what.type === "exit") return `exit ${print(what.reason)}`;
  const { cb, args, state } = what;
  return `${cb}(${argumentsOf(cb, args).map(print).join(", ")})${state === null ? "" : ` in ${print(state)}`}`;
}

/** Whether two observations are of the same. A callback that raised was recorded without its dictionary, or without arguments. */
function agrees(there: Observation, here: Observation): boolean {
  if (there.type === "exit" || here.type === "exit") return lineOf(there) === lineOf(here);
  if (there.cb !== here.cb) return false;
  const state = there.state === null ? null : here.state;
  const args = there.args.length === 0 ? [] : here.args;
  return lineOf({ ...there, args: there.args.length === 0 ? [] : there.args }) === lineOf({ ...here, args, state });
}

function orderDifferences(there: readonly Seen[], here: readonly Seen[]): readonly Difference[] {
  const places = new Map<string, { readonly node: string; readonly name: string }>();
  for (const { node, name } of [...there, ...here]) places.set(`${name} ${node}`, { node, name });
  return [...places.values()].flatMap(({ node, name }) => {
    const at = (those: readonly Seen[]) => those.filter((seen) => seen.node === node && seen.name === name);
    return paired(alignment(at(there), at(here)).filter(([one, other]) => one === null || other === null)).map(
      ([one, other]): Difference => ({
        kind: "order",
        node,
        name,
        step: Math.min(one?.step ?? Infinity, other?.step ?? Infinity),
        there: one?.what ?? null,
        here: other?.what ?? null,
      }),
    );
  });
}

type Pair = readonly [Seen | null, Seen | null];

/** The longest common order, with what is only there and only here in between. */
function alignment(there: readonly Seen[], here: readonly Seen[]): readonly Pair[] {
  const [rows, columns] = [there.length, here.length];
  const longest = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0));
  const at = (row: number, column: number) => longest[row]?.[column] ?? 0;
  const fits = (row: number, column: number) => {
    const [one, other] = [there[row], here[column]];
    return one !== undefined && other !== undefined && agrees(one.what, other.what);
  };
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1) {
      const line = longest[row];
      if (line !== undefined)
        line[column] = fits(row, column) ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
    }
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    const [one = null, other = null] = [there[row], here[column]];
    if (row < rows && column < columns && fits(row, column)) {
      pairs.push([one, other]);
      row += 1;
      column += 1;
    } else if (column >= columns || (row < rows && at(row + 1, column) >= at(row, column + 1))) {
      pairs.push([one, null]);
      row += 1;
    } else {
      pairs.push([null, other]);
      column += 1;
    }
  }
  return pairs;
}

/** What is only there and what is only here of the same callback after the same step is one difference: it ran with something else. */
function paired(pairs: readonly Pair[]): readonly Pair[] {
  const rest = [...pairs];
  const whole: Pair[] = [];
  while (rest.length > 0) {
    const [one, other] = rest.shift() ?? [null, null];
    const seen = one ?? other;
    const place = rest.findIndex(([there, here]) => {
      const candidate = one === null ? there : here;
      return candidate !== null && seen !== null && alike(seen, candidate);
    });
    const partner = place >= 0 ? rest.splice(place, 1)[0] : undefined;
    whole.push([one ?? partner?.[0] ?? null, other ?? partner?.[1] ?? null]);
  }
  return whole;
}

function alike(a: Seen, b: Seen): boolean {
  if (a.what.type === "exit" || b.what.type === "exit") return a.what.type === b.what.type;
  if (a.what.cb !== b.what.cb) return false;
  const [one, other] = [print(a.what.args[0]), print(b.what.args[0])];
  // The same request, join or death in another state; a surrender or a terminate to something else.
  return one === other || a.what.cb === "surrendered" || a.what.cb === "terminate";
}

function resultDifferences(script: Script, there: Course, here: Course, limit: number): readonly Difference[] {
  return script.steps.slice(0, limit).flatMap(({ stimulus }, place): Difference[] => {
    if (stimulus.does !== "start" && stimulus.does !== "operate") return [];
    const { key, node, name } = stimulus;
    const [one = null, other = null] = [there.told.get(key)?.result, here.told.get(key)?.result];
    return print(one) === print(other) ? [] : [{ kind: "result", node, name, step: place + 1, key, there: one, here: other }];
  });
}

function stepOfId(script: Script, id: string): number {
  return script.steps.findIndex(({ stimulus }) => stimulus.does === "operate" && stimulus.id === id) + 1;
}

function nameOfId(script: Script, id: string): string {
  const step = script.steps.find(({ stimulus }) => stimulus.does === "operate" && stimulus.id === id)?.stimulus;
  return step?.does === "operate" ? step.name : "";
}

/** A difference in one line, for people. */
export function describe(difference: Difference): string {
  const where = `${difference.name}@${difference.node} after step ${difference.step}`;
  switch (difference.kind) {
    case "order":
      return `${where}: there ${difference.there === null ? "-" : lineOf(difference.there)} | here ${difference.here === null ? "-" : lineOf(difference.here)}`;
    case "result":
      return `${where}: told there ${print(difference.there)} | here ${print(difference.here)}`;
    case "stray":
      return `${where}: left at client ${difference.id} there: ${print(difference.msg)}`;
    case "not-replayed":
      return `after step ${difference.step}: ${difference.why}`;
  }
}
