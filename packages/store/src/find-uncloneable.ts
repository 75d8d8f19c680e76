/**
 * Where in a value the part is that cannot be sent to another realm.
 *
 * @module
 */
import { isCloneable } from "./cloneable.js";

/** The path of the first part that structured clone refuses, as `[1].handlers.click`; empty for the value itself, `null` if all of it can be cloned. */
export function findUncloneable(value: unknown): string | null {
  return isCloneable(value) ? null : search(value, "", new Set());
}

function search(value: unknown, path: string, above: Set<unknown>): string {
  if (typeof value !== "object" || value === null) return path;
  above.add(value);
  try {
    for (const [step, part] of partsOf(value)) if (!above.has(part) && !isCloneable(part)) return search(part, path + step, above);
  } catch {
    // It cannot even be looked into.
  }
  // None of its parts: it is itself of a kind that cannot be sent.
  return path;
}

function* partsOf(value: object): Generator<readonly [step: string, part: unknown]> {
  if (value instanceof Map) {
    for (const [key, part] of value) {
      yield [`.keys(${label(key)})`, key];
      yield [`.get(${label(key)})`, part];
    }
  } else if (value instanceof Set) {
    for (const part of value) yield [`.has(${label(part)})`, part];
  } else if (Array.isArray(value)) {
    for (const [index, part] of value.entries()) yield [`[${index}]`, part];
  } else {
    for (const [key, part] of Object.entries(value))
      yield [/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${label(key)}]`, part];
  }
}

function label(key: unknown): string {
  return typeof key === "string" ? JSON.stringify(key) : typeof key === "object" || typeof key === "function" ? typeof key : String(key);
}
