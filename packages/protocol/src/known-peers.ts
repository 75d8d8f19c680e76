/**
 * What a peer knows of the others: who is up (`learn`, `meet`), who is not (`forget`), and who may know more than it
 * does (`isCountedOn`, `mayKnowMore`).
 *
 * @module
 */
import { withElement, withEntry, withoutKey } from "./collections.js";
import { forgetSerials, goneLimit } from "./history.js";
import { incarnationOf, type Member, nameOf, type PeerId } from "./peer.js";
import type { DownReason } from "./ports.js";
import type { PeerState } from "./state.js";
import { blank, compareTokens, type Position, type Token } from "./token.js";
import { note, type Turn } from "./turn.js";

/** Whether the last leader counted on this peer, as far as it knows: then whatever was acknowledged has reached it. */
export function isCountedOn(state: PeerState): boolean {
  return state.members.has(state.self) && state.position.token !== null && !state.overtaken;
}

/** This peer has heard of a tenure: if it is a later one than it has followed, somebody led who did not count on it. */
export function noteTenure(turn: Turn, token: Token | null): void {
  const { state } = turn;
  if (compareTokens(token, state.token) > 0) state.overtaken = true;
}

/**
 * Whether a silent peer may hold what this one lacks, so that leading without it could lose that. A peer that was counted
 * on has what the others have; one that is known to be blank has nothing.
 */
export function mayKnowMore(state: PeerState, silent: PeerId): boolean {
  if (isCountedOn(state)) return false;
  const known = state.peers.get(silent);
  return known === undefined || known.member === null || known.position.token !== null;
}

/** Remembers that a peer is up, of which no more is known. */
export function meet(turn: Turn, id: PeerId): void {
  turn.state.peers = withEntry(turn.state.peers, id, { member: null, position: blank });
}

/** Remembers that a peer is up, and what it says of itself. */
export function learn(turn: Turn, member: Member, position: Position): void {
  const { state } = turn;
  state.peers = withEntry(state.peers, member.id, { member, position });
  noteTenure(turn, position.token);
  if (state.passedOver.size > 0) state.passedOver = new Set([...state.passedOver].filter((id) => nameOf(id) !== nameOf(member.id)));
  if (state.gone.some(({ id }) => id === member.id)) state.gone = state.gone.filter(({ id }) => id !== member.id);
}

/** Remembers that a peer is not up any more. */
export function forget(turn: Turn, peer: PeerId, reason: DownReason): void {
  const { state } = turn;
  if (reason === "unresponsive" && mayKnowMore(state, peer) && state.passedOver.size < goneLimit)
    state.passedOver = withElement(state.passedOver, peer);
  state.peers = withoutKey(state.peers, peer);
  state.gone = [{ id: peer, reason }, ...state.gone.filter(({ id }) => id !== peer)].slice(0, goneLimit);
  forgetSerials(turn);
  if (state.holder === peer) state.holder = null;
  // Whoever leads next is told, whatever this peer was doing when it heard.
  if (state.token?.leader === peer && state.tenure === null) state.fallen = { id: peer, reason };
  // Whoever stepped down ranks last only as long as its successor is there.
  if (state.successor === peer) {
    state.successor = null;
    state.backOff = null;
  }
  if (reason === "unresponsive") note(turn, { type: "gave-up", peer });
}

/**
 * Of several peers that bear one name, as after a partition, the one that the last leader counted on, else the elder. The others
 * join, and hear of it that their name is taken.
 */
export function oneOfEachName({ members }: PeerState, ids: readonly PeerId[]): readonly PeerId[] {
  const comesFirst = (one: PeerId, other: PeerId): boolean =>
    (Number(members.has(other)) - Number(members.has(one)) || incarnationOf(one) - incarnationOf(other) || (one < other ? -1 : 1)) < 0;
  return ids.filter((id) => ids.every((other) => other === id || nameOf(other) !== nameOf(id) || comesFirst(id, other)));
}
