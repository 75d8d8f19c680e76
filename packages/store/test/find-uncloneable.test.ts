/**
 * The path of what cannot be sent.
 */
import { expect, test } from "vitest";
import { findUncloneable } from "../src/find-uncloneable.js";

const odd = (): void => undefined;
const circle: Record<string, unknown> = { self: null, odd };
circle.self = circle;

test.each<[unknown, string | null]>([
  [{ a: [1, new Map([["b", new Date(0)]])], circle: new Set([1]) }, null],
  [undefined, null],
  [odd, ""],
  [{ a: 1, handlers: { click: odd } }, ".handlers.click"],
  [[1, { "two words": odd }], '[1]["two words"]'],
  [new Map([["key", { odd }]]), '.get("key").odd'],
  [new Map([[odd, 1]]), ".keys(function)"],
  [new Set([1, odd]), ".has(function)"],
  [{ promise: Promise.resolve() }, ".promise"],
  [circle, ".odd"],
])("%#", (value, path) => {
  expect(findUncloneable(value)).toBe(path);
});
