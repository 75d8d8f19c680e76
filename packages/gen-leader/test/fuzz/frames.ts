/**
 * Frames that no peer of this code would send: real ones with something wrong in them, real ones out of their time, and rubbish.
 *
 * @module
 */
import type { SeededRandom } from "@gen-leader/testing";

/** Values that programs get wrong. */
const oddities: readonly unknown[] = [
  ...[undefined, null, true, false, 0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 53, Number.MAX_SAFE_INTEGER, 1e308, Number.NaN, Infinity],
  ...["", "a", "a#1", "#", "__proto__", "constructor", "toString", "x".repeat(10_000), "\u0000", 10n],
  ...[
    [],
    {},
    { polluted: true },
    [[]],
    new Array(3),
    new Map([["a", 1]]),
    new Set([1]),
    new Date(0),
    /x/,
    new Uint8Array(8),
    new Error("odd"),
  ],
];

/** Makes one frame after another. `senders` are the ids that a frame may bear; `corpus` grows with what real peers say. */
export function createFrameSource(random: SeededRandom, corpus: readonly object[], senders: readonly string[]): () => unknown {
  function oddity(): unknown {
    if (random.chance(0.2)) return random.pick(senders);
    if (random.chance(0.2)) return { epoch: random.between(0, 2 ** 45), leader: random.pick(senders) };
    if (random.chance(0.1)) return partOf(random.pick(corpus));
    return oddities[random.between(0, oddities.length - 1)];
  }

  /** Some value somewhere in a frame. */
  function partOf(value: unknown): unknown {
    if (typeof value !== "object" || value === null || random.chance(0.3)) return value;
    const parts: readonly unknown[] = Object.values(value);
    return parts.length === 0 ? value : partOf(parts[random.between(0, parts.length - 1)]);
  }

  /** A copy with one thing changed, left out or added. */
  function damaged(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return oddity();
    const fields: [string, unknown][] = Object.entries(value);
    const change = random.between(0, 9);
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      if (change === 0 || list.length === 0) return [...list, oddity()];
      if (change === 1) return Array.from({ length: random.between(0, 50) }, () => list[random.between(0, list.length - 1)]);
    } else if (change === 0) return Object.fromEntries([...fields, [random.pick(["__proto__", "fence", "token", "odd"]), oddity()]]);
    if (fields.length === 0) return oddity();
    const place = random.between(0, fields.length - 1);
    if (change === 2) fields.splice(place, 1);
    const field = fields[place];
    if (field !== undefined && change !== 2) fields[place] = [field[0], random.chance(0.5) ? damaged(field[1]) : oddity()];
    return Array.isArray(value) ? fields.map(([, item]) => item) : Object.fromEntries(fields);
  }

  return () => {
    const kind = random.next();
    if (kind < 0.1 || corpus.length === 0) return oddity();
    const real = random.pick(corpus);
    if (kind < 0.2) return real;
    const frame = kind < 0.6 ? { ...real, from: random.pick(senders) } : real;
    let result: unknown = frame;
    for (let times = random.between(0, 2); times > 0; times -= 1) result = damaged(result);
    return result;
  };
}
