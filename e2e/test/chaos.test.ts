/** The schedule of a chaos run comes from its seed, and the command line says what is wrong with it. */
import { createRandom } from "@gen-leader/testing";
import { expect, test } from "vitest";
import { parseOptions } from "../chaos/options.js";
import { drawStep } from "../chaos/schedule.js";
import { Ledger } from "../chaos/store/ledger.js";

const stepsOf = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 500 }, () => drawStep(random));
};

test("a seed gives one schedule, another seed another", () => {
  expect(stepsOf(1)).toEqual(stepsOf(1));
  expect(stepsOf(1)).not.toEqual(stepsOf(2));
});

test("everything that can happen does", () => {
  expect(new Set(stepsOf(1).map(({ happening }) => happening))).toEqual(
    new Set(["close", "kill", "hang", "freeze", "leave", "look", "hand over", "back"]),
  );
});

test("without options it is ten minutes of Chromium", () => {
  expect(parseOptions([])).toEqual({ engine: "chromium", store: false, minutes: 10, seed: 1, help: false });
  expect(parseOptions(["--engine", "firefox", "--minutes", "0.5", "--seed", "7"])).toEqual({
    engine: "firefox",
    store: false,
    minutes: 0.5,
    seed: 7,
    help: false,
  });
});

test("a store is killed with a browser or a process", () => {
  expect(parseOptions(["--store"])).toMatchObject({ engine: "chromium", store: true });
  expect(parseOptions(["--store", "--engine", "node"])).toMatchObject({ engine: "node", store: true });
});

test("what is lost, and what is there twice, is counted", () => {
  const ledger = new Ledger();
  for (const number of [1, 2, 3]) ledger.answered("a", number);
  ledger.answered("b", 1);
  const before = ledger.known();
  ledger.answered("b", 2);
  expect(ledger.commands).toBe(5);
  const whole = { a: { last: 3, times: 3 }, b: { last: 2, times: 2 } };
  expect(ledger.compare(whole)).toEqual({ lost: 0, twice: 0 });
  // What was not answered may be there.
  expect(ledger.compare({ ...whole, b: { last: 3, times: 3 }, c: { last: 1, times: 1 } })).toEqual({ lost: 0, twice: 0 });
  expect(ledger.compare({ a: { last: 3, times: 2 }, b: { last: 1, times: 2 } })).toEqual({ lost: 1, twice: 1 });
  // One that was not answered does not stand for one that was.
  expect(ledger.compare({ ...whole, b: { last: 3, times: 2 } })).toEqual({ lost: 1, twice: 0 });
  expect(ledger.compare({})).toEqual({ lost: 5, twice: 0 });
  expect(before.compare({ a: { last: 3, times: 3 }, b: { last: 1, times: 1 } }), "As it was then").toEqual({ lost: 0, twice: 0 });
});

test.each([
  [["--engine", "lynx"], "chromium, firefox, webkit"],
  [["--engine", "node"], "chromium, firefox, webkit"],
  [["--store", "--engine", "firefox"], "chromium, node"],
  [["--minutes", "0"], "--minutes"],
  [["--seed", "x"], "--seed"],
])("%j is refused", (args, why) => {
  expect(() => parseOptions(args)).toThrow(why);
});
