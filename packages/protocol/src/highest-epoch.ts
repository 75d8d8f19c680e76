/**
 * The largest epoch that a message names.
 *
 * @module
 */
import type { Message } from "./messages.js";
import type { Token } from "./token.js";

/** Looks at the fields of the message's type alone: others may be there, of a later release or of somebody who means harm. */
export function highestEpochIn(message: Message): number {
  switch (message.type) {
    case "join":
    case "here":
      return Math.max(message.highestEpoch, epochOf(message.position.token));
    case "acknowledge":
      return Math.max(message.highestEpoch, message.campaign.epoch, epochOf(message.position.token));
    case "halt":
    case "fetch":
      return Math.max(message.campaign.epoch, epochOf(message.position.token));
    case "refuse":
      return Math.max(message.campaign.epoch, epochOf(message.against));
    case "withdraw":
      return message.campaign.epoch;
    case "tail":
      return Math.max(message.campaign.epoch, epochOf(message.base.token));
    case "announce":
      return Math.max(message.token.epoch, message.campaign.epoch);
    case "resync":
      return Math.max(message.token.epoch, epochOf(message.position.token));
    case "welcome":
    case "broadcast":
    case "aside":
    case "digest":
    case "report":
    case "missed":
    case "removed":
    case "hand-over":
    case "resign":
    case "call":
    case "cast":
    case "cancel":
    case "reply":
      return message.token.epoch;
    case "name-taken":
    case "leave":
    case "challenge":
    case "alive":
    case "accuse":
    case "bounce":
    case "peer-call":
    case "peer-reply":
    case "peer-cancel":
    case "peer-cast":
      return 0;
  }
}

function epochOf(token: Token | null): number {
  return token?.epoch ?? 0;
}
