/**
 * The shared memory of a fence: a word that says who holds it, and the names behind the words.
 *
 * @module
 */
/// <reference lib="es2024.sharedmemory" />
import type { PeerId } from "@gen-leader/protocol";

// In words of 64 bits: the mark of this layout, the birth, the holder, then the slots.
const mark = 0x67656e5f6c656101n;
const markAt = 0;
const birthAt = 1;
const holderAt = 2;
const slotsAt = 3;
/** Peers that can be in the middle of taking the fence at once; a slot is used for microseconds, or while one holds it. */
const slots = 32;
/** A slot: the hash of its owner, then the owner's id, its length first, in UTF-16 code units. */
const wordsPerSlot = 40;
const unitsPerWord = 4;
const longestId = (wordsPerSlot - 1) * unitsPerWord - 1;
/** How often to read a name that is being changed; one that cannot be read then was written by no one of ours. */
const readTries = 1000;
const byteLength = (slotsAt + slots * wordsPerSlot) * BigInt64Array.BYTES_PER_ELEMENT;

/** A fence's memory, as one thread sees it. */
export interface FenceMemory {
  readonly buffer: SharedArrayBuffer;
  /** When it was made, and a random part: the smaller is the elder, and equal ones are the same. */
  readonly birth: bigint;
  /** The hash of the holder, 0 for none. */
  word(): bigint;
  /** The holder's id; `null` for none. */
  holder(): PeerId | null;
  /** Makes `self` the holder if `expected` is. Exact: one of many wins. */
  take(expected: bigint, self: PeerId): boolean;
  /** Makes nobody the holder if `self` is. */
  free(self: PeerId): void;
  /** Resolves when the holder is, or may be, another than `seen`. */
  changed(seen: bigint): Promise<void>;
  /** Wakes everybody who waits for a change. */
  wake(): void;
}

/** FNV-1a over the code units: 64 bits, never 0. */
export function hashOf(id: PeerId): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < id.length; index += 1) {
    hash ^= BigInt(id.charCodeAt(index));
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return BigInt.asIntN(64, hash === 0n ? 1n : hash);
}

/** Memory of its own, born now. */
export function createFenceMemory(): FenceMemory {
  const buffer = new SharedArrayBuffer(byteLength);
  const words = new BigInt64Array(buffer);
  words[birthAt] = (BigInt(Date.now()) << 20n) | BigInt(Math.floor(Math.random() * 2 ** 20));
  Atomics.store(words, markAt, mark);
  return viewOf(buffer, words);
}

/** The memory that another peer has shared; `null` if it is nothing of the kind, or what `present` shows already. */
export function openFenceMemory(shared: unknown, present: FenceMemory): FenceMemory | null {
  if (!(shared instanceof SharedArrayBuffer) || shared.byteLength !== byteLength) return null;
  const words = new BigInt64Array(shared);
  return Atomics.load(words, markAt) === mark && words[birthAt] !== present.birth ? viewOf(shared, words) : null;
}

/** @throws `RangeError` if the id does not fit into a slot. */
export function assertFits(id: PeerId): void {
  if (id.length > longestId) throw new RangeError(`The id of a peer must not be longer than ${longestId} characters: ${id}`);
}

function viewOf(buffer: SharedArrayBuffer, words: BigInt64Array<SharedArrayBuffer>): FenceMemory {
  const units = new Uint16Array(buffer);
  const word = (): bigint => Atomics.load(words, holderAt);
  const ownerAt = (slot: number): number => slotsAt + slot * wordsPerSlot;
  const textAt = (slot: number): number => (ownerAt(slot) + 1) * unitsPerWord;

  function slotOf(owner: bigint): number {
    for (let slot = 0; slot < slots; slot += 1) if (Atomics.load(words, ownerAt(slot)) === owner) return slot;
    return -1;
  }

  /** Makes a slot its owner's: a free one, or else one left by a thread that ended while it was taking the fence. */
  function claim(owner: bigint): number {
    const own = slotOf(owner);
    if (own >= 0) return own;
    for (const leavings of [false, true]) {
      for (let slot = 0; slot < slots; slot += 1) {
        const present = Atomics.load(words, ownerAt(slot));
        if (present !== 0n && (!leavings || present === word())) continue;
        if (Atomics.compareExchange(words, ownerAt(slot), present, owner) === present) return slot;
      }
    }
    return 0;
  }

  function write(self: PeerId, owner: bigint): number {
    const slot = claim(owner);
    const at = textAt(slot);
    units[at] = self.length;
    for (let index = 0; index < self.length; index += 1) units[at + 1 + index] = self.charCodeAt(index);
    return slot;
  }

  function read(slot: number): PeerId {
    const at = textAt(slot);
    const length = Math.min(units[at] ?? 0, longestId);
    return String.fromCharCode(...units.slice(at + 1, at + 1 + length)) as PeerId;
  }

  function wake(): void {
    Atomics.notify(words, holderAt);
  }

  return {
    buffer,
    birth: words[birthAt] ?? 0n,
    word,
    holder() {
      // The name is written before the word, so it is there unless the holder has changed meanwhile.
      for (let tries = 0, seen = word(); seen !== 0n && tries < readTries; tries += 1, seen = word()) {
        const slot = slotOf(seen);
        const id = slot < 0 ? null : read(slot);
        if (id !== null && hashOf(id) === seen && word() === seen) return id;
      }
      return null;
    },
    take(expected, self) {
      const own = hashOf(self);
      const slot = write(self, own);
      if (Atomics.compareExchange(words, holderAt, expected, own) !== expected) {
        if (word() !== own) Atomics.compareExchange(words, ownerAt(slot), own, 0n);
        return false;
      }
      if (slotOf(own) < 0) write(self, own);
      if (expected !== 0n) wake();
      return true;
    },
    free(self) {
      const own = hashOf(self);
      const hadIt = Atomics.compareExchange(words, holderAt, own, 0n) === own;
      const slot = slotOf(own);
      if (slot >= 0) Atomics.compareExchange(words, ownerAt(slot), own, 0n);
      if (hadIt) wake();
    },
    async changed(seen) {
      await Atomics.waitAsync(words, holderAt, seen).value;
    },
    wake,
  };
}
