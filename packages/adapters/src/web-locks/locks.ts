/**
 * What the adapters need of Web Locks: `navigator.locks`, or what stands in for it.
 *
 * @module
 */

/** The part of a `LockManager` that is used here. */
export interface Locks {
  /** Resolves when the lock was given back, rejects when it was refused, withdrawn or stolen. */
  request(name: string, options: LockOptions, callback: () => Promise<void> | undefined): Promise<unknown>;
  query(): Promise<LockManagerSnapshot>;
}
