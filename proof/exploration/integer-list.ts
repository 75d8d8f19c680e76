/**
 * A growing list of whole numbers of 32 bits, without a boxed number in it.
 *
 * @module
 */
export class IntegerList {
  #items = new Int32Array(1 << 12);
  length = 0;

  push(item: number): void {
    if (this.length === this.#items.length) {
      const larger = new Int32Array(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.length] = item;
    this.length += 1;
  }

  at(index: number): number {
    return this.#items[index] ?? 0;
  }
}
