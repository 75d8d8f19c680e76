/**
 * What peers remember of the commands of clients: results until they are no longer needed, and when they have to admit that they cannot know.
 */
import type { Token } from "gen-leader";
import { expect, test } from "vitest";
import {
  blankMemory,
  clientsLimit,
  type Memory,
  type Origin,
  recall as recallIn,
  remember,
  resultsLimit,
} from "../src/remembered-results.js";

const [here, elsewhere]: readonly Token[] = [
  { epoch: 1, leader: "a#1" },
  { epoch: 2, leader: "b#2" },
];

function origin(client: string, number: number, { answered = 1, seen = 0, by = here } = {}): Origin {
  return { client, number, answered, seen: { position: seen, token: seen === 0 || by === undefined ? null : by } };
}

/** What a peer remembers all of whose commits one leader has made. */
function recall(memory: Memory, one: Origin) {
  return recallIn({ position: 10_000, lineage: here === undefined ? [] : [{ token: here, first: 1 }], memory }, one);
}

/** The memory after commits of these clients, one after the other. */
function after(memory: Memory, from: number, origins: readonly Origin[]): Memory {
  return origins.reduce((known, one, index) => remember(known, { position: from + index, origin: one, values: [one.number] }), memory);
}

const others = Array.from({ length: clientsLimit }, (_, index) => origin(`other-${index}`, 1));

test("a result is there until its client says that it has it", () => {
  const memory = after(blankMemory, 1, [origin("a", 1), origin("a", 2)]);
  expect(recall(memory, origin("a", 1))).toEqual({ position: 1, values: [1] });
  expect(recall(memory, origin("a", 3))).toBe("new");
  const later = after(memory, 3, [origin("a", 3, { answered: 2 })]);
  expect(later.clients.get("a")?.results.has(1)).toBe(false);
  expect(recall(later, origin("a", 2))).toEqual({ position: 2, values: [2] });
});

test("commands of one client may take effect in any order", () => {
  const memory = after(blankMemory, 1, [origin("a", 3), origin("a", 1)]);
  expect(recall(memory, origin("a", 2))).toBe("new");
  expect(recall(memory, origin("a", 1))).toEqual({ position: 2, values: [1] });
});

test("of a client that nobody has heard of nothing has taken effect, unless some were forgotten since", () => {
  expect(recall(blankMemory, origin("a", 1))).toBe("new");
  const full = after(blankMemory, 1, [origin("a", 1), ...others]);
  expect(full.clients.size).toBe(clientsLimit);
  expect(full.forgotten).toBe(1);
  expect(recall(full, origin("a", 1))).toBe("unknown");
  // What it had seen stands after what was forgotten: it would be remembered.
  expect(recall(full, origin("a", 2, { seen: 1 }))).toBe("new");
  // Unless it had seen that in another history.
  expect(recall(full, origin("a", 2, { seen: 1, by: elsewhere }))).toBe("unknown");
});

test("the client that was heard of last is remembered longest", () => {
  const [first, second] = others;
  const memory = after(blankMemory, 1, [...others, ...(first ? [{ ...first, number: 2 }] : []), origin("new", 1)]);
  expect(memory.clients.has(first?.client ?? "")).toBe(true);
  expect(memory.clients.has(second?.client ?? "")).toBe(false);
});

test("a client that was forgotten and came back is not taken for one that never did anything", () => {
  const forgotten = after(blankMemory, 1, [origin("a", 1), ...others]);
  const back = after(forgotten, 1000, [origin("a", 2, { seen: 999 })]);
  expect(recall(back, origin("a", 1))).toBe("unknown");
  expect(recall(back, origin("a", 3, { seen: 999 }))).toBe("new");
});

test("of one client so many results are kept, and of what is older nothing is known", () => {
  const numbers = Array.from({ length: resultsLimit + 1 }, (_, index) => origin("a", index + 1));
  const memory = after(blankMemory, 1, numbers);
  expect(memory.clients.get("a")?.results.size).toBe(resultsLimit);
  expect(recall(memory, origin("a", 1))).toBe("unknown");
  expect(recall(memory, origin("a", 2))).toEqual({ position: 2, values: [2] });
});
