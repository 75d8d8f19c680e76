/**
 * Holds a Web Lock until it is given back.
 *
 * @module
 */
import type { Locks } from "./locks.js";

/** What happens to a lock that was asked for. Nothing is told once it was given back. */
export interface LockListener {
  granted?(): void;
  /** The request was refused, or the lock was stolen. */
  ended?(error: unknown): void;
}

/** Asks for an exclusive lock, or takes it from its holder. Returns what gives it back, or withdraws the request. */
export function holdLock(locks: Locks, name: string, listener: LockListener, how: "queue" | "steal" = "queue"): () => void {
  const withdrawal = new AbortController();
  let isGivenBack = false;
  let give = (): void => undefined;
  // A steal cannot be withdrawn; what it is granted too late is given back at once.
  const options: LockOptions = how === "steal" ? { steal: true } : { signal: withdrawal.signal };
  const hold = (): Promise<void> | undefined => {
    if (isGivenBack) return undefined;
    const held = new Promise<void>((resolve) => {
      give = resolve;
    });
    listener.granted?.();
    return held;
  };
  locks.request(name, options, hold).catch((error: unknown) => {
    if (isGivenBack) return;
    isGivenBack = true;
    listener.ended?.(error);
  });
  return () => {
    isGivenBack = true;
    give();
    withdrawal.abort();
  };
}
