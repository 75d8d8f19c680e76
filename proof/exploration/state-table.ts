/**
 * A table of the states that were seen: open addressing over typed arrays, 12 bytes a slot. A state is known by its fingerprint of 64 bits:
 * among ten million states two share one with a probability of some 3 in a million.
 *
 * @module
 */
import type { Fingerprint } from "./fingerprint.js";

export class StateTable {
  #capacity = 1 << 16;
  #low = new Uint32Array(this.#capacity);
  #high = new Uint32Array(this.#capacity);
  /** Index of the state in a slot, plus one; 0 is free. */
  #states = new Int32Array(this.#capacity);
  size = 0;

  /** The index of a state that was seen before, or -1 after taking it in as the next one. */
  find({ low, high }: Fingerprint): number {
    if (this.size * 10 > this.#capacity * 6) this.#grow();
    let slot = this.#slotOf(low, high);
    const found = this.#states[slot] ?? 0;
    if (found > 0) return found - 1;
    this.size += 1;
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#states[slot] = this.size;
    slot = -1;
    return slot;
  }

  /** Where a fingerprint is, or belongs. */
  #slotOf(low: number, high: number): number {
    const mask = this.#capacity - 1;
    let slot = low & mask;
    while ((this.#states[slot] ?? 0) !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high)) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [low, high, states] = [this.#low, this.#high, this.#states];
    this.#capacity *= 2;
    this.#low = new Uint32Array(this.#capacity);
    this.#high = new Uint32Array(this.#capacity);
    this.#states = new Int32Array(this.#capacity);
    for (const [index, state] of states.entries()) {
      if (state === 0) continue;
      const slot = this.#slotOf(low[index] ?? 0, high[index] ?? 0);
      this.#low[slot] = low[index] ?? 0;
      this.#high[slot] = high[index] ?? 0;
      this.#states[slot] = state;
    }
  }
}
