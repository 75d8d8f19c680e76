/**
 * The messages of calls and casts, to the leader and to single peers.
 *
 * @module
 */
import { dispatchCall, dispatchCast, failCall, failPeerCall, flushCalls, returnCall, takeReply } from "./calls.js";
import { withEntry, withoutKey } from "./collections.js";
import type { Caller } from "./events.js";
import type { Bounce, Call, Cancel, Cast, PeerCall, PeerCancel, PeerCast, PeerReply, Reply, Result } from "./messages.js";
import type { PeerId } from "./peer.js";
import { sendRemoved } from "./replication.js";
import { addSerial } from "./serials.js";
import { sameToken, type Token } from "./token.js";
import { deliver, drop, nextNumber, send, settle, type Turn } from "./turn.js";

export function call(turn: Turn, event: { readonly call: number; readonly request: unknown; readonly retry: boolean }): void {
  const { state } = turn;
  const { request, retry } = event;
  state.calls = withEntry(state.calls, event.call, { request, retry, sent: null, serial: 0, sentAt: 0, withheld: null });
  dispatchCall(turn, event.call);
}

export function cast(turn: Turn, payload: unknown): void {
  dispatchCast(turn, payload);
}

/** The user has stopped waiting. */
export function cancel(turn: Turn, id: number): void {
  const { state } = turn;
  const peerCall = state.peerCalls.get(id);
  if (peerCall !== undefined) {
    state.peerCalls = withoutKey(state.peerCalls, id);
    return send(turn, peerCall.to, { type: "peer-cancel", serial: peerCall.serial, call: id });
  }
  const pending = state.calls.get(id);
  if (pending === undefined) return;
  state.calls = withoutKey(state.calls, id);
  if (pending.sent === null) return;
  if (pending.serial === 0) turn.effects.push({ type: "cancel", caller: { peer: state.self, call: id, serial: 0 } });
  else send(turn, pending.sent.leader, { type: "cancel", token: pending.sent, serial: pending.serial, call: id });
}

/**
 * Whether this peer, as the leader of `token`, takes a request with this serial: once, from a peer that it counts on. One that it took, or sent
 * back, is known for good: a copy of it is neither run nor sent back, whatever has become of the tenure since. While it hands over it takes
 * no calls any more.
 */
function takes(turn: Turn, kind: "call" | "cast", token: Token, from: PeerId, serial: number): "yes" | "no" | "again" {
  const { state } = turn;
  const { phase, taken, tenure } = state;
  const serials = addSerial(taken.get(from), serial);
  if (serials === null) return "again";
  if (phase.type !== "leading" || tenure === null || !sameToken(token, state.token)) return "no";
  if (state.peers.has(from)) state.taken = withEntry(taken, from, serials);
  if (tenure.handOver !== null && kind === "call") return "no";
  if (!state.members.has(from)) {
    sendRemoved(turn, from);
    return "no";
  }
  return "yes";
}

export function receiveCall(turn: Turn, message: Call): void {
  const { from, token, serial, request } = message;
  const verdict = takes(turn, "call", token, from, serial);
  if (verdict === "again") return drop(turn, "duplicate", from);
  if (verdict === "no") return send(turn, from, { type: "bounce", serial, call: message.call });
  deliver(turn, { type: "leader-call", token, caller: { peer: from, call: message.call, serial }, request });
}

export function receiveCast(turn: Turn, message: Cast): void {
  const { from, token, serial, payload } = message;
  const verdict = takes(turn, "cast", token, from, serial);
  // Nobody would send it again: during a hand-over it waits here for the next leader, like one of this peer's own.
  if (verdict === "yes") dispatchCast(turn, payload);
  else drop(turn, verdict === "again" ? "duplicate" : "stale", from);
}

export function receiveCancel(turn: Turn, message: Cancel): void {
  const { from, serial } = message;
  turn.effects.push({ type: "cancel", caller: { peer: from, call: message.call, serial } });
}

/** The leader's callbacks have answered a call of its present tenure. */
export function answered(turn: Turn, token: Token, caller: Caller, result: Result): void {
  const { state } = turn;
  if (state.phase.type !== "leading" || !sameToken(token, state.token)) {
    // The tenure ended between the callback and its answer: nobody else will settle a call of this very peer.
    const pending = caller.serial === 0 ? state.calls.get(caller.call) : undefined;
    if (pending !== undefined && sameToken(pending.sent, token)) failCall(turn, caller.call, pending);
    return;
  }
  if (caller.serial === 0) return takeReply(turn, caller.call, state.position.sequence, result, state.self);
  const { call: id, serial } = caller;
  send(turn, caller.peer, { type: "reply", token, serial, call: id, after: state.position.sequence, result });
}

/** A tenure of this peer is over: what had begun fails, what had not goes to the next leader. */
export function abandoned(turn: Turn, begun: readonly Caller[], waiting: readonly Caller[]): void {
  const { state } = turn;
  for (const caller of begun) {
    const pending = state.calls.get(caller.call);
    if (caller.serial === 0 && pending !== undefined) failCall(turn, caller.call, pending);
  }
  for (const { call: id, peer, serial } of waiting) {
    if (serial === 0) returnCall(turn, id);
    else send(turn, peer, { type: "bounce", serial, call: id });
  }
  flushCalls(turn);
}

export function receiveReply(turn: Turn, message: Reply): void {
  const { state } = turn;
  const pending = state.calls.get(message.call);
  if (pending === undefined || pending.serial !== message.serial || !sameToken(pending.sent, message.token))
    return drop(turn, "stale", message.from);
  takeReply(turn, message.call, message.after, message.result, message.from);
}

/** The call has not begun where it was sent, and will not: one to the leader waits for the next, one to a single peer has failed. */
export function receiveBounce(turn: Turn, message: Bounce): void {
  const { state } = turn;
  const peerCall = state.peerCalls.get(message.call);
  if (peerCall?.to === message.from && peerCall.serial === message.serial) return failPeerCall(turn, message.call, "not-started");
  const pending = state.calls.get(message.call);
  if (pending === undefined || pending.sent === null || pending.serial !== message.serial) return drop(turn, "stale", message.from);
  // Hold back only if it was the present leader that sent it back; another one may have come in between.
  if (state.phase.type === "following" && state.phase.leader === message.from && sameToken(pending.sent, state.token)) state.holding = true;
  returnCall(turn, message.call);
  dispatchCall(turn, message.call);
}

/** The user calls a single peer. */
export function peerCall(turn: Turn, id: number, to: PeerId, request: unknown): void {
  const { state } = turn;
  if (to === state.self) return deliver(turn, { type: "peer-call", caller: { peer: to, call: id, serial: 0 }, request });
  if (!state.peers.has(to)) return settle(turn, id, { type: "peer-down", peer: to, outcome: "not-started" });
  const serial = nextNumber(turn);
  state.peerCalls = withEntry(state.peerCalls, id, { to, serial });
  send(turn, to, { type: "peer-call", serial, call: id, request });
}

export function peerCast(turn: Turn, to: PeerId, payload: unknown): void {
  if (to === turn.state.self) deliver(turn, { type: "peer-cast", payload });
  else send(turn, to, { type: "peer-cast", serial: nextNumber(turn), payload });
}

/** Whether this peer takes a request from another: once, from one that it knows. */
function takesFromPeer(turn: Turn, from: PeerId, serial: number): "yes" | "no" | "again" {
  const { state } = turn;
  const serials = addSerial(state.peerSerials.get(from), serial);
  if (serials === null) return "again";
  if (!state.peers.has(from)) return "no";
  state.peerSerials = withEntry(state.peerSerials, from, serials);
  return "yes";
}

export function receivePeerCall(turn: Turn, message: PeerCall): void {
  const { from, serial, request } = message;
  const verdict = takesFromPeer(turn, from, serial);
  if (verdict === "again") return drop(turn, "duplicate", from);
  if (verdict === "yes") return deliver(turn, { type: "peer-call", caller: { peer: from, call: message.call, serial }, request });
  drop(turn, "foreign", from);
  // A newcomer may be faster than the word that it has come.
  send(turn, from, { type: "bounce", serial, call: message.call });
}

export function receivePeerCast(turn: Turn, message: PeerCast): void {
  const { from, serial, payload } = message;
  const verdict = takesFromPeer(turn, from, serial);
  if (verdict === "yes") deliver(turn, { type: "peer-cast", payload });
  else drop(turn, verdict === "again" ? "duplicate" : "foreign", from);
}

export function receivePeerCancel(turn: Turn, message: PeerCancel): void {
  turn.effects.push({ type: "cancel", caller: { peer: message.from, call: message.call, serial: message.serial } });
}

/** A call to this very peer is answered: its own, under whatever id it was made, or another's. */
export function peerAnswered(turn: Turn, caller: Caller, result: Result): void {
  const { state } = turn;
  if (caller.serial === 0) settle(turn, caller.call, { type: "result", result, token: null, peer: state.self });
  else send(turn, caller.peer, { type: "peer-reply", call: caller.call, result });
}

export function receivePeerReply(turn: Turn, message: PeerReply): void {
  const { state } = turn;
  if (state.peerCalls.get(message.call)?.to !== message.from) return drop(turn, "stale", message.from);
  state.peerCalls = withoutKey(state.peerCalls, message.call);
  settle(turn, message.call, { type: "result", result: message.result, token: null, peer: message.from });
}
