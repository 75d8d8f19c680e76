/**
 * What is sent in pieces: to whom, in answer to what, and how long it is kept.
 */
import type { PeerId } from "gen-leader";
import { expect, test } from "vitest";
import { createAssembly } from "../src/pieces.js";
import { createTransfers, type Transfers } from "../src/transfers.js";

const [a, b]: readonly [PeerId, PeerId] = ["a#1", "b#2"];
const parcel = { list: Array.from({ length: 20 }, (_, index) => `part ${index}`), names: new Map([["one", new Set([1, 2])]]) };

/** All that comes for a peer, put together as soon as it is there, and what comes after that. */
function receive(transfers: Transfers, to: PeerId) {
  const assembly = createAssembly();
  const requests = new Set<number>();
  while (!assembly.isComplete) {
    const next = transfers.next(to);
    if (next === null) throw new Error("It has ended too early.");
    requests.add(next.request);
    for (const piece of next.pieces) assembly.add(structuredClone(piece));
  }
  return { value: assembly.value, requests: [...requests], after: transfers.next(to) };
}

test.each([1, 2, 3, 4, 5, 1000])("a parcel comes whole in batches of %i, and is not kept after its last piece", (batch) => {
  for (const piece of [1, 50, 200, 10_000]) {
    const transfers = createTransfers({ piece, batch });
    transfers.begin(a, 7, parcel);
    expect(receive(transfers, a)).toEqual({ value: parcel, requests: [7], after: null });
  }
});

test("each peer gets its own, and what it asked for last", () => {
  const transfers = createTransfers({ piece: 100, batch: 1 });
  transfers.begin(a, 1, ["an old parcel", "x".repeat(200)]);
  transfers.next(a);
  transfers.begin(a, 2, parcel);
  transfers.begin(b, 1, { other: "x".repeat(500) });
  expect(receive(transfers, a)).toMatchObject({ value: parcel, requests: [2] });
  expect(receive(transfers, b)).toMatchObject({ value: { other: "x".repeat(500) }, requests: [1] });
});

test("nothing goes to whoever is gone", () => {
  const transfers = createTransfers({ piece: 100, batch: 1 });
  transfers.begin(a, 1, parcel);
  transfers.end(a);
  expect(transfers.next(a)).toBe(null);
});
