/**
 * Callers whose answer is there before what it tells of.
 */
import type { PeerId, Token } from "gen-leader";
import { expect, test } from "vitest";
import { createArrivals } from "../src/arrivals.js";

const tokenOf = (epoch: number): Token => ({ epoch, leader: "peer#1" as PeerId });

/** Whether who waits for the third position of the second leader is told at once, or as soon as the copy is where it is then. */
async function isTold(before: { position: number; token: Token | null }, after = before): Promise<"at once" | "later" | "not"> {
  let present = before;
  const arrivals = createArrivals(() => present);
  const reached = arrivals.reached({ position: 3, token: tokenOf(2) });
  if (reached === null) return "at once";
  let isOver = false;
  void reached.then(() => {
    isOver = true;
  });
  present = after;
  arrivals.check();
  await Promise.resolve();
  const told = isOver ? "later" : "not";
  arrivals.end();
  await reached;
  return told;
}

test("who waits for a position is told when the copy is there", async () => {
  expect(await isTold({ position: 3, token: tokenOf(2) })).toBe("at once");
  expect(await isTold({ position: 2, token: tokenOf(2) })).toBe("not");
  expect(await isTold({ position: 2, token: tokenOf(2) }, { position: 3, token: tokenOf(2) })).toBe("later");
});

test("a copy that has all of a later leader has what the last one told, or that is lost", async () => {
  expect(await isTold({ position: 2, token: tokenOf(3) })).toBe("at once");
  expect(await isTold({ position: 2, token: null }, { position: 2, token: tokenOf(3) })).toBe("later");
});

test("a copy of an earlier leader, or one that is behind, says nothing of what a later one told", async () => {
  expect(await isTold({ position: 2, token: tokenOf(1) })).toBe("not");
  expect(await isTold({ position: 2, token: null })).toBe("not");
});
