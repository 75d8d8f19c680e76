import { expect, test } from "vitest";
import { fuzz } from "./fuzz/fuzz.js";

test.each([1, 2, 3])("a cluster lives through a hail of frames, and serves when it is over: seed %i", { timeout: 90_000 }, async (seed) => {
  const { crashes, accepted } = await fuzz({ frames: 10_000, seed });
  expect(crashes).toEqual([]);
  // Rubbish alone would prove little.
  expect(accepted).toBeGreaterThan(2000);
});
