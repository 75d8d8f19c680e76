/**
 * The phases of a peer and every way from one to another. What a message means is told by the files of its family;
 * what becomes of the peer is decided here.
 *
 * Stoller's election with the corrections of Arts, Claessen and Svensson, made for open membership and for a fence.
 *
 * @module
 */
import { awaitReplies, failPeerCalls, failSentCalls, flushCalls, releaseWithheld } from "./calls.js";
import { withElement, withEntry, withoutElement, withoutKey } from "./collections.js";
import { applyEntry, broadcastEntry, passMembers, startHistory, succeedingAncestry, takeMembers, versionOf } from "./history.js";
import { isCountedOn, oneOfEachName } from "./known-peers.js";
import type { Entry, Tail } from "./messages.js";
import { type Member, nameOf, type PeerId } from "./peer.js";
import type { DownReason } from "./ports.js";
import { betterCandidates, mayLead } from "./rank.js";
import type { Gone } from "./state.js";
import { comparePositions, compareTokens, mayAdopt, type Position, sameToken, type Token } from "./token.js";
import { arm, armed, deliver, disarm, post, releaseFence, selfMember, send, type Turn } from "./turn.js";

// --- joining ---

/** Identifies the candidate list, so that peers notice when theirs differ. */
export function listsKey(turn: Turn): string {
  const { lists } = turn.state.config;
  return lists === null ? "" : JSON.stringify([lists.candidates, lists.workers]);
}

/** Says that this peer is here and looks for a leader: to all, or to one that seems to lead. */
export function sendJoin(turn: Turn, to: PeerId | null = null): void {
  const { state } = turn;
  const content = {
    type: "join",
    member: selfMember(state),
    position: state.position,
    highestEpoch: state.highestEpoch,
    lists: listsKey(turn),
  } as const;
  if (to === null) post(turn, content);
  else send(turn, to, content);
}

/** Goes back to looking for a leader, and says so. */
export function rejoin(turn: Turn): void {
  turn.state.phase = { type: "joining" };
  disarm(turn, "acknowledge", "election", "response");
  awaitReplies(turn, turn.state.config.limits.electionMs);
  sendJoin(turn);
  awaitFormerLeader(turn);
  // Without a census, whoever was not counted on may not have heard of everybody yet.
  if (!turn.state.hasCensus && !isCountedOn(turn.state)) arm(turn, "discovery", turn.state.config.limits.discoveryMs);
  considerContending(turn);
}

/** A peer without a leader looks whether it should contend: at once if nobody is better, else once the better have had their time. */
export function considerContending(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type !== "joining" || armed(turn, "discovery")) return;
  const waits = !mayLead(state.config, selfMember(state)) || armed(turn, "back-off") || fenceIsTaken(turn);
  const unknown = [...state.peers.values()].some(({ member }) => member === null);
  const best = !unknown && betterCandidates(state).length === 0 && (state.successor === null || state.successor === state.self);
  if (!waits && (best || state.successor === state.self)) return contend(turn);
  if (!armed(turn, "response")) arm(turn, "response", state.config.limits.responseMs);
}

/**
 * Without a fence a contender halts peers whose leader is well, and withdraws when that one says so: they give it time to
 * take them back. Were they to contend instead, the next would halt them again, without end.
 */
function awaitFormerLeader(turn: Turn): void {
  const { state } = turn;
  const { config, token, farewell, self, peers } = state;
  if (config.fenced || token === null || token.leader === self || !peers.has(token.leader) || sameToken(farewell, token)) return;
  state.holder = token.leader;
  arm(turn, "response", config.limits.responseMs);
}

/** Whether somebody else was last seen to hold the fence; without one, to lead, and may still answer. */
export function fenceIsTaken(turn: Turn): boolean {
  const { config, holder, self } = turn.state;
  if (holder === null || holder === self) return false;
  return config.fenced || armed(turn, "response");
}

/** This follower, or halted peer, has no leader any more. `gone` if that one is no peer either. */
export function loseLeader(turn: Turn, leader: Gone, gone: boolean): void {
  const { state } = turn;
  if (state.phase.type === "following") state.fallen = gone ? leader : null;
  state.attempts = 0;
  if (state.holder === leader.id) state.holder = null;
  clearSuspicion(turn, leader.id);
  disarm(turn, "response", "progress", "election");
  // A leader that left in good order has answered or sent back what it could; the answers may still be on the way.
  if (gone && leader.reason !== "left") failSentCalls(turn, null);
  else awaitReplies(turn, turn.state.config.limits.electionMs);
  state.phase = { type: "joining" };
  considerContending(turn);
}

/** Ends the suspicion of a peer, unless it is being robbed at this moment. */
export function clearSuspicion(turn: Turn, accused: PeerId | null): void {
  const { state } = turn;
  if (state.suspicion === null || state.suspicion.stage === "stealing") return;
  if (accused !== null && state.suspicion.accused !== accused) return;
  state.suspicion = null;
  disarm(turn, "suspicion");
}

// --- contending ---

/** Stands for election: takes the fence first, where there is one. */
export function contend(turn: Turn): void {
  const { state } = turn;
  disarm(turn, "response", "discovery");
  campaign(turn);
  if (state.config.fenced) turn.effects.push({ type: "fence-request", over: deadPeers(turn) });
  else haltAll(turn);
}

/** Begins a campaign of its own name. */
export function campaign(turn: Turn, mayHaveLost = false): void {
  const { state } = turn;
  const highest = Math.max(state.highestEpoch, state.promisedEpoch);
  // Larger than everything known, and not below the wall clock: so that epochs grow across the closing of everything, and past
  // elections that this peer has missed and whose witnesses are gone.
  const epoch = Math.max(highest + 1, Math.floor(state.now + state.wallOffset));
  state.promisedEpoch = epoch;
  state.promisedTo = state.self;
  const own: Token = { epoch, leader: state.self };
  state.phase = { type: "contending", campaign: own, stage: { type: "fencing" }, acknowledged: new Map(), floor: 0, mayHaveLost };
}

/** Peers whose hold on the fence may be broken, because they are dead and not merely silent. */
export function deadPeers(turn: Turn): PeerId[] {
  return turn.state.gone.filter(({ reason }) => reason !== "unresponsive").map(({ id }) => id);
}

/** Asks everybody who is up to halt. With a fence, only its holder does. */
export function haltAll(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type !== "contending") return;
  disarm(turn, "response", "discovery");
  const { campaign } = state.phase;
  state.phase = { ...state.phase, stage: { type: "halting", waiting: new Set(state.peers.keys()), since: state.now } };
  post(turn, { type: "halt", campaign, member: selfMember(state), position: state.position });
  arm(turn, "acknowledge", state.config.limits.acknowledgeMs);
  finishHalting(turn);
}

/** Asks a peer that turned up during the campaign as well. */
export function haltToo(turn: Turn, peer: PeerId): void {
  const { state } = turn;
  if (state.phase.type !== "contending" || state.phase.stage.type !== "halting") return;
  const { campaign, stage } = state.phase;
  state.phase = { ...state.phase, stage: { ...stage, waiting: withElement(stage.waiting, peer) } };
  send(turn, peer, { type: "halt", campaign, member: selfMember(state), position: state.position });
}

/** Goes on once everybody who is up has acknowledged. */
export function finishHalting(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.type !== "contending" || phase.stage.type !== "halting" || phase.stage.waiting.size > 0) return;
  disarm(turn, "acknowledge");
  catchUp(turn, new Set());
}

/** Before it leads, a contender brings itself to the most advanced position that was acknowledged. */
function catchUp(turn: Turn, excluded: ReadonlySet<PeerId>): void {
  const { state } = turn;
  if (state.phase.type !== "contending") return;
  let source: PeerId | null = null;
  let best: Position = state.position;
  let farthest: Position = state.position;
  for (const [peer, position] of state.phase.acknowledged) {
    // A history that was begun apart from this peer's own does not replace it: its peers are told what they lose.
    if (!mayAdopt(state.position, position)) continue;
    if (comparePositions(position, farthest) > 0) farthest = position;
    if (excluded.has(peer) || !state.peers.has(peer) || comparePositions(position, best) <= 0) continue;
    source = peer;
    best = position;
  }
  // Whoever had got farther is gone, or has nothing to give.
  if (comparePositions(farthest, best) > 0) state.phase = { ...state.phase, mayHaveLost: true };
  if (source === null) return beginElecting(turn);
  state.phase = { ...state.phase, stage: { type: "catching-up", source, excluded } };
  arm(turn, "acknowledge", state.config.limits.acknowledgeMs);
  send(turn, source, { type: "fetch", campaign: state.phase.campaign, position: state.position });
}

/** The source of the catch-up has died, is silent or has nothing: the next most advanced is asked. */
export function retryCatchUp(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.type !== "contending" || phase.stage.type !== "catching-up") return;
  catchUp(turn, withElement(phase.stage.excluded, phase.stage.source));
}

/** The source has sent what this contender missed: applied as if the leader had sent it. */
export function finishCatchUp(turn: Turn, tail: Tail): void {
  const { state } = turn;
  disarm(turn, "acknowledge");
  const { token } = tail.base;
  // At every peer tokens only grow, also for its callbacks: an earlier history comes to them under the campaign's.
  const shown = compareTokens(token, state.token) < 0 && state.phase.type === "contending" ? state.phase.campaign : token;
  const isBeyond = !sameToken(token, state.position.token) || tail.base.sequence > state.position.sequence;
  if (token !== null && shown !== null && tail.sync !== null && isBeyond) {
    const lost = startHistory(turn, tail.base, tail.sync.payload, tail.ancestry);
    const { deposed } = state;
    state.deposed = false;
    deliver(turn, {
      type: "surrendered",
      token: shown,
      version: versionOf(state, token.leader),
      sequence: tail.base.sequence,
      sync: tail.sync.payload,
      lost,
      deposed,
    });
  }
  if (token !== null && shown !== null && sameToken(token, state.position.token)) {
    const missing: readonly Entry[] = tail.entries.slice(Math.max(state.position.sequence - tail.base.sequence, 0));
    for (const entry of missing) {
      if (entry.type === "message") applyEntry(turn, shown, entry);
      else passMembers(turn, entry);
    }
  }
  beginElecting(turn);
}

/**
 * Everything known is applied: `elected` makes the sync. The epoch is the campaign's, which everybody who acknowledged
 * has kept in mind: should this contender die now, nobody will win it again. Where somebody knew of a larger one, a
 * larger campaign is told to all first.
 */
function beginElecting(turn: Turn): void {
  const { state } = turn;
  const { phase } = state;
  if (phase.type !== "contending") return;
  if (phase.floor >= phase.campaign.epoch) {
    state.promisedEpoch = Math.max(state.promisedEpoch, phase.floor);
    campaign(turn, phase.mayHaveLost);
    return haltAll(turn);
  }
  const token: Token = phase.campaign;
  state.phase = { ...phase, stage: { type: "electing", token } };
  deliver(turn, { type: "elected", token, joiner: null, mayHaveLost: phase.mayHaveLost || state.passedOver.size > 0 });
}

/** Stops contending without a word to the others: they hear a leader, or hear `withdraw`. */
export function stopContending(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type !== "contending") return;
  releaseFence(turn);
  disarm(turn, "acknowledge", "response");
  if (state.phase.stage.type === "electing") turn.effects.push({ type: "tenure-ended", token: state.phase.stage.token });
}

/** Stops contending and tells whoever acknowledged. */
export function withdraw(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.type !== "contending") return;
  stopContending(turn);
  if (phase.stage.type !== "fencing") post(turn, { type: "withdraw", campaign: phase.campaign });
}

// --- leading ---

/** `elected` has made the sync: announce, and lead. */
export function lead(turn: Turn, token: Token, sync: unknown): void {
  const { state } = turn;
  const { phase } = state;
  if (phase.type !== "contending" || phase.stage.type !== "electing" || !sameToken(phase.stage.token, token)) return;
  const ancestry = succeedingAncestry(state);
  const { root } = state.position;
  const previous = state.fallen;
  state.fallen = null;
  const kept = [...state.peers].filter(([id]) => !phase.acknowledged.has(id));
  state.members = new Map([[state.self, selfMember(state)]]);
  for (const id of oneOfEachName(state, [...phase.acknowledged.keys()])) {
    const member = state.peers.get(id)?.member;
    if (!member) continue;
    state.members = withEntry(state.members, id, member);
    state.peers = withEntry(state.peers, id, { member, position: { token, sequence: 0, root } });
  }
  state.phase = { type: "leading" };
  state.token = token;
  state.highestEpoch = Math.max(state.highestEpoch, token.epoch);
  state.tenure = { welcoming: new Set(), welcomed: new Map(), reported: new Map(), digests: 0, handOver: null };
  state.active = state.now;
  state.deposed = false;
  becomeLed(turn);
  startHistory(turn, { token, sequence: 0, root }, sync, ancestry);
  post(turn, { type: "announce", token, campaign: phase.campaign, members: [...state.members.values()], sync, root, ancestry });
  arm(turn, "settle", state.config.limits.settleMs);
  if (previous !== null) deliver(turn, { type: "down", token, peer: previous.id, reason: previous.reason });
  for (const [id, { member }] of kept) if (member !== null) admit(turn, id);
  failOtherTenures(turn, token);
  flushCalls(turn);
}

/** A leader takes a newcomer in: `elected` runs for it, then it is welcomed. */
export function admit(turn: Turn, joiner: PeerId): void {
  const { state } = turn;
  const { tenure, token } = state;
  if (tenure === null || token === null || tenure.welcoming.has(joiner)) return;
  // Who bears its name already answers for itself: soon that one is down, or the joiner hears that the name is taken.
  const others = [...state.members.keys(), ...tenure.welcoming];
  if (others.some((id) => id !== joiner && nameOf(id) === nameOf(joiner))) return;
  state.tenure = { ...tenure, welcoming: withElement(tenure.welcoming, joiner), reported: withoutKey(tenure.reported, joiner) };
  deliver(turn, { type: "elected", token, joiner, mayHaveLost: false });
}

/** `elected` has made the joiner's sync: the others hear of the new member, the joiner where the tenure is. */
export function welcome(turn: Turn, joiner: PeerId, sync: unknown, to: "joiner" | "all"): void {
  const { state } = turn;
  const { tenure, token } = state;
  if (tenure === null || token === null || !tenure.welcoming.has(joiner)) return;
  state.tenure = {
    ...tenure,
    welcoming: withoutElement(tenure.welcoming, joiner),
    welcomed: withEntry(tenure.welcomed, joiner, state.now),
  };
  const member = state.peers.get(joiner)?.member;
  if (!member) return;
  if (to === "all") broadcastEntry(turn, { type: "message", payload: sync });
  if (!state.members.has(joiner)) {
    state.members = withEntry(state.members, joiner, member);
    broadcastEntry(turn, { type: "members", members: [...state.members.values()] });
  }
  state.peers = withEntry(state.peers, joiner, { member, position: state.position });
  const { sequence, root } = state.position;
  send(turn, joiner, { type: "welcome", token, sequence, members: [...state.members.values()], sync, root, ancestry: state.ancestry });
  arm(turn, "settle", state.config.limits.settleMs);
}

/** A peer is gone, or is given up: the leader takes it out of the set that it counts on. */
export function removeMember(turn: Turn, peer: PeerId, reason: DownReason): void {
  const { state } = turn;
  const { tenure, token } = state;
  if (tenure === null || token === null) return;
  const known = state.members.has(peer);
  state.tenure = {
    ...tenure,
    welcoming: withoutElement(tenure.welcoming, peer),
    welcomed: withoutKey(tenure.welcomed, peer),
    reported: withoutKey(tenure.reported, peer),
  };
  if (known) {
    state.members = withoutKey(state.members, peer);
    broadcastEntry(turn, { type: "members", members: [...state.members.values()] });
  }
  if (reason === "unresponsive") send(turn, peer, { type: "removed", token });
  if (known) deliver(turn, { type: "down", token, peer, reason });
  // Who waited for the name.
  for (const [id, { member }] of state.peers) if (member !== null && nameOf(id) === nameOf(peer) && !state.members.has(id)) admit(turn, id);
}

/** Takes leadership off this peer; what its callbacks still do for that tenure is discarded. */
export function endTenure(turn: Turn): void {
  const { state } = turn;
  if (state.tenure === null || state.token === null) return;
  state.tenure = null;
  state.deposed = true;
  disarm(turn, "settle", "hand-over");
  turn.effects.push({ type: "tenure-ended", token: state.token });
}

/** Leads again at a higher epoch, after asking everybody how far they are. The fence is kept. */
export function electAnew(turn: Turn): void {
  endTenure(turn);
  campaign(turn);
  haltAll(turn);
}

// --- following ---

/** What a leader tells a peer that is to follow it. */
interface Terms {
  readonly token: Token;
  readonly sequence: number;
  readonly members: readonly Member[];
  readonly sync: unknown;
  readonly root: Token | null;
  readonly ancestry: readonly Position[];
}

/** Accepts a leader, or the same one once more: its state, its members, its numbering. */
export function surrender(turn: Turn, terms: Terms): void {
  const { state } = turn;
  const { token, sequence, sync } = terms;
  const { deposed } = state;
  state.phase = { type: "following", leader: token.leader };
  state.token = token;
  state.highestEpoch = Math.max(state.highestEpoch, token.epoch);
  state.holder = token.leader;
  state.deposed = false;
  state.fallen = null;
  becomeLed(turn);
  const lost = startHistory(turn, { token, sequence, root: terms.root }, sync, terms.ancestry);
  takeMembers(turn, terms.members);
  deliver(turn, { type: "surrendered", token, version: versionOf(state, token.leader), sequence, sync, lost, deposed });
  failOtherTenures(turn, token);
  releaseWithheld(turn);
  if (applyEarly(turn)) flushCalls(turn);
}

/** What holds for whoever has a leader, itself or another. */
function becomeLed(turn: Turn): void {
  const { state } = turn;
  disarm(turn, "response", "acknowledge", "election", "discovery", "progress", "back-off");
  clearSuspicion(turn, null);
  state.attempts = 0;
  state.overtaken = false;
  state.passedOver = new Set();
  state.holding = false;
  state.probed = null;
  state.successor = null;
}

/**
 * Calls that were sent to an earlier leader are not answered any more, unless it went in good order: then it answered
 * or sent back whatever had reached it, and that may be on the way.
 */
function failOtherTenures(turn: Turn, token: Token): void {
  const { state } = turn;
  failSentCalls(turn, token, state.farewell);
  if (state.farewell !== null) awaitReplies(turn, state.config.limits.settleMs);
}

/** Applies the broadcasts that came before their turn. False if this peer turned out not to be counted on. */
export function applyEarly(turn: Turn): boolean {
  const { state } = turn;
  if (!sameToken(state.earlyToken, state.token) || state.token === null) return true;
  for (;;) {
    const entry = state.early.get(state.position.sequence + 1);
    if (entry === undefined) break;
    if (!applyEntry(turn, state.token, entry)) {
      reopen(turn);
      return false;
    }
  }
  const beyond = [...state.early].filter(([sequence]) => sequence > state.position.sequence);
  state.early = new Map(beyond);
  return true;
}

/**
 * Whether a claim of leadership is of an earlier tenure than this peer has seen. Then the claimant, if it really
 * leads, is told so by a join, and is elected anew at a higher epoch.
 */
export function isBehind(turn: Turn, token: Token): boolean {
  const { state } = turn;
  if (compareTokens(token, state.token) >= 0 && token.epoch >= state.highestEpoch) return false;
  if (state.phase.type === "joining" || state.phase.type === "halted") sendJoin(turn, token.leader);
  return true;
}

// --- away ---

/** Lets go of everybody and everything; the state, its position and the calls that have not begun stay. */
export function goAway(turn: Turn): void {
  const { state } = turn;
  failSentCalls(turn, null);
  // The answers would come to an id that nobody bears any more.
  failPeerCalls(turn, null);
  state.phase = { type: "away" };
  state.peers = new Map();
  state.peerSerials = new Map();
  state.deadlines = {};
  state.suspicion = null;
  state.queries = [];
  // What others said is over; what this peer's own user and callbacks asked for is not.
  state.inbox = state.inbox.filter(({ type }) => type !== "received" && type !== "down" && type !== "appeared");
  state.holder = null;
  state.successor = null;
  state.early = new Map();
  state.earlyToken = null;
}

/** Goes away under this id, to come back under the next. */
export function reopen(turn: Turn): void {
  goAway(turn);
  turn.effects.push({ type: "reopen" });
}

/** The fence was taken from this peer: its tenure or campaign is over, whatever it thinks. */
export function loseFence(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type === "leading" && state.token !== null) {
    post(turn, { type: "resign", token: state.token, leaving: true, successor: null, backOffMs: 0 });
    endTenure(turn);
    reopen(turn);
  } else if (state.phase.type === "contending" && state.phase.stage.type !== "fencing") {
    withdraw(turn);
    rejoin(turn);
  }
}
