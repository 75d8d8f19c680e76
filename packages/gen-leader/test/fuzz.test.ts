import { expect, test } from "vitest";
import { fuzz } from "./fuzz/fuzz.js";

test.each([1, 2, 3])("a cluster lives through a hail of frames, and serves when it is over: seed %i", { timeout: 90_000 }, async (seed) => {
  const { crashes, accepted, heard, dropped } = await fuzz({ frames: 10_000, seed });
  expect(crashes).toEqual([]);
  // Rubbish alone would prove little.
  expect(accepted).toBeGreaterThan(2000);
  // Half of them go to all three servers, and half to one.
  expect(heard).toBeGreaterThan(15_000);
  for (const reason of ["malformed", "stale", "foreign"]) expect(dropped[reason], reason).toBeGreaterThan(0);
});
