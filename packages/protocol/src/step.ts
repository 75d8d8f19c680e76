/**
 * The core: one pure function from a state and an event to the next state and what is to be done.
 *
 * Guards stand here and nothing else: a peer that speaks as a leader must hold the fence, and a leader that did not
 * run for a while asks whether it still leads before it goes on. What an event means is told by its family's file.
 *
 * @module
 */
import { orphansDue } from "./calls.js";
import type { Effect } from "./effects.js";
import {
  acknowledgeDue,
  electionDue,
  fenceBusy,
  fenceEnded,
  fenceGranted,
  receiveAcknowledge,
  receiveFetch,
  receiveHalt,
  receiveRefuse,
  receiveTail,
  receiveWithdraw,
  responseDue,
  snapshotted,
} from "./election.js";
import type { Event } from "./events.js";
import { drained, handOverDue, receiveHandOver, stepDown } from "./hand-over.js";
import { highestEpochIn } from "./highest-epoch.js";
import { noteTenure } from "./known-peers.js";
import {
  codeChanged,
  leave,
  noteLists,
  opened,
  peerAppeared,
  peerDown,
  preferenceChanged,
  receiveAnnounce,
  receiveHere,
  receiveJoin,
  receiveLeave,
  receiveNameTaken,
  receiveRemoved,
  receiveResign,
  receiveWelcome,
} from "./membership.js";
import type { Message } from "./messages.js";
import type { PeerId } from "./peer.js";
import { considerContending, lead, loseFence } from "./phases.js";
import { roleIn } from "./rank.js";
import {
  broadcast,
  receiveAside,
  receiveBroadcast,
  receiveDigest,
  receiveMissed,
  receiveReport,
  receiveResync,
  settleDue,
  synced,
} from "./replication.js";
import {
  abandoned,
  answered,
  call,
  cancel,
  cast,
  peerAnswered,
  peerCall,
  peerCast,
  receiveBounce,
  receiveCall,
  receiveCancel,
  receiveCast,
  receivePeerCall,
  receivePeerCancel,
  receivePeerCast,
  receivePeerReply,
  receiveReply,
} from "./requests.js";
import type { PeerState } from "./state.js";
import {
  holderBeforeSteal,
  learnHolder,
  look,
  progressDue,
  receiveAccuse,
  receiveAlive,
  receiveChallenge,
  suspicionDue,
} from "./suspicion.js";
import { dueTimers, earliest, type TimerName } from "./timers.js";
import { sameToken } from "./token.js";
import { beginTurn, disarm, drop, query, releaseFence, type Turn } from "./turn.js";
import { watch } from "./watch.js";

/** What came of one event. The effects are to be carried out in order, before the next event of this peer. */
export interface Step {
  readonly state: PeerState;
  readonly effects: readonly Effect[];
}

/** The most events that wait for an answer of the fence. */
const inboxLimit = 10_000;

export function step(state: PeerState, event: Event): Step {
  const turn = beginTurn(state);
  turn.state.now = Math.max(state.now, event.now);
  admitEvent(turn, event);
  watch(turn, state);
  return { state: turn.state, effects: turn.effects };
}

// --- the gate ---

/** Events that never wait: what the fence and the wall clock say, and coming and going. */
function passes(event: Event): boolean {
  return event.type === "opened" || event.type === "leave" || event.type === "wall" || event.type.startsWith("fence-");
}

/** Whether events wait for an answer of the fence. */
function isBlocked(state: PeerState): boolean {
  return state.queries.some(({ purpose }) => purpose === "inbox" || purpose === "doubt");
}

/**
 * When the driver has to hand in a `timeout`, or `null` if no deadline is armed, or none may pass before the fence has
 * answered.
 */
export function nextDeadline(state: PeerState): number | null {
  return isBlocked(state) ? null : earliest(state.deadlines);
}

/**
 * Whether this peer has the fence, as far as it knows, or waits for it, but has not run for a while: it may have been robbed. A
 * leader is in doubt about everything, a contender too: what waited for it might elect it, and a grant among that may be over.
 */
function isInDoubt({ active, config, phase }: PeerState, event: Event): boolean {
  if (!config.fenced || event.now - active <= config.limits.suspectMs) return false;
  return phase.type === "contending" || phase.type === "leading";
}

function admitEvent(turn: Turn, event: Event): void {
  const { state } = turn;
  if (event.type === "opened") state.active = state.now;
  if (passes(event) && !(event.type === "fence-granted" && isInDoubt(state, event))) {
    handle(turn, event);
    if (!isBlocked(state)) drainInbox(turn);
    return;
  }
  if (isBlocked(state)) {
    if (event.type === "timeout") return;
    if (event.type === "received" && state.inbox.length >= inboxLimit) return drop(turn, "overflow", event.message.from);
    state.inbox = [...state.inbox, event];
    return;
  }
  if (isInDoubt(state, event)) {
    state.inbox = [event];
    return query(turn, "doubt");
  }
  admitAtOnce(turn, event);
}

/** What waited for an answer that will not come any more goes on. */
function drainInbox(turn: Turn): void {
  const { inbox } = turn.state;
  if (inbox.length === 0) return;
  turn.state.inbox = [];
  admitWaiting(turn, inbox);
}

/** Handles an event that has not waited. */
function admitAtOnce(turn: Turn, event: Event): void {
  if (mustWait(turn, event)) {
    turn.state.inbox = [event];
    query(turn, "inbox");
  } else admit(turn, event);
}

/** Handles events that have waited, in order, up to one that only the holder of the fence may cause. */
function admitWaiting(turn: Turn, events: readonly Event[]): void {
  for (const [index, event] of events.entries()) {
    if (mustWait(turn, event)) {
      turn.state.inbox = events.slice(index);
      return query(turn, "inbox");
    }
    keepUnsent(turn, event);
    admit(turn, event);
  }
}

function admit(turn: Turn, event: Event): void {
  handle(turn, event);
  if (comesFromOutside(event)) turn.state.active = turn.state.now;
}

/** Whether an event may only be handled if the fence is held by whom it comes from. */
function mustWait({ state }: Turn, event: Event): boolean {
  return event.type === "received" && state.config.fenced && expectedHolder(state, event.message) !== null;
}

/**
 * What waited to be broadcast, and is not, since the tenure ended meanwhile or with something that waited before it, is in the
 * state of the callbacks all the same.
 */
function keepUnsent(turn: Turn, event: Event): void {
  const { state } = turn;
  if (event.type !== "broadcast" || event.to !== null) return;
  const isOver = state.phase.type !== "leading" || !sameToken(state.token, event.token);
  if (isOver) state.unsent = [...state.unsent, event.payload];
}

/**
 * Whether an event shows that this peer's event loop turns. What its own user and callbacks do does not: as long as nothing
 * else happens, a leader does not hear that it was deposed.
 */
function comesFromOutside(event: Event): boolean {
  return event.type === "received" || event.type === "timeout" || event.type === "down" || event.type === "appeared";
}

/** Who must hold the fence for this message to be obeyed; `null` if it does not matter. */
function expectedHolder(state: PeerState, message: Message): PeerId | null {
  switch (message.type) {
    case "halt":
    case "announce":
    case "welcome":
    case "removed":
      return message.from;
    case "challenge":
      return state.self;
    default:
      return null;
  }
}

/** The platform has said who holds the fence. */
function fenceHolder(turn: Turn, number: number, holder: PeerId | null): void {
  const { state } = turn;
  const found = state.queries.find((open) => open.number === number);
  if (found === undefined) return;
  state.queries = state.queries.filter((open) => open !== found);
  // The answer has waited for this peer to run again, and tells of then: it is asked for anew.
  if (state.now - found.at > state.config.limits.suspectMs) return query(turn, found.purpose);
  switch (found.purpose) {
    case "who":
      return learnHolder(turn, holder);
    case "steal":
      return holderBeforeSteal(turn, holder);
    case "doubt": {
      const waiting = state.inbox;
      state.inbox = [];
      state.active = state.now;
      if (holder === state.self) return admitWaiting(turn, waiting);
      loseFence(turn);
      const granted = waiting.some(({ type }) => type === "fence-granted");
      if (granted) {
        releaseFence(turn);
        fenceEnded(turn);
      }
      return admitWaiting(
        turn,
        waiting.filter(({ type }) => type !== "fence-granted"),
      );
    }
    case "inbox": {
      const [head, ...rest] = state.inbox;
      state.inbox = [];
      state.active = state.now;
      if (head?.type === "received") {
        if (expectedHolder(state, head.message) === holder) receive(turn, head.message);
        else refuseUnfenced(turn, head.message, holder);
      }
      return admitWaiting(turn, rest);
    }
  }
}

/** Whoever does not hold the fence is not obeyed; what it says of a tenure may be over, and true all the same. */
function refuseUnfenced(turn: Turn, message: Message, holder: PeerId | null): void {
  const { state } = turn;
  const isLed = state.phase.type === "following" && state.phase.leader === holder;
  const isCredible = !isLed && !isForeign(state, message.from) && !isAbsurd(state, highestEpochIn(message));
  if (message.type === "announce" && isCredible) noteTenure(turn, message.token);
  drop(turn, "unfenced", message.from);
}

// --- dispatch ---

function handle(turn: Turn, event: Event): void {
  switch (event.type) {
    case "opened":
      return opened(turn, event);
    case "received":
      return receive(turn, event.message);
    case "wall":
      turn.state.wallOffset = event.wall - event.now;
      return;
    case "down":
      return peerDown(turn, event.peer, event.reason);
    case "appeared":
      return peerAppeared(turn, event.peer);
    case "fence-granted":
      return fenceGranted(turn, event.census);
    case "fence-busy":
      return fenceBusy(turn);
    case "fence-ended":
      return fenceEnded(turn);
    case "fence-lost":
      return loseFence(turn);
    case "fence-holder":
      return fenceHolder(turn, event.query, event.holder);
    case "timeout":
      return timeout(turn);
    case "call":
      return call(turn, event);
    case "cancel":
      return cancel(turn, event.call);
    case "cast":
      return cast(turn, event.payload);
    case "peer-call":
      return peerCall(turn, event.call, event.to, event.request);
    case "peer-cast":
      return peerCast(turn, event.to, event.payload);
    case "synced":
      return event.joiner === null ? lead(turn, event.token, event.sync) : synced(turn, event.token, event.joiner, event.sync, event.to);
    case "snapshotted":
      return snapshotted(turn, event.requester, event.campaign, event.sync);
    case "broadcast":
      return broadcast(turn, event.token, event.payload, event.to);
    case "answered":
      return answered(turn, event.token, event.caller, event.result);
    case "peer-answered":
      return peerAnswered(turn, event.caller, event.result);
    case "abandoned":
      return abandoned(turn, event.begun, event.waiting);
    case "drained":
      return drained(turn, event.token);
    case "step-down":
      return stepDown(turn, event);
    case "preference":
      return preferenceChanged(turn, event.preference);
    case "look":
      return look(turn);
    case "code-changed":
      return codeChanged(turn, event.version, event.snapshots);
    case "leave":
      return leave(turn, event.backOffMs);
  }
}

/** Whether an id is this peer's, or was. */
function isSelf({ formerSelves, self }: PeerState, from: PeerId): boolean {
  return from === self || formerSelves.includes(from);
}

/** Peers on neither list are strangers, and so is whoever speaks under this peer's id. */
function isForeign(state: PeerState, from: PeerId): boolean {
  return isSelf(state, from) || roleIn(state.config, { id: from, role: "worker" }) === null;
}

/** A stranger is ignored; but one with other lists is reported, and whoever doubts that the other runs learns that it does. */
function receiveForeign(turn: Turn, message: Message): void {
  const { state } = turn;
  if (!isSelf(state, message.from) && state.phase.type !== "away") {
    if (message.type === "challenge") return receiveChallenge(turn, message);
    if (message.type === "alive") return receiveAlive(turn, message);
    if (message.type === "join") noteLists(turn, message);
  }
  drop(turn, "foreign", message.from);
}

function receive(turn: Turn, message: Message): void {
  const { state } = turn;
  if (isForeign(state, message.from)) return receiveForeign(turn, message);
  if (state.phase.type === "away") return drop(turn, "unexpected", message.from);
  if (isAbsurd(state, highestEpochIn(message))) return drop(turn, "malformed", message.from);
  switch (message.type) {
    case "join":
      return receiveJoin(turn, message);
    case "here":
      return receiveHere(turn, message);
    case "name-taken":
      return receiveNameTaken(turn, message);
    case "halt":
      return receiveHalt(turn, message);
    case "acknowledge":
      return receiveAcknowledge(turn, message);
    case "refuse":
      return receiveRefuse(turn, message);
    case "withdraw":
      return receiveWithdraw(turn, message);
    case "fetch":
      return receiveFetch(turn, message);
    case "tail":
      return receiveTail(turn, message);
    case "announce":
      return receiveAnnounce(turn, message);
    case "welcome":
      return receiveWelcome(turn, message);
    case "broadcast":
      return receiveBroadcast(turn, message);
    case "aside":
      return receiveAside(turn, message);
    case "digest":
      return receiveDigest(turn, message);
    case "report":
      return receiveReport(turn, message);
    case "resync":
      return receiveResync(turn, message);
    case "missed":
      return receiveMissed(turn, message);
    case "removed":
      return receiveRemoved(turn, message);
    case "hand-over":
      return receiveHandOver(turn, message);
    case "resign":
      return receiveResign(turn, message);
    case "leave":
      return receiveLeave(turn, message);
    case "challenge":
      return receiveChallenge(turn, message);
    case "alive":
      return receiveAlive(turn, message);
    case "accuse":
      return receiveAccuse(turn, message);
    case "call":
      return receiveCall(turn, message);
    case "cast":
      return receiveCast(turn, message);
    case "cancel":
      return receiveCancel(turn, message);
    case "reply":
      return receiveReply(turn, message);
    case "bounce":
      return receiveBounce(turn, message);
    case "peer-call":
      return receivePeerCall(turn, message);
    case "peer-reply":
      return receivePeerReply(turn, message);
    case "peer-cancel":
      return receivePeerCancel(turn, message);
    case "peer-cast":
      return receivePeerCast(turn, message);
  }
}

/** Epochs follow the wall clock, and grow by one an election where that is behind: one far ahead of both is nobody's. */
function isAbsurd({ highestEpoch, now, wallOffset }: PeerState, epoch: number): boolean {
  return epoch > Math.max(now + wallOffset + clockErrorLimit, highestEpoch + electionsLimit);
}

/** A year of milliseconds: more than clocks differ, or stand still while a machine sleeps; less than an attacker wants. */
const clockErrorLimit = 366 * 24 * 60 * 60 * 1000;
/** More elections than a peer misses. */
const electionsLimit = 10_000;

function timeout(turn: Turn): void {
  const { state } = turn;
  for (const name of dueTimers(state.deadlines, state.now)) {
    const due = state.deadlines[name];
    if (due === undefined || due > state.now) continue;
    disarm(turn, name);
    runTimer(turn, name, due);
  }
}

function runTimer(turn: Turn, name: TimerName, due: number): void {
  switch (name) {
    case "discovery":
    case "back-off":
      return considerContending(turn);
    case "response":
      return responseDue(turn);
    case "acknowledge":
      return acknowledgeDue(turn);
    case "orphans":
      return orphansDue(turn);
    case "election":
      return electionDue(turn);
    case "progress":
      return progressDue(turn);
    case "suspicion":
      return suspicionDue(turn, due);
    case "settle":
      return settleDue(turn);
    case "hand-over":
      return handOverDue(turn);
  }
}
