/** The schedule of a chaos run comes from its seed, and the command line says what is wrong with it. */
import { createRandom } from "@gen-leader/testing";
import { expect, test } from "vitest";
import { parseOptions } from "../chaos/options.js";
import { drawStep } from "../chaos/schedule.js";

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
  expect(parseOptions([])).toEqual({ engine: "chromium", minutes: 10, seed: 1, help: false });
  expect(parseOptions(["--engine", "firefox", "--minutes", "0.5", "--seed", "7"])).toEqual({
    engine: "firefox",
    minutes: 0.5,
    seed: 7,
    help: false,
  });
});

test.each([
  [["--engine", "lynx"], "chromium, firefox, webkit"],
  [["--minutes", "0"], "--minutes"],
  [["--seed", "x"], "--seed"],
])("%j is refused", (args, why) => {
  expect(() => parseOptions(args)).toThrow(why);
});
