/**
 * Errors of commands as their callers get them, after structured clone.
 */
import { expect, test } from "vitest";
import { type ErrorClass, receiveError, sendError } from "../src/error-transfer.js";

class SoldOutError extends Error {
  override readonly name = "SoldOutError";
  readonly code = "sold-out";
  constructor(
    readonly article: { readonly id: number },
    options?: ErrorOptions,
  ) {
    super(`${article.id} is sold out.`, options);
  }
}

function transferred(error: unknown, classes: readonly ErrorClass[] = []): unknown {
  return receiveError(structuredClone(sendError(error, classes)), classes);
}

test("an error of a known class comes with all that it had, and its causes", () => {
  const error = new SoldOutError({ id: 7 }, { cause: new TypeError("no such row", { cause: "a string" }) });
  const received = transferred(error, [SoldOutError]);
  expect(received).toBeInstanceOf(SoldOutError);
  expect(received).toMatchObject({ name: "SoldOutError", message: "7 is sold out.", code: "sold-out", article: { id: 7 } });
  expect(received).toMatchObject({ stack: error.stack });
  const cause = received instanceof Error ? received.cause : undefined;
  expect(cause).toBeInstanceOf(TypeError);
  expect(cause).toMatchObject({ message: "no such row", cause: "a string" });
});

test("one of an unknown class is an error with its name and code", () => {
  const received = transferred(new SoldOutError({ id: 7 }));
  expect(received).toBeInstanceOf(Error);
  expect(received).not.toBeInstanceOf(SoldOutError);
  expect(received).toMatchObject({ name: "SoldOutError", code: "sold-out" });
});

test("what cannot be cloned is left out, and the rest comes", () => {
  const error = Object.assign(new RangeError("far"), { retry: () => 1, code: "far" });
  const received = transferred(error);
  expect(received).toBeInstanceOf(RangeError);
  expect(received).toMatchObject({ code: "far" });
  expect(received).not.toHaveProperty("retry");
});

test("a class is known by what it is, not by its name", () => {
  class Minified extends Error {}
  class Same extends Error {}
  Object.defineProperty(Same, "name", { value: "Minified" });
  expect(transferred(new Same("one"), [Minified, Same])).toBeInstanceOf(Same);
  expect(transferred(new Same("one"), [Minified, Same])).not.toBeInstanceOf(Minified);
});

test("what cannot even be looked at does no harm", () => {
  const error = new Error("strange");
  Object.defineProperty(error, "trap", { get: () => expect.unreachable(), enumerable: true });
  expect(transferred(error)).toMatchObject({ message: "strange" });
  const strange: unknown = Object.assign(Object.create(null), { odd: () => 1 });
  expect(transferred(strange)).toBe("something");
});

test("a chain of causes has an end", () => {
  const error = new Error("round");
  error.cause = error;
  let depth = 0;
  for (let at = transferred(error); at instanceof Error; at = at.cause) depth += 1;
  expect(depth).toBeGreaterThan(1);
  expect(depth).toBeLessThan(20);
});

test("what is no error comes as it is, or as text", () => {
  expect(transferred({ status: 409 })).toEqual({ status: 409 });
  expect(transferred(undefined)).toBeUndefined();
  expect(transferred(Symbol("odd"))).toBe("Symbol(odd)");
});
