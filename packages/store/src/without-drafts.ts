/**
 * Values that outlive the draft that they were taken from.
 *
 * @module
 */
/** A copy of the value as it is now. Drafts can be read as what they stand for, arrays, plain objects, maps and sets, until their end. */
export function withoutDrafts(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const part of value) copy.push(withoutDrafts(part, seen));
    return copy;
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    seen.set(value, copy);
    for (const [key, part] of value) copy.set(withoutDrafts(key, seen), withoutDrafts(part, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    seen.set(value, copy);
    for (const part of value) copy.add(withoutDrafts(part, seen));
    return copy;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Record<string, unknown> = {};
  seen.set(value, copy);
  for (const [key, part] of Object.entries(value)) copy[key] = withoutDrafts(part, seen);
  return copy;
}
