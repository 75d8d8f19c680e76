/**
 * Changes for a reader that takes its time.
 */
import { expect, test } from "vitest";
import { streamChanges } from "../src/change-stream.js";
import type { Change } from "../src/index.js";

function createSource() {
  const listeners = new Set<(state: unknown, change: Change) => void>();
  const closing = new Set<() => void>();
  return {
    listeners,
    closing,
    subscribe(listener: (state: unknown, change: Change) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    whenClosed(listener: () => void) {
      closing.add(listener);
      return () => void closing.delete(listener);
    },
    commit(position: number) {
      for (const listener of listeners) listener(null, { type: "committed", position, commands: [], patches: [] });
    },
  };
}

test("a reader that is much too slow is told of one change that stands for those that it missed", async () => {
  const source = createSource();
  const stream = streamChanges(source, undefined);
  for (let position = 1; position <= 2000; position += 1) source.commit(position);
  expect((await stream.next()).value).toEqual({ type: "skipped", position: 1025 });
  const positions: number[] = [];
  for (const end of source.closing) end();
  for await (const { position } of stream) positions.push(position);
  expect(positions).toEqual(Array.from({ length: 975 }, (_, index) => 1026 + index));
});

test("nothing is left behind, whoever ends it", async () => {
  const aborter = new AbortController();
  const left = createSource();
  const leaving = streamChanges(left, undefined);
  const reading = leaving.next();
  await leaving.return?.();
  expect(await reading).toEqual({ done: true, value: undefined });
  const aborted = createSource();
  const waiting = streamChanges(aborted, aborter.signal).next();
  aborter.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  for (const source of [left, aborted]) expect([source.listeners.size, source.closing.size]).toEqual([0, 0]);
});
