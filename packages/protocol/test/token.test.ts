import { expect, test } from "vitest";
import { blank, comparePositions, compareTokens, mayAdopt, type Position, sameToken, type Token } from "../src/index.js";

const tokens: readonly (Token | null)[] = [
  null,
  { epoch: 1, leader: "b#2" },
  { epoch: 2, leader: "a#10" },
  { epoch: 2, leader: "a#9" },
  { epoch: 10, leader: "a#1" },
];

test("tokens are ordered by epoch, then by leader; none is the smallest", () => {
  for (const [i, a] of tokens.entries())
    for (const [j, b] of tokens.entries()) expect(Math.sign(compareTokens(a, b)), `${i} and ${j}`).toBe(Math.sign(i - j));
});

test("tokens are the same by value", () => {
  expect(sameToken({ epoch: 2, leader: "a#1" }, { epoch: 2, leader: "a#1" })).toBe(true);
  expect(sameToken({ epoch: 2, leader: "a#1" }, { epoch: 2, leader: "a#2" })).toBe(false);
  expect(sameToken(null, null)).toBe(true);
  expect(sameToken(null, { epoch: 0, leader: "a#1" })).toBe(false);
});

test("a history is adopted if it is the same one, or if there is nothing to lose", () => {
  const at = (root: Position["root"]): Position => ({ token: { epoch: 5, leader: "a#1" }, sequence: 1, root });
  const [one, other] = [at({ epoch: 1, leader: "a#1" }), at({ epoch: 2, leader: "b#1" })];
  expect([mayAdopt(one, one), mayAdopt(one, other), mayAdopt(one, at(null)), mayAdopt(at(null), one), mayAdopt(blank, one)]).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
});

test("positions are ordered by tenure, within one by sequence", () => {
  const root = { epoch: 1, leader: "a#1" } as const;
  const position = (epoch: number, sequence: number, isEmpty = false): Position => ({
    token: { epoch, leader: "a#1" },
    sequence,
    root: isEmpty ? null : root,
  });
  // A later tenure of a history in which nothing was said is behind any in which something was.
  const ordered = [blank, position(9, 4, true), position(1, 0), position(1, 7), position(2, 0), position(2, 1)];
  for (const [i, a] of ordered.entries())
    for (const [j, b] of ordered.entries()) expect(Math.sign(comparePositions(a, b)), `${i} and ${j}`).toBe(Math.sign(i - j));
});
