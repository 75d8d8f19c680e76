/**
 * Values that a transport must carry as structured clone does (`richSample`), and what it must refuse; `describeValue` writes
 * them down, so that what was sent and what came can be compared.
 *
 * @module
 */

/** One of everything that structured clone keeps and JSON loses, with a cycle and a shared part. */
export function richSample(): object {
  const shared = { deep: [1, undefined, Number.NaN, -0, 10n] };
  const sample: Record<string, unknown> = {
    date: new Date(86_400_000),
    map: new Map<unknown, unknown>([
      ["a", 1],
      [{ key: true }, new Set(["x", 2])],
    ]),
    bytes: new Uint8Array([1, 2, 255]),
    pattern: /a+/giu,
    failure: new RangeError("out of range"),
    first: shared,
    second: shared,
    text: "\ud83d\udc4b\u0000",
  };
  sample.self = sample;
  return sample;
}

/** What no channel can carry. */
export function uncloneableSample(): object {
  return { inner: { method: () => undefined } };
}

/** A value as text: type, content and identity, so that two realms can compare what they have. */
export function describeValue(value: unknown, seen: Map<object, number> = new Map()): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value !== "object" || value === null) return String(value);
  const known = seen.get(value);
  if (known !== undefined) return `<${known}>`;
  seen.set(value, seen.size);
  const inner = (part: unknown): string => describeValue(part, seen);
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}(${value.message})`;
  if (value instanceof Uint8Array) return `Uint8Array(${value.join()})`;
  if (value instanceof Map) return `Map(${[...value].map(([key, item]) => `${inner(key)}=>${inner(item)}`).join()})`;
  if (value instanceof Set) return `Set(${[...value].map(inner).join()})`;
  if (Array.isArray(value)) return `[${value.map(inner).join()}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}:${inner(item)}`)
    .join()}}`;
}
