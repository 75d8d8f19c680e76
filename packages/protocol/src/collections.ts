/**
 * Collections that are replaced and never changed: `withEntry` and `withoutKey` for maps, `withElement` and `withoutElement` for sets.
 *
 * @module
 */

/** A copy of a map with one entry set. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}

/** A copy of a map without one entry, or the map itself if it has none. */
export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

/** A copy of a set with one element more, or the set itself if it has it. */
export function withElement<T>(set: ReadonlySet<T>, element: T): ReadonlySet<T> {
  return set.has(element) ? set : new Set(set).add(element);
}

/** A copy of a set with one element less, or the set itself if it has it not. */
export function withoutElement<T>(set: ReadonlySet<T>, element: T): ReadonlySet<T> {
  if (!set.has(element)) return set;
  const copy = new Set(set);
  copy.delete(element);
  return copy;
}
