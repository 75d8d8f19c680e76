/**
 * What was acknowledged, and whether it is there.
 *
 * @module
 */
import type { Lanes } from "./lanes.js";

/** What is wrong with what was found. */
export interface Faults {
  /** Numbers that were acknowledged and have no effect. */
  readonly lost: number;
  /** Effects beyond one of a number. */
  readonly twice: number;
}

export class Ledger {
  readonly #answered: Map<string, number>;
  /** How many commands were acknowledged. */
  commands = 0;

  constructor(answered: ReadonlyMap<string, number> = new Map()) {
    this.#answered = new Map(answered);
  }

  /** All that is known up to now, which stays as it is. */
  known(): Ledger {
    return new Ledger(this.#answered);
  }

  answered(lane: string, number: number): void {
    this.#answered.set(lane, number);
    this.commands += 1;
  }

  /** Compares all that was acknowledged with what is there. */
  compare(found: Lanes): Faults {
    let [lost, twice] = [0, 0];
    for (const lane of new Set([...this.#answered.keys(), ...Object.keys(found)])) {
      const { last, times } = found[lane] ?? { last: 0, times: 0 };
      // Whoever asks for a number has been answered all before it.
      lost += Math.max(0, Math.max(last, this.#answered.get(lane) ?? 0) - times);
      twice += Math.max(0, times - last);
    }
    return { lost, twice };
  }
}
