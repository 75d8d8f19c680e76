/**
 * Who waits until this peer's copy has what an answer tells of: answers may overtake what is sent in pieces.
 *
 * @module
 */
import { compareTokens, type Token } from "gen-leader";

/** A position of the leader with a token. */
interface Arrival {
  readonly position: number;
  readonly token: Token | null;
}

export interface Arrivals {
  /** Resolves when the copy is there, or goes on with all that a later leader has; `null` if it does. */
  reached(answered: Arrival): Promise<void> | null;
  /** The copy has changed, or this peer has all that its leader has. */
  check(): void;
  /** Nobody waits any longer. */
  end(): void;
}

/** `present` is where the copy is, and which leader it has all of; `null` if it lacks something. */
export function createArrivals(present: () => Arrival): Arrivals {
  let waiting: (Arrival & { readonly resolve: () => void })[] = [];

  function isHere(one: Arrival): boolean {
    const { position, token } = present();
    return position >= one.position || compareTokens(token, one.token) > 0;
  }

  function settle(isOver: (one: (typeof waiting)[number]) => boolean): void {
    const over = waiting.filter(isOver);
    if (over.length === 0) return;
    waiting = waiting.filter((one) => !over.includes(one));
    for (const { resolve } of over) resolve();
  }

  return {
    reached({ position, token }) {
      return isHere({ position, token }) ? null : new Promise((resolve) => waiting.push({ position, token, resolve }));
    },
    check: () => settle(isHere),
    end: () => settle(() => true),
  };
}
