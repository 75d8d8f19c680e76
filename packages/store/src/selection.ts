/**
 * A part of a state, for those whom the rest does not concern.
 *
 * @module
 */
import type { Selection } from "./store.js";

interface Source<S> {
  get(): S;
  subscribe(listener: () => void): () => void;
}

/** What `selector` finds in the state, told of when it is not equal any more. */
export function createSelection<S, V>(source: Source<S>, selector: (state: S) => V, equals: (a: V, b: V) => boolean): Selection<V> {
  let seen: { readonly state: S; readonly value: V } | null = null;

  function get(): V {
    const state = source.get();
    if (seen !== null && Object.is(seen.state, state)) return seen.value;
    const value = selector(state);
    seen = { state, value: seen !== null && equals(seen.value, value) ? seen.value : value };
    return seen.value;
  }

  return {
    get,
    subscribe(listener) {
      let before = get();
      return source.subscribe(() => {
        const value = get();
        if (Object.is(value, before)) return;
        const told = before;
        before = value;
        listener(value, told);
      });
    },
  };
}
