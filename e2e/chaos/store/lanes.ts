/**
 * The store of the chaos runs: lanes, in each of which somebody counts up from 1. Whoever asks waits for the answer before it asks for the next
 * number, so that the store tells which numbers have taken effect, and how often.
 *
 * @module
 */
import type { Store } from "@gen-leader/store";

/** What one lane has come to. */
export interface Lane {
  /** The largest number that has taken effect. */
  readonly last: number;
  /** How often any has. */
  readonly times: number;
}

export type Lanes = Readonly<Record<string, Lane>>;

const initial: Lanes = {};

export const lanesStore = {
  initial,
  commands: {
    count(draft: Record<string, Lane>, lane: string, number: number) {
      const { last, times } = draft[lane] ?? { last: 0, times: 0 };
      draft[lane] = { last: Math.max(last, number), times: times + 1 };
    },
  },
  durability: "persisted",
} as const;

export type LanesStore = Store<Lanes, typeof lanesStore.commands>;

/** What a writer tells. */
export type Told =
  /** What it found when it began: everything that was kept. */
  | { readonly type: "found"; readonly lanes: Lanes }
  | { readonly type: "answered"; readonly lane: string; readonly number: number }
  | { readonly type: "refused"; readonly lane: string; readonly error: string };

/** How many lanes each writer counts in at once. */
const lanesEach = 4;

/** Counts in lanes of its own until it is ended. `name` is never used again. */
export async function keepCounting(store: LanesStore, name: string, tell: (told: Told) => void): Promise<void> {
  await store.sync();
  tell({ type: "found", lanes: store.get() });
  await Promise.all(Array.from({ length: lanesEach }, (_, index) => countUp(store, `${name}.${index}`, tell)));
}

async function countUp(store: LanesStore, name: string, tell: (told: Told) => void): Promise<void> {
  let lane = name;
  let failures = 0;
  for (let number = 1; ; number += 1) {
    try {
      await store.do.count(lane, number);
      tell({ type: "answered", lane, number });
    } catch (error) {
      tell({ type: "refused", lane, error: String(error) });
      // What became of that number is not known: it goes on elsewhere.
      failures += 1;
      lane = `${name}.${failures}`;
      number = 0;
    }
  }
}
