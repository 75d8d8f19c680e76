/**
 * The messages that keep followers in step: broadcasts, comparisons, repairs.
 *
 * @module
 */

import { withEntry } from "./collections.js";
import { settleHandOver } from "./hand-over.js";
import { applyEntry, broadcastEntry, forgetUpTo, tailFrom, versionOf } from "./history.js";
import type { Aside, Broadcast, Digest, Entry, Missed, Report, Resync } from "./messages.js";
import type { PeerId } from "./peer.js";
import { admit, applyEarly, endTenure, reopen, sendJoin, welcome, withdraw } from "./phases.js";
import { compareTokens, sameToken, type Token } from "./token.js";
import { arm, deliver, drop, note, post, send, type Turn } from "./turn.js";

/** Broadcasts kept that came before their turn, and digests sent to a silent follower before it is left alone. */
const earlyLimit = 1024;
const digestLimit = 8;

/** A callback of the present tenure broadcasts: to all, numbered, or to some, aside. */
export function broadcast(turn: Turn, token: Token, payload: unknown, to: readonly PeerId[] | null): void {
  const { state } = turn;
  if (state.phase.type !== "leading" || !sameToken(token, state.token)) return drop(turn, "stale", state.self);
  if (to === null) return broadcastEntry(turn, { type: "message", payload });
  for (const peer of to) if (state.members.has(peer) && peer !== state.self) send(turn, peer, { type: "aside", token, payload });
}

export function synced(turn: Turn, token: Token, joiner: PeerId, sync: unknown, to: "joiner" | "all"): void {
  if (turn.state.phase.type === "leading" && sameToken(token, turn.state.token)) welcome(turn, joiner, sync, to);
}

export function receiveBroadcast(turn: Turn, message: Broadcast): void {
  const { token, sequence, entry, from } = message;
  if (!concernsMe(turn, token, from)) return;
  takeEntries(turn, token, sequence, [entry]);
}

export function receiveMissed(turn: Turn, message: Missed): void {
  const { state } = turn;
  const { token, first, entries, from } = message;
  if (state.phase.type !== "following" || state.phase.leader !== from || !sameToken(token, state.token)) return drop(turn, "stale", from);
  state.resyncing = false;
  takeEntries(turn, token, first, entries);
}

/** Applies what is next, keeps what is early, and asks for what is missing. */
function takeEntries(turn: Turn, token: Token, first: number, entries: readonly Entry[]): void {
  const { state } = turn;
  const following = state.phase.type === "following" && sameToken(token, state.token);
  if (!sameToken(state.earlyToken, token)) {
    // What is kept is for the leader that this peer follows, or for the latest that it may come to follow.
    if (!following && compareTokens(token, state.earlyToken) < 0) return drop(turn, "stale", token.leader);
    state.earlyToken = token;
    state.early = new Map();
  }
  if (following && entries.length === 1 && first === state.position.sequence + 1 && state.early.size === 0) {
    const [entry] = entries;
    if (entry !== undefined && !applyEntry(turn, token, entry)) reopen(turn);
    return;
  }
  const early = new Map(state.early);
  entries.forEach((entry, index) => {
    const sequence = first + index;
    if (following && sequence <= state.position.sequence) drop(turn, "duplicate", token.leader);
    else if (early.size >= earlyLimit && !early.has(sequence)) drop(turn, "overflow", token.leader);
    else early.set(sequence, entry);
  });
  state.early = early;
  if (!following || !applyEarly(turn)) return;
  if (state.early.size > 0) askForMissing(turn);
}

/**
 * Whether a message of the tenure `token` is this peer's business. A follower that hears of a later tenure asks
 * its leader to take it in; a leader that does, and has no fence to ask, gives way, or tells the other to.
 */
function concernsMe(turn: Turn, token: Token, from: PeerId): boolean {
  const { state } = turn;
  if (from !== token.leader) {
    drop(turn, "malformed", from);
    return false;
  }
  const { phase } = state;
  if (phase.type === "following" && sameToken(token, state.token)) return true;
  if (phase.type === "leading") {
    meetLeader(turn, token);
    return false;
  }
  if (compareTokens(token, state.token) < 0 || phase.type === "away") {
    drop(turn, "stale", from);
    return false;
  }
  if (phase.type === "following" && !sameToken(state.probed, token)) {
    state.probed = token;
    sendJoin(turn, from);
  }
  // Until the announcement, broadcasts of that tenure wait; those of the one before are over.
  return phase.type !== "halted" || !sameToken(token, state.token);
}

/** Two leaders hear each other: without a fence the smaller token gives way; with one, the fence has decided. */
function meetLeader(turn: Turn, token: Token): void {
  const { state } = turn;
  if (state.config.fenced || state.token === null) return drop(turn, "unfenced", token.leader);
  if (compareTokens(token, state.token) < 0)
    return send(turn, token.leader, { type: "digest", token: state.token, sequence: state.position.sequence });
  post(turn, { type: "resign", token: state.token, leaving: false, successor: null, backOffMs: 0 });
  endTenure(turn);
  state.phase = { type: "joining" };
  sendJoin(turn, token.leader);
  arm(turn, "response", state.config.limits.responseMs);
}

function askForMissing(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type !== "following" || state.token === null || state.resyncing) return;
  state.resyncing = true;
  send(turn, state.phase.leader, { type: "resync", token: state.token, position: state.position });
}

export function receiveAside(turn: Turn, message: Aside): void {
  const { state } = turn;
  const { from, token, payload } = message;
  if (state.phase.type !== "following" || state.phase.leader !== from || !sameToken(token, state.token)) return drop(turn, "stale", from);
  deliver(turn, { type: "from-leader", token, version: versionOf(state, from), sequence: state.position.sequence, payload });
}

/** The leader says how far it is: a follower says how far it is itself, or asks for what it misses. */
export function receiveDigest(turn: Turn, message: Digest): void {
  const { state } = turn;
  const { from, token, sequence } = message;
  if (!concernsMe(turn, token, from)) return;
  if (state.phase.type === "contending" && !state.config.fenced && compareTokens(token, state.phase.campaign) > 0) {
    // Somebody leads, under a token that this campaign cannot reach.
    withdraw(turn);
    state.phase = { type: "joining" };
    state.holder = from;
    arm(turn, "response", state.config.limits.responseMs);
  }
  // Whoever halted for it has missed its announcement.
  if (state.phase.type === "joining" || (state.phase.type === "halted" && state.phase.contender === from)) return sendJoin(turn, from);
  if (state.phase.type !== "following" || !sameToken(token, state.token)) return;
  if (sequence <= state.position.sequence) return send(turn, from, { type: "report", token, sequence: state.position.sequence });
  // What a comparison finds missing was lost, or a repair of it was.
  state.resyncing = false;
  askForMissing(turn);
}

export function receiveReport(turn: Turn, message: Report): void {
  const { state } = turn;
  const { from, token, sequence } = message;
  if (state.tenure === null || !sameToken(token, state.token)) return drop(turn, "stale", from);
  if (!state.members.has(from)) return sendRemoved(turn, from);
  state.tenure = { ...state.tenure, reported: withEntry(state.tenure.reported, from, sequence) };
  settleHandOver(turn);
}

/** A follower missed something: it gets that, or a new sync. */
export function receiveResync(turn: Turn, message: Resync): void {
  const { state } = turn;
  const { from, token, position } = message;
  if (state.tenure === null || !sameToken(token, state.token)) return drop(turn, "stale", from);
  if (!state.members.has(from)) return sendRemoved(turn, from);
  note(turn, { type: "resynced", peer: from });
  const tail = tailFrom(state, position);
  if (tail !== null && tail.sync === null) send(turn, from, { type: "missed", token, first: position.sequence + 1, entries: tail.entries });
  else admit(turn, from);
}

/** A peer that is not counted on talks as if it were: it is to join again. */
export function sendRemoved(turn: Turn, to: PeerId): void {
  const { state } = turn;
  if (state.token !== null && !state.tenure?.welcoming.has(to)) send(turn, to, { type: "removed", token: state.token });
}

/** After activity, positions are compared: once, or again while somebody has not answered. */
export function settleDue(turn: Turn): void {
  const { state } = turn;
  const { tenure, token } = state;
  if (tenure === null || token === null) return;
  const { sequence } = state.position;
  const behind = [...state.members.keys()].filter((peer) => peer !== state.self && (tenure.reported.get(peer) ?? -1) < sequence);
  if (behind.length === 0) return forgetUpTo(turn, sequence - state.config.historyLimit);
  if (tenure.digests >= digestLimit) return;
  state.tenure = { ...tenure, digests: tenure.digests + 1 };
  if (tenure.digests === 0) post(turn, { type: "digest", token, sequence });
  else for (const peer of behind) send(turn, peer, { type: "digest", token, sequence });
  arm(turn, "settle", state.config.limits.settleMs * 2 ** tenure.digests);
}
