/**
 * How much a value weighs, roughly: what it costs to copy, check and write it.
 *
 * @module
 */

/** What every value costs beside its parts. */
const ownWeight = 16;

/** About its bytes; as soon as it is more than `limit`, any number above that. */
export function weigh(value: unknown, limit = Infinity): number {
  if (typeof value === "string") return ownWeight + 2 * value.length;
  if (typeof value !== "object" || value === null) return ownWeight;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return ownWeight + value.byteLength;
  let weight = ownWeight;
  for (const part of partsOf(value)) {
    weight += weigh(part, limit - weight);
    if (weight > limit) break;
  }
  return weight;
}

function* partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) {
    for (const entry of value) yield* entry;
  } else if (value instanceof Set || Array.isArray(value)) yield* value;
  else for (const key in value) yield* [key, Reflect.get(value, key)];
}
