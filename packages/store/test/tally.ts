/**
 * A small store with every kind of command.
 */
import type { Draft } from "mutative";
import type { Durability } from "../src/index.js";

export interface Tally {
  readonly value: number;
  readonly names: readonly string[];
}

export class TooMuchError extends Error {
  override readonly name = "TooMuchError";
  readonly code = "too-much";
  constructor(readonly most: number) {
    super(`More than ${most}.`, { cause: new RangeError("out of range") });
  }
}

const initial: Tally = { value: 0, names: [] };

export const tally = {
  initial,
  errors: [TooMuchError],
  durability: "replicated" satisfies Durability as Durability,
  commands: {
    add(draft: Draft<Tally>, by: number) {
      if (draft.value + by > 1000) throw new TooMuchError(1000);
      draft.value += by;
      return draft.value;
    },
    async addLater(draft: Draft<Tally>, by: number) {
      await Promise.resolve();
      draft.value += by;
      return draft.value;
    },
    join(draft: Draft<Tally>, name: string) {
      draft.names.push(name);
      return draft.names;
    },
    read: (draft: Draft<Tally>) => draft.value,
  },
};
