/**
 * Erlang terms as the recordings write them: a tuple is an array, a list `{"list":[…]}`, an atom or a binary a string, a map an
 * object, `undefined` null, a pid `"pid:node"`.
 *
 * @module
 */
export type Term = null | boolean | number | string | readonly Term[] | TermMap;

export interface TermMap {
  readonly [key: string]: Term;
}

/** What the recorded module keeps. */
export type Dictionary = TermMap;

export function isTuple(term: Term | undefined): term is readonly Term[] {
  return Array.isArray(term);
}

export function isMap(term: Term | undefined): term is TermMap {
  return typeof term === "object" && term !== null && !Array.isArray(term);
}

/** Whether a value that came out of JSON, or out of the product, is a term. */
export function isTerm(value: unknown): value is Term {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string") return true;
  if (Array.isArray(value)) return value.every(isTerm);
  return typeof value === "object" && Object.values(value).every(isTerm);
}

/** A value of the product as a term: what is none is written as text. */
export function toTerm(value: unknown): Term {
  if (value === undefined) return null;
  if (isTerm(value)) return value;
  if (value instanceof Error) return value.message;
  if (Array.isArray(value)) return value.map(toTerm);
  return String(value);
}

/** The elements of a list term, or `null` if it is none. */
export function listOf(term: Term | undefined): readonly Term[] | null {
  if (!isMap(term)) return null;
  const { list, ...rest } = term;
  return Object.keys(rest).length === 0 && isTuple(list) ? list : null;
}

/** The same text for the same term, whatever the order of a map's keys. */
export function print(term: Term | undefined): string {
  if (term === undefined) return "-";
  if (isTuple(term)) return `[${term.map(print).join(",")}]`;
  if (isMap(term))
    return `{${Object.keys(term)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${print(term[key])}`)
      .join(",")}}`;
  return JSON.stringify(term);
}

export function same(a: Term | undefined, b: Term | undefined): boolean {
  return print(a) === print(b);
}

/** The node of `"pid:node"`, of `["pid:node", …]` and of `["name", "node"]`. */
export function nodeOf(term: Term | undefined): string | null {
  if (typeof term === "string") return term.startsWith("pid:") ? term.slice(4) : null;
  return isTuple(term) ? nodeOf(term[0]) : null;
}

/** The first element of a tuple, if it is an atom: what tells requests apart. An atom is its own tag. */
export function tagOf(term: Term | undefined): string | null {
  const first = isTuple(term) ? term[0] : term;
  return typeof first === "string" ? first : null;
}

/** The state that stands in a recorded result: `["state", dictionary]`. */
export function stateIn(term: Term | undefined): Dictionary | null {
  if (!isTuple(term)) return null;
  const last = term.at(-1);
  if (!isTuple(last) || last[0] !== "state" || last.length !== 2) return null;
  return isMap(last[1]) ? last[1] : null;
}
