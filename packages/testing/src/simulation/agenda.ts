/**
 * Virtual time: what is to happen, in order of time and then of arrival.
 *
 * @module
 */

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Agenda {
  readonly #entries: Entry[] = [];
  #order = 0;
  now = 0;

  /** Plans something; not before the present. Returns what cancels it. */
  plan(at: number, run: () => void): () => void {
    const entry: Entry = { at: Math.max(at, this.now), order: this.#order++, run };
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#entries[middle];
      if (other !== undefined && (other.at < entry.at || (other.at === entry.at && other.order < entry.order))) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index >= 0) this.#entries.splice(index, 1);
    };
  }

  /** When the next thing happens, or `null` if nothing does. */
  get next(): number | null {
    return this.#entries[0]?.at ?? null;
  }

  /** Lets the next thing happen. False if there is none, or none up to `until`. */
  step(until = Infinity): boolean {
    const [entry] = this.#entries;
    if (entry === undefined || entry.at > until) return false;
    this.#entries.shift();
    this.now = Math.max(this.now, entry.at);
    entry.run();
    return true;
  }
}
