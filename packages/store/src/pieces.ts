/**
 * A large value in pieces, none of them much larger than a limit, and the value again: so that nobody stands still while it is written or
 * sent. Lists, plain objects, Maps and Sets are taken apart; anything else is a piece by itself.
 *
 * @module
 */
import { weigh } from "./weight.js";

/** What to do next with what has been put together so far. */
export type Piece =
  /** A whole part: the value itself, or what stands at `key` in the container that is open. */
  | { readonly do: "put"; readonly key: unknown; readonly value: unknown }
  /** A part that comes in pieces begins, empty. */
  | { readonly do: "open"; readonly key: unknown; readonly value: Container }
  /** Several parts of the container that is open. */
  | { readonly do: "fill"; readonly parts: readonly (readonly [key: unknown, value: unknown])[] }
  /** The container that was opened last is complete. */
  | { readonly do: "close" };

type Container = unknown[] | Map<unknown, unknown> | Set<unknown> | Record<string, unknown>;

/** The pieces of a value, made one by one, each of which weighs about `limit` at most. It must not change meanwhile. */
export function* piecesOf(value: unknown, limit: number, key: unknown = null): Generator<Piece, void> {
  const empty = weigh(value, limit) > limit ? emptyLike(value) : null;
  if (empty === null) return yield { do: "put", key, value };
  yield { do: "open", key, value: empty };
  let parts: [unknown, unknown][] = [];
  let weight = 0;
  for (const [at, part] of entriesOf(value)) {
    const added = weigh(part, limit);
    // In order: a list has no other.
    if (parts.length > 0 && weight + added > limit) {
      yield { do: "fill", parts };
      [parts, weight] = [[], 0];
    }
    if (added > limit) yield* piecesOf(part, limit, at);
    else {
      parts.push([at, part]);
      weight += added + weigh(at, limit);
    }
  }
  if (parts.length > 0) yield { do: "fill", parts };
  yield { do: "close" };
}

/** Puts a value together again. */
export interface Assembly {
  /** @throws TypeError for a piece that does not fit */
  add(piece: Piece): void;
  /** Whether all of it is there. */
  readonly isComplete: boolean;
  /** What is there. */
  readonly value: unknown;
}

export function createAssembly(): Assembly {
  const open: Container[] = [];
  let isComplete = false;
  let value: unknown;

  function put(key: unknown, part: unknown): void {
    const container = open.at(-1);
    if (container === undefined) value = part;
    else if (container instanceof Map) container.set(key, part);
    else if (container instanceof Set) container.add(part);
    else if (Array.isArray(container)) container.push(part);
    // An own property, whatever its name.
    else Object.defineProperty(container, String(key), { value: part, writable: true, enumerable: true, configurable: true });
  }

  return {
    add(piece) {
      if (isComplete) throw new TypeError("There is nothing to add.");
      if (piece.do === "fill") for (const [key, part] of piece.parts) put(key, part);
      else if (piece.do === "close") open.pop();
      else if (piece.do === "put") put(piece.key, piece.value);
      else {
        // The piece stays as it is.
        const container = emptyLike(piece.value) ?? {};
        put(piece.key, container);
        open.push(container);
      }
      isComplete = open.length === 0;
    },
    get isComplete() {
      return isComplete;
    },
    get value() {
      return value;
    },
  };
}

function emptyLike(value: unknown): Container | null {
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  if (value instanceof Set) return new Set();
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype ? {} : null;
}

function entriesOf(value: unknown): Iterable<[unknown, unknown]> {
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return value.entries();
  return Object.entries(value ?? {});
}
