/**
 * The promises of calls that wait: each settles once, whatever happens, and leaves no timer and no listener behind.
 *
 * @module
 */
import type { Clock } from "@gen-leader/protocol";
import { BadArgumentError } from "./errors.js";
import type { CallOptions } from "./server.js";

/** Erlang's default: five seconds. */
export const defaultCallTimeoutMs = 5000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  clean(): void;
}

export class PendingCalls {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  readonly #hold: () => () => void;
  #release: (() => void) | null = null;
  #last = 0;

  /** `hold` keeps the process alive while anybody waits. */
  constructor(clock: Clock, hold: () => () => void = () => () => {}) {
    this.#clock = clock;
    this.#hold = hold;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Every call that waits, oldest first. */
  get ids(): readonly number[] {
    return [...this.#pending.keys()];
  }

  /**
   * Makes a call wait, and `begin`s it. When it times out or is aborted, `giveUp` takes it back and says with
   * what error the caller is told.
   */
  open(options: CallOptions, begin: (id: number) => void, giveUp: (id: number, timeoutMs: number | null) => unknown): Promise<unknown> {
    const { signal } = options;
    const timeoutMs = options.timeoutMs ?? defaultCallTimeoutMs;
    if (!(timeoutMs > 0)) return Promise.reject(new BadArgumentError("timeoutMs must be a positive number, or Infinity."));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        giveUp(id, null);
        this.reject(id, signal?.reason);
      };
      const cancelTimer = timeoutMs === Infinity ? null : this.#clock.schedule(() => this.reject(id, giveUp(id, timeoutMs)), timeoutMs);
      signal?.addEventListener("abort", onAbort, { once: true });
      const clean = () => {
        cancelTimer?.();
        signal?.removeEventListener("abort", onAbort);
      };
      this.#pending.set(id, { resolve, reject, clean });
      this.#release ??= this.#hold();
      begin(id);
    });
  }

  resolve(id: number, value: unknown): void {
    this.#take(id)?.resolve(value);
  }

  reject(id: number, error: unknown): void {
    this.#take(id)?.reject(error);
  }

  rejectAll(error: (id: number) => unknown): void {
    for (const id of this.ids) this.reject(id, error(id));
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.clean();
    if (this.#pending.size === 0) {
      this.#release?.();
      this.#release = null;
    }
    return pending;
  }
}
