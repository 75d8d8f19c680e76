/**
 * The one notation for messages, events, effects and states: in transcripts, in logs and on the playground. One line
 * each; what users send is printed as short JSON.
 *
 * @module
 */
import type { Delivery, Effect } from "./effects.js";
import type { Event } from "./events.js";
import type { Entry, Message, Result } from "./messages.js";
import type { Member } from "./peer.js";
import type { PeerState, Phase } from "./state.js";
import type { Position, Token } from "./token.js";

/** Longest print of one value of a user's. */
const valueLimit = 60;

export function printToken(token: Token | null): string {
  return token === null ? "-" : `${token.epoch}@${token.leader}`;
}

function printPosition({ token, sequence }: Position): string {
  return token === null ? "blank" : `${printToken(token)}/${sequence}`;
}

function printValue(value: unknown): string {
  let text: string;
  try {
    text = JSON.stringify(value, (_, part: unknown) => (part instanceof Map || part instanceof Set ? [...part] : part)) ?? "undefined";
  } catch {
    text = "?";
  }
  return text.length > valueLimit ? `${text.slice(0, valueLimit)}…` : text;
}

function printMembers(members: readonly Member[]): string {
  return `[${members.map(({ id, role }) => (role === "worker" ? `${id}:worker` : id)).join(" ")}]`;
}

function printEntry(entry: Entry): string {
  return entry.type === "message" ? printValue(entry.payload) : `members ${printMembers(entry.members)}`;
}

function printResult(result: Result): string {
  return result.type === "value" ? printValue(result.value) : `${result.code} ${result.message}`;
}

/** What a message says, without its sender. */
export function printMessage(message: Message): string {
  const { type } = message;
  switch (type) {
    case "join":
    case "here":
      return `${type} ${message.member.role} at ${printPosition(message.position)} highest ${message.highestEpoch}`;
    case "halt":
    case "acknowledge":
      return `${type} ${printToken(message.campaign)} at ${printPosition(message.position)}`;
    case "refuse":
      return `${type} ${printToken(message.campaign)} ${message.reason} ${printToken(message.against)}`;
    case "withdraw":
      return `${type} ${printToken(message.campaign)}`;
    case "fetch":
      return `${type} after ${printPosition(message.position)}`;
    case "tail":
      return `${type} ${message.complete ? "" : "in"}complete from ${printPosition(message.base)}${message.sync === null ? "" : ` sync ${printValue(message.sync.payload)}`} +${message.entries.length}`;
    case "announce":
      return `${type} ${printToken(message.token)} ${printMembers(message.members)} sync ${printValue(message.sync)}`;
    case "welcome":
      return `${type} ${printToken(message.token)}/${message.sequence} ${printMembers(message.members)} sync ${printValue(message.sync)}`;
    case "broadcast":
      return `${type} ${printToken(message.token)}/${message.sequence} ${printEntry(message.entry)}`;
    case "aside":
      return `${type} ${printToken(message.token)} ${printValue(message.payload)}`;
    case "digest":
    case "report":
      return `${type} ${printToken(message.token)}/${message.sequence}`;
    case "resync":
      return `${type} after ${printPosition(message.position)}`;
    case "missed":
      return `${type} ${printToken(message.token)}/${message.first} +${message.entries.length}`;
    case "hand-over":
      return `${type} ${printToken(message.token)} to ${message.successor ?? "nobody"}`;
    case "resign":
      return `${type} ${printToken(message.token)}${message.leaving ? " leaving" : ""}${message.successor === null ? "" : ` to ${message.successor}`}`;
    case "challenge":
    case "alive":
      return `${type} ${message.nonce}`;
    case "accuse":
      return `${type} ${message.accused}`;
    case "call":
      return `${type} ${message.call} ${printValue(message.request)}`;
    case "cast":
      return `${type} ${printValue(message.payload)}`;
    case "cancel":
    case "bounce":
    case "peer-cancel":
      return `${type} ${message.call}`;
    case "reply":
      return `${type} ${message.call} after ${message.after}: ${printResult(message.result)}`;
    case "peer-call":
      return `${type} ${message.call} ${printValue(message.request)}`;
    case "peer-reply":
      return `${type} ${message.call}: ${printResult(message.result)}`;
    case "peer-cast":
      return `${type} ${printValue(message.payload)}`;
    case "name-taken":
    case "leave":
      return type;
    case "removed":
      return `${type} ${printToken(message.token)}`;
  }
}

/** What happens to a peer. */
export function printEvent(event: Event): string {
  switch (event.type) {
    case "opened":
      return `opened ${event.self} census ${event.census === null ? "none" : `[${event.census.join(" ")}]`} fence ${event.holder ?? "free"}`;
    case "received":
      return `${event.message.from}: ${printMessage(event.message)}`;
    case "down":
      return `down ${event.peer} ${event.reason}`;
    case "appeared":
      return `appeared ${event.peer}`;
    case "wall":
      return `wall ${event.wall}`;
    case "fence-holder":
      return `fence-holder ${event.holder ?? "nobody"}`;
    case "call":
      return `call ${event.call} ${printValue(event.request)}`;
    case "cancel":
      return `cancel ${event.call}`;
    case "cast":
      return `cast ${printValue(event.payload)}`;
    case "peer-call":
      return `peer-call ${event.call} to ${event.to} ${printValue(event.request)}`;
    case "peer-cast":
      return `peer-cast to ${event.to} ${printValue(event.payload)}`;
    case "synced":
      return `synced ${printToken(event.token)}${event.joiner === null ? "" : ` for ${event.joiner}`} ${printValue(event.sync)}`;
    case "snapshotted":
      return `snapshotted for ${event.requester} ${printValue(event.sync)}`;
    case "broadcast":
      return `broadcast ${printValue(event.payload)}${event.to === null ? "" : ` to [${event.to.join(" ")}]`}`;
    case "answered":
    case "peer-answered":
      return `${event.type} ${event.caller.peer}!${event.caller.call} ${printResult(event.result)}`;
    case "abandoned":
      return `abandoned begun ${event.begun.length} waiting ${event.waiting.length}`;
    case "step-down":
      return `step-down${event.to === null ? "" : ` to ${event.to}`}`;
    case "preference":
      return `preference ${event.preference}`;
    default:
      return event.type;
  }
}

/** What the user's callbacks get. */
export function printDelivery(delivery: Delivery): string {
  switch (delivery.type) {
    case "elected":
      return `elected ${printToken(delivery.token)}${delivery.joiner === null ? "" : ` joiner ${delivery.joiner}`}${delivery.mayHaveLost ? " may-have-lost" : ""}`;
    case "surrendered":
      return `surrendered ${printToken(delivery.token)}/${delivery.sequence} sync ${printValue(delivery.sync)}${delivery.deposed ? " deposed" : ""}${delivery.lost.length > 0 ? ` lost ${printValue(delivery.lost)}` : ""}`;
    case "from-leader":
      return `from-leader ${printToken(delivery.token)}/${delivery.sequence} ${printValue(delivery.payload)}`;
    case "leader-call":
      return `leader-call ${delivery.caller.peer}!${delivery.caller.call} ${printValue(delivery.request)}`;
    case "leader-cast":
      return `leader-cast ${printValue(delivery.payload)}`;
    case "down":
      return `down ${delivery.peer} ${delivery.reason}`;
    case "peer-call":
      return `peer-call ${delivery.caller.peer}!${delivery.caller.call} ${printValue(delivery.request)}`;
    case "peer-cast":
      return `peer-cast ${printValue(delivery.payload)}`;
    case "snapshot":
      return `snapshot for ${delivery.requester}`;
    case "advance":
      return `advance ${delivery.sequence}`;
    case "settle":
      return `settle ${delivery.call} ${delivery.outcome.type === "result" ? printResult(delivery.outcome.result) : `${delivery.outcome.type} ${delivery.outcome.outcome}`}`;
  }
}

/** What a step wants done. */
export function printEffect(effect: Effect): string {
  switch (effect.type) {
    case "post":
      return `post ${printMessage(effect.message)}`;
    case "send":
      return `send ${effect.to}: ${printMessage(effect.message)}`;
    case "monitor":
    case "demonitor":
    case "name-taken":
      return `${effect.type} ${effect.peer}`;
    case "fence-request":
      return `fence-request${effect.over.length > 0 ? ` over [${effect.over.join(" ")}]` : ""}`;
    case "fence-steal":
      return `fence-steal from ${effect.holder}`;
    case "deliver":
      return `deliver ${printDelivery(effect.delivery)}`;
    case "cancel":
      return `cancel ${effect.caller.peer}!${effect.caller.call}`;
    case "tenure-ended":
    case "drain":
      return `${effect.type} ${printToken(effect.token)}`;
    case "step-down-refused":
      return `step-down-refused ${effect.request}`;
    case "hand-over-abandoned":
      return `hand-over-abandoned ${effect.successor}`;
    case "dropped":
      return `dropped ${effect.reason} from ${effect.from ?? "?"}`;
    case "note":
      return `note ${effect.note.type} ${"from" in effect.note ? effect.note.from : effect.note.peer}`;
    default:
      return effect.type;
  }
}

function printPhase(phase: Phase): string {
  switch (phase.type) {
    case "contending":
      return `contending ${phase.stage.type}`;
    case "halted":
      return `halted by ${phase.contender}`;
    case "following":
      return `following ${phase.leader}`;
    default:
      return phase.type;
  }
}

/** Where a peer stands. */
export function printState(state: PeerState): string {
  return `${state.self} ${printPhase(state.phase)} at ${printPosition(state.position)} members [${[...state.members.keys()].join(" ")}]`;
}
