/**
 * Errors on their way from the leader to the caller. Structured clone keeps the class of the language's own errors alone, and no `code`.
 *
 * @module
 */
import { isCloneable } from "./cloneable.js";

/** An error as plain data. */
export type SentError =
  | {
      readonly type: "error";
      /** Which of the classes that both sides know. Not by name: that is another one in a minified bundle. */
      readonly known: number;
      readonly name: string;
      readonly message: string;
      readonly stack: string | null;
      readonly fields: Fields;
    }
  /** Something else that was thrown, if it can be cloned. */
  | { readonly type: "value"; readonly value: unknown };

/** What an error has of its own, `code` and `cause` among it; a cause that is an error is itself sent as one. */
type Fields = readonly (readonly [key: string, value: unknown, isError: boolean])[];

/** A class of errors that a store's commands throw, so that callers get instances of it. */
export type ErrorClass = abstract new (...args: never) => Error;

/** How long a chain of causes may be. */
const causesLimit = 8;

const languageErrors: readonly ErrorClass[] = [TypeError, RangeError, SyntaxError, ReferenceError, Error];

/** Never throws: what cannot be read or sent is left out. `classes` are the same, in the same order, where it is received. */
export function sendError(error: unknown, classes: readonly ErrorClass[], depth = 0): SentError {
  if (!(error instanceof Error)) return { type: "value", value: isCloneable(error) ? error : read(() => String(error), "something") };
  const known = [...classes, ...languageErrors].findIndex((one) => error instanceof one);
  const fields: [string, unknown, boolean][] = [];
  for (const key of Object.getOwnPropertyNames(error)) {
    if (key === "stack" || key === "message" || key === "name") continue;
    const value = read<unknown>(() => Reflect.get(error, key), undefined);
    if (value instanceof Error) {
      if (depth < causesLimit) fields.push([key, sendError(value, classes, depth + 1), true]);
    } else if (value !== undefined && isCloneable(value)) fields.push([key, value, false]);
  }
  return {
    type: "error",
    known,
    name: read(() => String(error.name), "Error"),
    message: read(() => String(error.message), ""),
    stack: read<string | null>(() => (error.stack === undefined ? null : String(error.stack)), null),
    fields,
  };
}

/** The error again, of the class that it was of. */
export function receiveError(sent: SentError, classes: readonly ErrorClass[]): unknown {
  if (sent.type === "value") return sent.value;
  const { known, name, message, stack, fields } = sent;
  const error = new Error(message);
  const type = [...classes, ...languageErrors][known];
  // Not by its constructor, which may take anything and do anything.
  if (type !== undefined) Object.setPrototypeOf(error, type.prototype);
  if (stack !== null) define(error, "stack", stack);
  if (error.name !== name) define(error, "name", name);
  for (const [key, value, isError] of fields) define(error, key, isError && isSent(value) ? receiveError(value, classes) : value);
  return error;
}

function read<V>(get: () => V, otherwise: V): V {
  try {
    return get();
  } catch {
    return otherwise;
  }
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
}

function isSent(value: unknown): value is SentError {
  return typeof value === "object" && value !== null && "type" in value;
}
