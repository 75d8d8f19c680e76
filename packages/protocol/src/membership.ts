/**
 * The messages and events of coming and going: join and welcome, announcements, resignations, deaths.
 *
 * @module
 */
import { awaitReplies, failPeerCalls } from "./calls.js";
import { withEntry, withoutElement, withoutKey } from "./collections.js";
import { handOverWithout } from "./hand-over.js";
import { broadcastEntry, forgetSerials } from "./history.js";
import { forget, learn } from "./known-peers.js";
import type { Announce, Here, Join, Leave, NameTaken, Removed, Resign, Welcome } from "./messages.js";
import { incarnationOf, nameOf, type PeerId } from "./peer.js";
import {
  admit,
  clearSuspicion,
  considerContending,
  deadPeers,
  electAnew,
  endTenure,
  finishHalting,
  goAway,
  haltToo,
  isBehind,
  listsKey,
  loseLeader,
  rejoin,
  removeMember,
  reopen,
  retryCatchUp,
  sendJoin,
  stopContending,
  surrender,
  withdraw,
} from "./phases.js";
import type { DownReason } from "./ports.js";
import { roleIn } from "./rank.js";
import type { Known } from "./state.js";
import { blank, comparePositions, compareTokens, mayAdopt, sameToken } from "./token.js";
import { arm, disarm, drop, note, post, releaseFence, selfMember, send, type Turn } from "./turn.js";

const formerSelvesLimit = 100;

/** The media are open: the first thing that happens to a peer, and to each of its incarnations. */
export function opened(
  turn: Turn,
  event: { readonly self: PeerId; readonly census: readonly PeerId[] | null; readonly holder: PeerId | null; readonly wall: number },
): void {
  const { state } = turn;
  const { census, holder, self, wall } = event;
  goAway(turn);
  const unknown: Known = { member: null, position: blank };
  const listed = (id: PeerId) => roleIn(state.config, { id, role: "candidate" }) !== null;
  if (state.self !== self) state.formerSelves = [state.self, ...state.formerSelves].slice(0, formerSelvesLimit);
  state.self = self;
  state.wallOffset = wall - state.now;
  state.phase = { type: "joining" };
  state.peers = new Map((census ?? []).filter((id) => id !== self && listed(id)).map((id) => [id, unknown]));
  state.gone = [];
  forgetSerials(turn);
  state.hasCensus = census !== null;
  state.holder = holder;
  state.attempts = 0;
  sendJoin(turn);
  if (census === null) arm(turn, "discovery", state.config.limits.discoveryMs);
  considerContending(turn);
}

/** Somebody looks for a leader. */
export function receiveJoin(turn: Turn, message: Join): void {
  const { state } = turn;
  const { from: joiner, member, position, highestEpoch } = message;
  if (nameOf(joiner) === nameOf(state.self)) return refuseName(turn, joiner);
  noteLists(turn, message);
  switch (state.phase.type) {
    case "leading": {
      const { token } = state;
      learn(turn, member, position);
      const isAhead = mayAdopt(state.position, position) && comparePositions(position, state.position) > 0;
      if (token !== null && (highestEpoch > token.epoch || compareTokens(position.token, token) > 0 || isAhead)) {
        // It has followed a later leader, or holds what this one lacks: its history may be the longer one, and its epoch must not shrink.
        state.highestEpoch = Math.max(state.highestEpoch, highestEpoch, position.token?.epoch ?? 0);
        return electAnew(turn);
      }
      // A join that was on its way when the welcome went out asks for nothing new; whoever lost a welcome asks again later.
      const welcomed = state.tenure?.welcomed.get(joiner);
      if (welcomed !== undefined && state.now - welcomed < state.config.limits.responseMs / 2) return drop(turn, "duplicate", joiner);
      admit(turn, joiner);
      // One that has to wait for its name is to know that somebody leads.
      if (!state.tenure?.welcoming.has(joiner)) introduce(turn, joiner);
      return;
    }
    case "contending":
      learn(turn, member, position);
      if (state.phase.stage.type === "halting") haltToo(turn, joiner);
      else introduce(turn, joiner);
      return;
    case "joining":
    case "halted":
      learn(turn, member, position);
      introduce(turn, joiner);
      return considerContending(turn);
    case "following":
      // The leader answers. If it is gone unnoticed, the joiner will contend, and must know whom to halt.
      if (!state.hasCensus) introduce(turn, joiner);
      return;
    case "away":
      return drop(turn, "unexpected", joiner);
  }
}

/** Peers with different candidate lists may not find one another: somebody has to be told. */
export function noteLists(turn: Turn, { from, lists }: Join): void {
  if (lists !== listsKey(turn)) note(turn, { type: "lists-differ", peer: from });
}

function introduce(turn: Turn, to: PeerId): void {
  const { state } = turn;
  send(turn, to, { type: "here", member: selfMember(state), position: state.position, highestEpoch: state.highestEpoch });
}

/** Of two live peers with one name, the one stays that was taken in; between newcomers, the elder. */
export function refuseName(turn: Turn, other: PeerId): void {
  const { self } = turn.state;
  const isElder = (incarnationOf(self) - incarnationOf(other) || (self < other ? -1 : 1)) < 0;
  if (isElder || isTakenIn(turn)) send(turn, other, { type: "name-taken", refused: other });
}

function isTakenIn({ state: { phase } }: Turn): boolean {
  return phase.type === "leading" || phase.type === "following";
}

/** Another peer without a leader says that it is here; a follower that its rank has changed. */
export function receiveHere(turn: Turn, message: Here): void {
  const { state } = turn;
  const { from, member, position, highestEpoch } = message;
  if (nameOf(from) === nameOf(state.self)) return refuseName(turn, from);
  if (state.phase.type === "leading" && state.members.has(from)) return updateMember(turn, message);
  // It crossed the welcome: this peer has found what it looked for.
  if (state.phase.type === "leading" || state.phase.type === "following") return;
  learn(turn, member, position);
  state.highestEpoch = Math.max(state.highestEpoch, highestEpoch);
  considerContending(turn);
}

function updateMember(turn: Turn, { member, position }: Pick<Here, "member" | "position">): void {
  const { state } = turn;
  if (member.id !== state.self) learn(turn, member, position);
  // One that merely said that it is here: nobody need hear of it.
  const known = state.members.get(member.id);
  if (known?.preference === member.preference && known.version === member.version) return;
  state.members = withEntry(state.members, member.id, member);
  broadcastEntry(turn, { type: "members", members: [...state.members.values()] });
}

/** What ranks this peer has changed: the leader tells everybody. */
export function preferenceChanged(turn: Turn, preference: number): void {
  const { state } = turn;
  if (preference === state.preference) return;
  state.preference = preference;
  tellChange(turn);
}

/** This peer runs other code: what it can do has changed, and how others read what it says. */
export function codeChanged(turn: Turn, version: number, snapshots: boolean): void {
  const { state } = turn;
  state.config = { ...state.config, version, snapshots };
  tellChange(turn);
}

/** What this peer says of itself has changed. */
function tellChange(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type === "leading") updateMember(turn, { member: selfMember(state), position: state.position });
  else if (state.phase.type === "following") introduce(turn, state.phase.leader);
}

export function receiveNameTaken(turn: Turn, message: NameTaken): void {
  const { self } = turn.state;
  if (nameOf(message.from) !== nameOf(self)) return drop(turn, "malformed", message.from);
  // Said to an earlier incarnation, or to one that was taken in meanwhile.
  if (message.refused !== self || isTakenIn(turn)) return drop(turn, "stale", message.from);
  turn.effects.push({ type: "name-taken", peer: message.from });
}

/** A leader takes this peer in, or brings it back in step. */
export function receiveWelcome(turn: Turn, message: Welcome): void {
  const { state } = turn;
  const { from, token, sequence } = message;
  if (!message.members.some(({ id }) => id === state.self)) return drop(turn, "stale", from);
  if (isBehind(turn, token) || state.phase.type === "leading") return drop(turn, "stale", from);
  // What its contender says of a tenure before its campaign is over.
  const isOver = state.phase.type === "halted" && state.phase.contender === from && compareTokens(token, state.phase.campaign) < 0;
  if (isOver) return drop(turn, "stale", from);
  if (state.phase.type === "following" && sameToken(token, state.token)) {
    if (sequence < state.position.sequence || !state.resyncing) return drop(turn, "duplicate", from);
  }
  if (!state.config.fenced && state.phase.type === "halted" && state.phase.contender !== from) return drop(turn, "unexpected", from);
  withdraw(turn);
  surrender(turn, message);
}

/** Somebody leads from now on. */
export function receiveAnnounce(turn: Turn, message: Announce): void {
  const { state } = turn;
  const { from, token } = message;
  if (isBehind(turn, token)) {
    if (state.phase.type === "leading") showTenure(turn, from);
    return drop(turn, "stale", from);
  }
  // A welcome was faster, and this peer has followed that tenure farther since, even if it has lost its leader again.
  if (sameToken(token, state.token)) return drop(turn, "duplicate", from);
  if (!state.config.fenced && state.phase.type === "halted" && state.phase.contender !== from) return drop(turn, "unexpected", from);
  endTenure(turn);
  withdraw(turn);
  if (message.members.some(({ id }) => id === state.self)) return surrender(turn, { ...message, sequence: 0 });
  // It leads, but does not count on this peer.
  const leader = message.members.find(({ id }) => id === from);
  if (leader !== undefined) learn(turn, leader, { token, sequence: 0, root: message.root });
  state.phase = { type: "joining" };
  state.holder = from;
  disarm(turn, "acknowledge", "election", "response");
  sendJoin(turn);
  arm(turn, "response", state.config.limits.responseMs);
}

/** The leader does not count on this peer any more: it comes back as a new incarnation. */
export function receiveRemoved(turn: Turn, message: Removed): void {
  const { state } = turn;
  if (state.phase.type === "leading" || isBehind(turn, message.token)) return drop(turn, "stale", message.from);
  withdraw(turn);
  reopen(turn);
}

export function receiveLeave(turn: Turn, message: Leave): void {
  holdBack(turn, message.from, message.backOffMs);
  peerDown(turn, message.from, "left");
}

/**
 * Somebody left because its callbacks failed when it was elected. Everybody runs the same code, so whoever might be
 * next waits, lest one fault end all candidates in turn.
 */
function holdBack(turn: Turn, from: PeerId, backOffMs: number): void {
  const { state } = turn;
  const { phase } = state;
  const isLed = phase.type === "leading" || (phase.type === "following" && phase.leader !== from);
  if (backOffMs === 0 || isLed) return;
  arm(turn, "back-off", Math.min(backOffMs, state.config.limits.backOffMs));
  // Its end may have been noticed before its word came.
  if (phase.type !== "contending" || phase.stage.type === "electing") return;
  withdraw(turn);
  rejoin(turn);
}

/** A leader lays its office down. */
export function receiveResign(turn: Turn, message: Resign): void {
  const { state } = turn;
  const { from, leaving, successor, backOffMs } = message;
  const { phase } = state;
  if (leaving) holdBack(turn, from, backOffMs);
  else if (backOffMs > 0) state.backOff = { peer: from, until: state.now + backOffMs };
  if (state.holder === from) state.holder = null;
  // Its successor's halt may have come first.
  if (sameToken(message.token, state.token)) state.farewell = message.token;
  const mine = phase.type === "following" && phase.leader === from && sameToken(message.token, state.token);
  if (!mine) {
    if (leaving) peerDown(turn, from, "left");
    return;
  }
  if (leaving) {
    forget(turn, from, "left");
    awaitReplies(turn, state.config.limits.settleMs);
  }
  state.successor = successor !== null && (successor === state.self || state.peers.has(successor)) ? successor : null;
  loseLeader(turn, { id: from, reason: "left" }, leaving);
}

/** A peer is gone, as it said, as the detector says, or as nobody waits for it any longer. */
export function peerDown(turn: Turn, peer: PeerId, reason: DownReason): void {
  const { state } = turn;
  if (peer === state.self || !(state.peers.has(peer) || state.monitored.has(peer))) return;
  forget(turn, peer, reason);
  if (reason === "left") awaitReplies(turn, state.config.limits.settleMs);
  else failPeerCalls(turn, peer);
  clearSuspicion(turn, peer);
  const { phase } = state;
  switch (phase.type) {
    case "leading":
      removeMember(turn, peer, reason);
      return handOverWithout(turn, peer);
    case "contending":
      if (phase.stage.type === "halting" && phase.stage.waiting.has(peer)) {
        state.phase = { ...phase, stage: { ...phase.stage, waiting: withoutElement(phase.stage.waiting, peer) } };
        finishHalting(turn);
      } else if (phase.stage.type === "catching-up" && phase.stage.source === peer) retryCatchUp(turn);
      else if (phase.stage.type === "fencing" && state.config.fenced) turn.effects.push({ type: "fence-request", over: deadPeers(turn) });
      return;
    case "halted":
      if (phase.contender === peer) rejoin(turn);
      return;
    case "following":
      if (phase.leader === peer) loseLeader(turn, { id: peer, reason }, true);
      return;
    case "joining":
      return considerContending(turn);
    case "away":
      return;
  }
}

/** A detector that always listens heard somebody: a healed partition. Whoever leads shows itself. */
export function peerAppeared(turn: Turn, peer: PeerId): void {
  const { state } = turn;
  if (state.phase.type === "leading") {
    if (!state.members.has(peer)) showTenure(turn, peer);
  } else if (state.phase.type === "joining") sendJoin(turn, peer);
}

/** Tells a peer who leads here. */
function showTenure(turn: Turn, to: PeerId): void {
  const { token, position } = turn.state;
  if (token !== null) send(turn, to, { type: "digest", token, sequence: position.sequence });
}

/** This peer goes: resigns or withdraws if it must, says good-bye, lets go of everything. */
export function leave(turn: Turn, backOffMs: number): void {
  const { state } = turn;
  const { phase, token } = state;
  if (phase.type === "away") return;
  if (phase.type === "leading" && token !== null) {
    post(turn, { type: "resign", token, leaving: true, successor: null, backOffMs });
    endTenure(turn);
  } else {
    stopContending(turn);
    post(turn, { type: "leave", backOffMs });
  }
  releaseFence(turn);
  state.members = withoutKey(state.members, state.self);
  goAway(turn);
}
