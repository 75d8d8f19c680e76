/**
 * Whom a peer watches for signs of life.
 *
 * @module
 */
import type { PeerId } from "./peer.js";
import { betterCandidates, mayLead } from "./rank.js";
import type { PeerState } from "./state.js";
import { selfMember, type Turn } from "./turn.js";

/** Whom this peer has to watch in its phase: derived, so that no watch outlives its reason. */
function watchedPeers(state: PeerState): ReadonlySet<PeerId> {
  // A peer that has said good-bye is not watched: its last replies may still come, its death is no news. One that was given up for
  // its silence is: it may yet answer, or go.
  const isAwaited = (peer: PeerId) =>
    state.peers.has(peer) || state.gone.some(({ id, reason }) => id === peer && reason === "unresponsive");
  const watched = new Set([...state.peerCalls.values()].map(({ to }) => to).filter(isAwaited));
  if (state.suspicion !== null) watched.add(state.suspicion.accused);
  const { phase } = state;
  switch (phase.type) {
    case "leading":
    case "contending":
      for (const peer of state.peers.keys()) watched.add(peer);
      break;
    case "halted":
      watched.add(phase.contender);
      break;
    case "following": {
      watched.add(phase.leader);
      // Of the others only the candidate just before this one, so that a death wakes few.
      const before = betterCandidates(state).filter((peer) => peer !== phase.leader);
      const last = before[before.length - 1];
      if (last !== undefined && mayLead(state.config, selfMember(state))) watched.add(last);
      break;
    }
    case "joining":
      for (const peer of betterCandidates(state)) watched.add(peer);
      for (const [peer, { member }] of state.peers) if (member === null) watched.add(peer);
      if (state.holder !== null) watched.add(state.holder);
      if (state.successor !== null) watched.add(state.successor);
      break;
    case "away":
      watched.clear();
      break;
  }
  watched.delete(state.self);
  return watched;
}

/** Whether anything has changed that `watchedPeers` looks at: on the hot path of calls and broadcasts, nothing has. */
function watchMayChange(before: PeerState, after: PeerState): boolean {
  return (
    before.phase !== after.phase ||
    before.peers !== after.peers ||
    before.members !== after.members ||
    before.peerCalls !== after.peerCalls ||
    before.suspicion !== after.suspicion ||
    before.holder !== after.holder ||
    before.successor !== after.successor ||
    before.backOff !== after.backOff
  );
}

/** Ends the watches that have lost their reason, and begins those that have one since `before`. */
export function watch(turn: Turn, before: PeerState): void {
  const { state } = turn;
  if (!watchMayChange(before, state)) return;
  const wanted = watchedPeers(state);
  const monitored = state.monitored;
  let changed = false;
  for (const peer of monitored) {
    if (wanted.has(peer)) continue;
    turn.effects.push({ type: "demonitor", peer });
    changed = true;
  }
  for (const peer of wanted) {
    if (monitored.has(peer)) continue;
    turn.effects.push({ type: "monitor", peer });
    changed = true;
  }
  if (changed) state.monitored = wanted;
}
