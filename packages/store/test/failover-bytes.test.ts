/**
 * What a change of leader sends: not the state.
 */
import { serialize } from "node:v8";
import type { Draft } from "mutative";
import { expect, test } from "vitest";
import { createStores } from "./stores.js";

type Parts = Readonly<Record<string, string>>;

const initial: Parts = {};
const parts = {
  initial,
  commands: {
    fill(draft: Draft<Parts>, key: string, part: string) {
      draft[key] = part;
    },
  },
};

test("a change of leader with a state of 50 MB and four followers sends less than 100 kB", { timeout: 60_000 }, async () => {
  let bytes = 0;
  const stores = createStores((frame) => {
    bytes += serialize(frame).byteLength;
    return undefined;
  });
  const peers = [];
  for (let number = 0; number < 5; number += 1) peers.push(await stores.open("parts", parts));
  const [leader, ...others] = peers;
  for (let number = 0; number < 500; number += 1) await leader?.do.fill(`part-${number}`, "x".repeat(100_000));
  await Promise.all(others.map((store) => store.sync()));
  expect(bytes).toBeGreaterThan(50e6);

  bytes = 0;
  if (leader !== undefined) stores.crash(leader);
  await Promise.all(others.map((store) => store.do.fill("last", "y")));
  console.log(`a change of leader with 50 MB and four followers: ${(bytes / 1000).toFixed(1)} kB`);
  expect(others.map((store) => [Object.keys(store.get()).length, store.get().last])).toEqual(others.map(() => [501, "y"]));
  expect(bytes).toBeLessThan(100_000);
  await stores.closeAll();
});
