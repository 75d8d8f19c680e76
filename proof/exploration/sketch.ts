/**
 * A sketch of a part of a world, a realm or a message: two hashes of its shape, with the epochs and ids in it replaced by their order of
 * appearance, and the list of those. So a part is walked once, however many worlds share it, and still worlds that
 * differ in nothing but the numbers of their epochs and incarnations come out the same.
 *
 * @module
 */
import type { PeerId } from "gen-leader/protocol";
import { isPeerId } from "gen-leader/protocol";

export interface Sketch {
  readonly low: number;
  readonly high: number;
  readonly epochs: readonly number[];
  readonly ids: readonly PeerId[];
  /** Questions whether somebody runs: who asked (`null`: who this part belongs to), and the number of the question. */
  readonly nonces: readonly { readonly owner: PeerId | null; readonly nonce: number }[];
}

/** Fields that hold an epoch. */
const epochFields = new Set(["epoch", "highestEpoch", "promisedEpoch"]);
/** Fields that say nothing: constant in a run, or numbers of which only their being fresh matters. */
const silentFields = new Set(["config", "wallOffset", "counter", "formerSelves", "gl", "preference", "priority", "version"]);

const symbols = new Map<string, number>();

/** A number for a text: the same text has the same one as long as this process runs. */
function symbolOf(text: string): number {
  let symbol = symbols.get(text);
  if (symbol === undefined) {
    symbol = (symbols.size + 1) * 7919;
    symbols.set(text, symbol);
  }
  return symbol;
}

export class Sketcher {
  #low = 0x2545f491;
  #high = 0x5bd1e995;
  readonly epochs: number[] = [];
  readonly ids: PeerId[] = [];
  readonly nonces: { owner: PeerId | null; nonce: number }[] = [];
  #sender: PeerId | null = null;

  add(word: number): void {
    this.#low = mixLow(this.#low, word);
    this.#high = mixHigh(this.#high, word);
  }

  finish(): Sketch {
    return { low: this.#low, high: this.#high, epochs: this.epochs, ids: this.ids, nonces: this.nonces };
  }

  /** Takes in the sketch of a part of this part, which others may share. */
  fold({ low, high, epochs, ids, nonces }: Sketch): void {
    this.add(low);
    this.add(high);
    for (const epoch of epochs) this.#atom(this.epochs, epoch, 0x10000);
    for (const id of ids) this.#atom(this.ids, id, 0x20000);
    this.nonces.push(...nonces);
  }

  field(name: string, value: unknown): void {
    if (silentFields.has(name)) return;
    this.add(symbolOf(name));
    this.walk(value, name);
  }

  walk(value: unknown, field: string): void {
    switch (typeof value) {
      case "number":
        return this.#number(value, field);
      case "string":
        return this.#text(value);
      case "boolean":
        return this.add(value ? 3 : 5);
      case "object":
        return value === null ? this.add(7) : this.#object(value, field);
      default:
        return this.add(11);
    }
  }

  #number(value: number, field: string): void {
    if (field === "nonce") return;
    if (epochFields.has(field)) return this.#atom(this.epochs, value, 0x10000);
    this.add(0x40000000 ^ value);
  }

  #text(text: string): void {
    if (isId(text)) this.#atom(this.ids, text, 0x20000);
    else this.add(symbolOf(text));
  }

  #atom<T>(known: T[], atom: T, tag: number): void {
    let index = known.indexOf(atom);
    if (index < 0) index = known.push(atom) - 1;
    this.add(tag + index);
  }

  #object(value: object, field: string): void {
    if (Array.isArray(value)) {
      this.add(0x30000 + value.length);
      for (const item of value) this.walk(item, field);
    } else if (value instanceof Map) this.#map(value);
    else if (value instanceof Set) {
      this.add(0x50000 + value.size);
      for (const item of [...value].sort()) this.walk(item, field);
    } else this.#record(value, field);
  }

  /** In the order of the keys: that of insertion is of no account in what is kept by id or by number; see the normal form. */
  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.add(0x60000 + map.size);
    const keys = [...map.keys()];
    if (keys.length > 1) keys.sort((a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : 1));
    for (const key of keys) {
      this.walk(key, "");
      this.walk(map.get(key), "");
    }
  }

  #record(record: object, field: string): void {
    const entries: [string, unknown][] = Object.entries(record);
    if (field === "deadlines") entries.sort(([a], [b]) => (a < b ? -1 : 1));
    const previous = this.#sender;
    const isSerials = "above" in record;
    for (const [name, value] of entries) {
      if (name === "from" && typeof value === "string" && isPeerId(value)) this.#sender = value;
      if (name === "nonce" && typeof value === "number" && field !== "suspicion") this.#nonce(record, value);
      // Of a contender, `floor` is an epoch; of the serials seen, a serial.
      this.field(name === "floor" && !isSerials ? "epoch" : name, value);
    }
    this.add(13);
    this.#sender = previous;
  }

  /** A challenge is its sender's question; an `alive` answers one of whoever hears it. */
  #nonce(record: object, nonce: number): void {
    const isAnswer = "type" in record && record.type === "alive";
    this.nonces.push({ owner: isAnswer ? null : this.#sender, nonce });
  }
}

/** Whether a text is an id: none of what users say here has a `#` in it. */
function isId(text: string): text is PeerId {
  return text.includes("#") && isPeerId(text);
}

export function mixLow(hash: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = (mixed << 15) | (mixed >>> 17);
  const next = hash ^ Math.imul(mixed, 0x1b873593);
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

export function mixHigh(hash: number, word: number): number {
  let mixed = Math.imul(word ^ 0x3c6ef372, 0x85ebca6b);
  mixed = (mixed << 13) | (mixed >>> 19);
  const next = hash ^ Math.imul(mixed, 0xc2b2ae35);
  return (Math.imul((next << 17) | (next >>> 15), 9) + 0x27d4eb2f) | 0;
}

/** The sketch of a part that stands in a field of this name. */
export function sketchOf(part: unknown, field = ""): Sketch {
  const sketcher = new Sketcher();
  sketcher.walk(part, field);
  return sketcher.finish();
}
