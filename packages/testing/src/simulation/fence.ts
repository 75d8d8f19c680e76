/**
 * A fence in virtual time, as a lock is: one holds it, the others wait in line, a thief takes it from a holder.
 *
 * @module
 */
import type { FenceEvent, PeerId } from "@gen-leader/protocol";

/** Who asks for the fence, and how it is told what became of that. */
interface Waiter {
  readonly id: PeerId;
  tell(event: FenceEvent): void;
}

export class SimulatedFence {
  #holder: Waiter | null = null;
  #queue: readonly Waiter[] = [];
  readonly #later: (run: () => void) => void;

  /** `later` lets something happen after as long as the platform takes. */
  constructor(later: (run: () => void) => void) {
    this.#later = later;
  }

  get holder(): PeerId | null {
    return this.#holder?.id ?? null;
  }

  request(waiter: Waiter): void {
    if (this.#queue.some(({ id }) => id === waiter.id)) return;
    if (this.#holder === null) return this.#grant(waiter);
    this.#queue = [...this.#queue, waiter];
    this.#later(() => {
      if (this.#queue.includes(waiter)) waiter.tell({ type: "busy" });
    });
  }

  /** Gives the fence back or withdraws a request; also what happens when its owner dies. */
  release(id: PeerId): void {
    this.#queue = this.#queue.filter((waiter) => waiter.id !== id);
    if (this.#holder?.id !== id) return;
    this.#holder = null;
    const [next, ...others] = this.#queue;
    this.#queue = others;
    if (next !== undefined) this.#grant(next);
  }

  steal(thief: Waiter, accused: PeerId): void {
    const robbed = this.#holder;
    if (robbed?.id !== accused) return this.#later(() => thief.tell({ type: "ended" }));
    this.#queue = this.#queue.filter(({ id }) => id !== thief.id);
    this.#grant(thief);
    this.#later(() => robbed.tell({ type: "lost" }));
  }

  #grant(waiter: Waiter): void {
    this.#holder = waiter;
    this.#later(() => {
      if (this.#holder === waiter) waiter.tell({ type: "granted" });
    });
  }
}
