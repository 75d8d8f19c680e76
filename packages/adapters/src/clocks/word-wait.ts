/**
 * To wait for a word of memory that nobody ever changes: browsers hold timers of hidden pages back, and not this.
 *
 * @module
 */
import type { Wait } from "./prompt-timers.js";

/** What is used of `Atomics`. The types of the language that this is written in do not know all of it yet. */
interface Waiting {
  notify(word: Int32Array, index: number): number;
  waitAsync?(word: Int32Array, index: number, value: number, timeoutMs: number): { readonly async: boolean; readonly value: unknown };
}

/** The memory of this realm, once anybody waits for it: browsers reserve much more for it than it has. */
let memory: Int32Array | null = null;
let taken = 0;

/** `null` where the platform has no such memory, or nothing that waits for it without standing still. */
export function createWordWait(): Wait | null {
  try {
    const atomics: Waiting = Atomics;
    // Shared memory can be had this way wherever the page comes from; it just cannot be sent to anybody.
    memory ??= new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
    const words = memory;
    const index = taken++ % words.length;
    // Were it no shared memory, this would throw.
    if (atomics.waitAsync?.(words, index, 1, 0).async !== false) return null;
    return (delayMs, done) => {
      let isPrevented = false;
      void Promise.resolve(atomics.waitAsync?.(words, index, 0, delayMs).value).then(() => {
        if (!isPrevented) done();
      });
      return () => {
        isPrevented = true;
        // Now rather than when the page stands still.
        atomics.notify(words, index);
      };
    };
  } catch {
    return null;
  }
}
