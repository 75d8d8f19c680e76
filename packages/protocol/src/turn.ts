/**
 * The working copy of one step: a state that may be assigned to, and the effects so far. Lives for one call of `step`;
 * the collections in it are replaced, never changed in place.
 *
 * @module
 */
import type { CallOutcome, Delivery, DropReason, Effect, Note } from "./effects.js";
import { type Content, type Message, protocolVersion } from "./messages.js";
import type { Member, PeerId } from "./peer.js";
import type { PeerState, Query } from "./state.js";
import type { TimerName } from "./timers.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Turn {
  readonly state: Mutable<PeerState>;
  readonly effects: Effect[];
}

export function beginTurn(state: PeerState): Turn {
  return { state: { ...state }, effects: [] };
}

function envelope(turn: Turn, content: Content): Message {
  return { gl: protocolVersion, from: turn.state.self, ...content };
}

/** Sends to every other peer. */
export function post(turn: Turn, content: Content): void {
  turn.effects.push({ type: "post", message: envelope(turn, content) });
}

/** Sends to one peer. */
export function send(turn: Turn, to: PeerId, content: Content): void {
  turn.effects.push({ type: "send", to, message: envelope(turn, content) });
}

/** Hands something to the user's callbacks. */
export function deliver(turn: Turn, delivery: Delivery): void {
  turn.effects.push({ type: "deliver", delivery });
}

/** Ends a call of this peer's user. */
export function settle(turn: Turn, call: number, outcome: CallOutcome): void {
  deliver(turn, { type: "settle", call, outcome });
}

export function drop(turn: Turn, reason: DropReason, from: PeerId | null): void {
  turn.effects.push({ type: "dropped", reason, from });
}

export function note(turn: Turn, value: Note): void {
  turn.effects.push({ type: "note", note: value });
}

/** Sets a deadline, in place of an earlier one of that name. */
export function arm(turn: Turn, name: TimerName, afterMs: number): void {
  turn.state.deadlines = { ...turn.state.deadlines, [name]: turn.state.now + afterMs };
}

export function disarm(turn: Turn, ...names: readonly TimerName[]): void {
  const { deadlines } = turn.state;
  if (!names.some((name) => deadlines[name] !== undefined)) return;
  const rest = { ...deadlines };
  for (const name of names) delete rest[name];
  turn.state.deadlines = rest;
}

export function armed(turn: Turn, name: TimerName): boolean {
  return turn.state.deadlines[name] !== undefined;
}

/** The next number of this peer. */
export function nextNumber(turn: Turn): number {
  return ++turn.state.counter;
}

/** Asks who holds the fence. */
export function query(turn: Turn, purpose: Query["purpose"]): void {
  const number = nextNumber(turn);
  turn.state.queries = [...turn.state.queries, { number, purpose, at: turn.state.now }];
  turn.effects.push({ type: "fence-query", query: number });
}

/** Takes the fence back from a request, or gives it up. */
export function releaseFence(turn: Turn): void {
  if (turn.state.config.fenced) turn.effects.push({ type: "fence-release" });
}

/** What this peer tells of itself. */
export function selfMember(state: PeerState): Member {
  const { role, priority, version } = state.config;
  return { id: state.self, role, priority, preference: state.preference, version };
}
