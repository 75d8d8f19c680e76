/**
 * Who waits until this peer's copy has what an answer tells of: answers may overtake what is sent in pieces.
 *
 * @module
 */
import { compareTokens, type Token } from "gen-leader";

interface Arrival {
  readonly position: number;
  readonly token: Token | null;
}

export interface Arrivals {
  /** Resolves when the copy is at a position of the leader with this token, or goes on with what another one has; `null` if it does. */
  reached(answered: Arrival): Promise<void> | null;
  /** The copy has changed, or this peer has all that its leader has. */
  check(): void;
  /** Nobody waits any longer. */
  end(): void;
}

/** `present` is where the copy is, under which leader, and whether it lacks what that has. */
export function createArrivals(present: () => Arrival & { readonly isBehind: boolean }): Arrivals {
  let waiting: (Arrival & { readonly resolve: () => void })[] = [];

  function isHere(one: Arrival): boolean {
    const { position, token, isBehind } = present();
    return position >= one.position || (!isBehind && compareTokens(token, one.token) !== 0);
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
