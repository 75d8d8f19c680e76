/**
 * The last commits: those that follow on one another, and no others.
 */
import { expect, test } from "vitest";
import { createRecentCommits } from "../src/recent-commits.js";
import type { Commit } from "../src/replica.js";

function commit(position: number, text = ""): Commit {
  const origin = { client: "client", number: position, answered: position, seen: { position: 0, token: null } };
  return { position, token: { epoch: 1, leader: "peer#1" }, origin, commands: [text], patches: [], values: [], durability: "replicated" };
}

const positions = (commits: readonly Commit[] | null) => commits?.map(({ position }) => position) ?? null;

test("all after a position are there, if they are remembered", () => {
  const recent = createRecentCommits({ recent: 4, recentWeight: 1e6 });
  for (let position = 1; position <= 9; position += 1) recent.add(commit(position));
  expect(positions(recent.after(7, 9))).toEqual([8, 9]);
  expect(positions(recent.after(9, 9))).toEqual([]);
  expect(recent.after(2, 9)).toBe(null);
  expect(recent.after(7, 10), "Of a peer that is somewhere else nothing is known").toBe(null);
  expect(positions(recent.last(2, 9))).toEqual([8, 9]);
  expect(recent.last(2, 8)).toEqual([]);
});

test("one that does not follow on the last begins anew; one in the place of another ends what came after that", () => {
  const recent = createRecentCommits({ recent: 100, recentWeight: 1e6 });
  for (const position of [1, 2, 3, 5, 6]) recent.add(commit(position));
  expect([positions(recent.after(4, 6)), recent.after(2, 6)]).toEqual([[5, 6], null]);
  recent.add(commit(5, "other"));
  expect(recent.after(4, 5)?.map(({ commands }) => commands)).toEqual([["other"]]);
  recent.cut(4);
  expect(recent.after(4, 5)).toBe(null);
});

test("no more is remembered than may weigh so much, twice", () => {
  const recent = createRecentCommits({ recent: 1000, recentWeight: 10_000 });
  for (let position = 1; position <= 100; position += 1) recent.add(commit(position, "x".repeat(1000)));
  const kept = recent.last(1000, 100);
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.length).toBeLessThan(12);
});
