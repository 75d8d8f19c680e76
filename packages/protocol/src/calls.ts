/**
 * The calls and casts of this peer's user: waiting for a leader, sent to one, answered, or failed with it.
 *
 * @module
 */

import { withEntry, withoutKey } from "./collections.js";
import type { Result } from "./messages.js";
import type { PeerId } from "./peer.js";
import type { PendingCall } from "./state.js";
import { sameToken, type Token } from "./token.js";
import { arm, armed, deliver, nextNumber, send, settle, type Turn } from "./turn.js";

function putCall(turn: Turn, call: number, pending: PendingCall): void {
  turn.state.calls = withEntry(turn.state.calls, call, pending);
}

/** Sends a waiting call to whoever leads, this peer included; without a leader it goes on waiting. */
export function dispatchCall(turn: Turn, call: number): void {
  const { state } = turn;
  const pending = state.calls.get(call);
  if (pending === undefined || pending.sent !== null || state.token === null) return;
  const { request } = pending;
  if (state.phase.type === "leading" && state.tenure?.handOver === null) {
    putCall(turn, call, { ...pending, sent: state.token, serial: 0, sentAt: state.now });
    deliver(turn, { type: "leader-call", token: state.token, caller: { peer: state.self, call, serial: 0 }, request });
  } else if (state.phase.type === "following" && !state.holding) {
    const serial = nextNumber(turn);
    putCall(turn, call, { ...pending, sent: state.token, serial, sentAt: state.now });
    send(turn, state.phase.leader, { type: "call", token: state.token, serial, call, request });
    awaitProgress(turn);
  } else awaitProgress(turn);
}

/** What waits for a leader that this peer follows is looked after, even while that one is handing over: it may hang, or have changed its mind unheard. */
function awaitProgress(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type === "following" && !armed(turn, "progress")) arm(turn, "progress", state.config.limits.challengeMs);
}

/** Sends a cast to whoever leads; without a leader it waits, in line with the calls that were made before it. */
export function dispatchCast(turn: Turn, payload: unknown, after = lastCall(turn)): void {
  const { state } = turn;
  if (state.phase.type === "leading" && state.token !== null && state.tenure?.handOver === null)
    deliver(turn, { type: "leader-cast", token: state.token, payload });
  else if (state.phase.type === "following" && state.token !== null && !state.holding)
    send(turn, state.phase.leader, { type: "cast", token: state.token, serial: nextNumber(turn), payload });
  else {
    state.casts = [...state.casts, { payload, after }];
    awaitProgress(turn);
  }
}

/** The number of the latest call that waits for its reply; calls are numbered in order. */
function lastCall(turn: Turn): number {
  return [...turn.state.calls.keys()].at(-1) ?? 0;
}

/** A leader is there: everything that waited for one goes out, in the order in which it was made. */
export function flushCalls(turn: Turn): void {
  const { state } = turn;
  const { casts } = state;
  state.casts = [];
  let next = 0;
  const castUpTo = (call: number) => {
    for (let cast = casts[next]; cast !== undefined && cast.after < call; cast = casts[next]) {
      next += 1;
      dispatchCast(turn, cast.payload, cast.after);
    }
  };
  for (const [call, { sent }] of state.calls) {
    if (sent !== null) continue;
    castUpTo(call);
    dispatchCall(turn, call);
  }
  castUpTo(Infinity);
}

/** Puts a call back in line: it has not begun anywhere. */
export function returnCall(turn: Turn, call: number): void {
  const pending = turn.state.calls.get(call);
  if (pending !== undefined) putCall(turn, call, { ...pending, sent: null, serial: 0, withheld: null });
}

/** The call may have begun with a leader that is gone: it goes back in line if its user said so, else it fails. */
export function failCall(turn: Turn, call: number, pending: PendingCall): void {
  if (pending.retry) return returnCall(turn, call);
  turn.state.calls = withoutKey(turn.state.calls, call);
  settle(turn, call, { type: "leader-died", leader: pending.sent?.leader ?? null, token: pending.sent, outcome: "unknown" });
}

/**
 * Fails the calls that were sent to other tenures than `except`. Those that ran on this very peer are left to
 * `abandoned`, which knows what had begun.
 */
export function failSentCalls(turn: Turn, ...except: readonly (Token | null)[]): void {
  for (const [call, pending] of turn.state.calls)
    if (pending.sent !== null && pending.serial !== 0 && !except.some((token) => sameToken(token, pending.sent)))
      failCall(turn, call, pending);
}

/** Whoever was called has gone in good order, or may have: its last replies may be on the way, so what waits for them fails in time. */
export function awaitReplies(turn: Turn, ms: number): void {
  const { calls, peerCalls } = turn.state;
  if (peerCalls.size > 0 || [...calls.values()].some(({ sent, serial }) => sent !== null && serial !== 0)) arm(turn, "orphans", ms);
}

/** The replies have had their time. */
export function orphansDue(turn: Turn): void {
  const { state } = turn;
  const isLed = state.phase.type === "following" || state.phase.type === "leading";
  state.farewell = null;
  failSentCalls(turn, isLed ? state.token : null);
  for (const [call, { to }] of state.peerCalls) if (!state.peers.has(to)) failPeerCall(turn, call, "unknown");
  // Those that are to be sent again have been put back in line.
  if (isLed) flushCalls(turn);
}

/**
 * Whether this peer has applied what a reply follows: within one tenure by position, later by where that tenure ended
 * in this peer's history.
 */
function hasApplied(turn: Turn, token: Token, after: number): boolean {
  const { ancestry, position } = turn.state;
  const reached = sameToken(position.token, token) ? position.sequence : ancestry.find((end) => sameToken(end.token, token))?.sequence;
  return reached !== undefined && reached >= after;
}

/** A reply has come: the user gets it, unless the broadcasts that it follows are still missing. */
export function takeReply(turn: Turn, call: number, after: number, result: Result, from: PeerId): void {
  const { state } = turn;
  const pending = state.calls.get(call);
  if (pending === undefined || pending.sent === null) return;
  if (hasApplied(turn, pending.sent, after)) {
    state.calls = withoutKey(state.calls, call);
    settle(turn, call, { type: "result", result, token: pending.sent, peer: from });
  } else {
    putCall(turn, call, { ...pending, withheld: { after, result, from } });
    state.withheld += 1;
  }
}

/** The position has moved: replies that waited for it go to the user. */
export function releaseWithheld(turn: Turn): void {
  const { state } = turn;
  if (state.withheld === 0) return;
  state.withheld = 0;
  for (const [call, { withheld }] of state.calls)
    if (withheld !== null) takeReply(turn, call, withheld.after, withheld.result, withheld.from);
}

/** Calls to a single peer that has gone fail; `null` is every peer. */
export function failPeerCalls(turn: Turn, peer: PeerId | null): void {
  for (const [call, { to }] of turn.state.peerCalls) if (peer === null || to === peer) failPeerCall(turn, call, "unknown");
}

/** A call to a single peer has failed; `outcome` says whether it may have run. */
export function failPeerCall(turn: Turn, call: number, outcome: "not-started" | "unknown"): void {
  const pending = turn.state.peerCalls.get(call);
  if (pending === undefined) return;
  turn.state.peerCalls = withoutKey(turn.state.peerCalls, call);
  settle(turn, call, { type: "peer-down", peer: pending.to, outcome });
}
