/**
 * Follows what the callbacks of a realm get: how far they are after a step, and whether anything came out of turn.
 *
 * @module
 */
import { compareTokens, type Delivery, type Effect, printToken, sameToken } from "gen-leader/protocol";
import type { ObservedStep } from "./platform.js";
import type { Cursor } from "./world.js";

/** Where the callbacks of a leader are when its tenure begins; else where they were. */
export function cursorAtVictory(cursor: Cursor, before: ObservedStep["before"], after: ObservedStep["after"]): Cursor {
  const hasWon = after.phase.type === "leading" && before.phase.type === "contending";
  return hasWon ? { token: after.token, sequence: 0 } : cursor;
}

/** Where the callbacks are after the deliveries of a step, and what was wrong with those. */
export function followCallbacks(from: Cursor, effects: readonly Effect[]): { readonly cursor: Cursor; readonly complaint: string | null } {
  let cursor = from;
  let complaint: string | null = null;
  for (const effect of effects) {
    if (effect.type === "post" && effect.message.type === "broadcast") cursor = { token: cursor.token, sequence: effect.message.sequence };
    if (effect.type !== "deliver") continue;
    const { delivery } = effect;
    const wrong = outOfOrder(cursor, delivery);
    if (wrong !== null) complaint ??= `${wrong} at ${printToken(cursor.token)}/${cursor.sequence}`;
    if (delivery.type === "surrendered") cursor = { token: delivery.token, sequence: delivery.sequence };
    else if (delivery.type === "from-leader" || delivery.type === "advance") cursor = { token: cursor.token, sequence: delivery.sequence };
  }
  return { cursor, complaint };
}

function outOfOrder({ token, sequence }: Cursor, delivery: Delivery): string | null {
  switch (delivery.type) {
    case "surrendered": {
      const order = compareTokens(delivery.token, token);
      return order < 0 || (order === 0 && delivery.sequence < sequence)
        ? `surrendered to ${printToken(delivery.token)}/${delivery.sequence}`
        : null;
    }
    case "from-leader":
      return delivery.sequence === sequence + 1 && sameToken(delivery.token, token) ? null : `from-leader ${delivery.sequence}`;
    case "advance":
      return delivery.sequence === sequence + 1 ? null : `advance ${delivery.sequence}`;
    case "leader-call":
    case "leader-cast":
      return sameToken(delivery.token, token) ? null : `${delivery.type} of ${printToken(delivery.token)}`;
    default:
      return null;
  }
}

/** Keeps for the realm of a step how far its callbacks are. */
export function followStep({ draft, realm, before, effects, after }: ObservedStep): void {
  const { cursor } = followCallbacks(cursorAtVictory(realm.cursor, before, after), effects);
  const present = draft.realms[realm.slot];
  if (present !== undefined && (cursor.token !== realm.cursor.token || cursor.sequence !== realm.cursor.sequence))
    draft.realms[realm.slot] = { ...present, cursor };
}
