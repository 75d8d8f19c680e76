/**
 * What a peer has applied, kept so that others can be brought to the same place: the last sync, the broadcasts since,
 * and where earlier tenures ended.
 *
 * @module
 */
import { awaitReplies, releaseWithheld } from "./calls.js";
import { lineage, partLineage } from "./lineage.js";
import type { Entry, Tail } from "./messages.js";
import type { Member, PeerId } from "./peer.js";
import type { Known, PeerState } from "./state.js";
import { type Position, sameToken, type Token } from "./token.js";
import { arm, deliver, post, type Turn } from "./turn.js";

/** How many earlier tenures a history remembers the end of. */
const ancestryLimit = 32;

/** How many of those that went down are remembered. */
export const goneLimit = 64;

/** Starts a history anew from a sync. Returns the broadcasts that this peer had applied and that the new history has not, oldest first. */
export function startHistory(turn: Turn, position: Position, sync: unknown, ancestry: readonly Position[]): readonly unknown[] {
  const { state } = turn;
  const { kept, lost } = partLineage(state, position.token, ancestry);
  state.past = kept;
  const { unsent } = state;
  state.unsent = [];
  state.position = position;
  state.base = position;
  state.sync = { payload: sync };
  state.entries = [];
  state.ancestry = ancestry.slice(0, ancestryLimit);
  state.resyncing = false;
  return [...lost, ...unsent];
}

/** The ancestry of the tenure that follows this peer's present position. */
export function succeedingAncestry(state: PeerState): readonly Position[] {
  return state.position.token === null ? state.ancestry : [state.position, ...state.ancestry].slice(0, ancestryLimit);
}

/** Moves one broadcast further. */
function append(turn: Turn, entry: Entry): void {
  const { state } = turn;
  const { historyLimit } = state.config;
  const { token, sequence, root } = state.position;
  state.position = { token, sequence: sequence + 1, root: root ?? (entry.type === "message" ? token : null) };
  state.entries = [...state.entries, entry];
  if (state.entries.length > 2 * historyLimit) forgetUpTo(turn, state.position.sequence - historyLimit);
}

/** Forgets the broadcasts up to `sequence`; the sync before them is then of no use either. */
export function forgetUpTo(turn: Turn, sequence: number): void {
  const { state } = turn;
  const surplus = sequence - state.base.sequence;
  if (surplus <= 0) return;
  state.past = lineage(state, sequence);
  state.entries = state.entries.slice(surplus);
  state.base = { token: state.base.token, sequence, root: state.position.root };
  state.sync = null;
}

/** Replaces what came before the present position by a sync made there. */
export function rebase(turn: Turn, sync: unknown): void {
  const { state } = turn;
  state.past = lineage(state, state.position.sequence);
  state.base = state.position;
  state.sync = { payload: sync };
  state.entries = [];
}

/** The leader's next numbered broadcast. Posted before whatever follows from it. */
export function broadcastEntry(turn: Turn, entry: Entry): void {
  const { state } = turn;
  if (state.tenure === null || state.token === null) return;
  append(turn, entry);
  post(turn, { type: "broadcast", token: state.token, sequence: state.position.sequence, entry });
  state.tenure = { ...state.tenure, digests: 0 };
  arm(turn, "settle", state.config.limits.settleMs);
}

/** A follower applies the next broadcast. False if it turned out that the leader does not count on this peer any more. */
export function applyEntry(turn: Turn, token: Token, entry: Entry): boolean {
  const { state } = turn;
  append(turn, entry);
  const { sequence } = state.position;
  if (entry.type === "message") {
    deliver(turn, { type: "from-leader", token, version: versionOf(state, token.leader), sequence, payload: entry.payload });
  } else {
    takeMembers(turn, entry.members);
    deliver(turn, { type: "advance", sequence });
    if (!state.members.has(state.self)) return false;
  }
  releaseWithheld(turn);
  return true;
}

/** Moves past a change of members that was made by a leader of the past: who was up then says nothing about now. */
export function passMembers(turn: Turn, entry: Entry): void {
  append(turn, entry);
  deliver(turn, { type: "advance", sequence: turn.state.position.sequence });
  releaseWithheld(turn);
}

/** The behaviour's version on a peer. */
export function versionOf(state: PeerState, peer: PeerId): number {
  return state.members.get(peer)?.version ?? state.peers.get(peer)?.member?.version ?? 0;
}

/** Takes over the set that the leader counts on. */
export function takeMembers(turn: Turn, members: readonly Member[]): void {
  const { state } = turn;
  const peers = new Map<PeerId, Known>();
  for (const member of members) if (member.id !== state.self) peers.set(member.id, { member, position: state.position });
  const left = [...state.members.keys()].filter((id) => id !== state.self && !peers.has(id) && !state.gone.some((gone) => gone.id === id));
  state.gone = [...left.map((id) => ({ id, reason: "left" as const })), ...state.gone.filter(({ id }) => !peers.has(id))].slice(
    0,
    goneLimit,
  );
  state.members = new Map(members.map((member) => [member.id, member]));
  state.peers = peers;
  // Nobody else tells this peer of the end of one that is not among them: what waits for its answer fails in time.
  if ([...state.peerCalls.values()].some(({ to }) => !peers.has(to))) awaitReplies(turn, state.config.limits.settleMs);
  forgetSerials(turn);
}

/** Remembers what was asked only of those who are up or among the last that went down: they may be heard again, and copies of what they asked. */
export function forgetSerials(turn: Turn): void {
  const { state } = turn;
  const { gone, peers } = state;
  const mayAsk = (id: PeerId) => peers.has(id) || gone.some((one) => one.id === id);
  const prune = (serials: PeerState["taken"]) =>
    [...serials.keys()].every(mayAsk) ? serials : new Map([...serials].filter(([id]) => mayAsk(id)));
  state.peerSerials = prune(state.peerSerials);
  state.taken = prune(state.taken);
}

/** What brings a peer from `from` to this peer's position, or `null` if that is no longer kept. */
export function tailFrom(state: PeerState, from: Position): Pick<Tail, "base" | "sync" | "entries"> | null {
  if (sameToken(from.token, state.position.token) && from.sequence >= state.base.sequence && from.sequence <= state.position.sequence)
    return { base: from, sync: null, entries: state.entries.slice(from.sequence - state.base.sequence) };
  if (state.sync !== null) return { base: state.base, sync: state.sync, entries: state.entries };
  return null;
}
