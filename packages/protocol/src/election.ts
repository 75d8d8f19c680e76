/**
 * The messages and events of an election: the fence, halts and acknowledgements, refusals, catch-up.
 *
 * @module
 */
import { awaitReplies, failSentCalls } from "./calls.js";
import { withEntry, withoutElement } from "./collections.js";
import { rebase, tailFrom } from "./history.js";
import { forget, learn, mayKnowMore, meet } from "./known-peers.js";
import { refuseName } from "./membership.js";
import type { Acknowledge, Fetch, Halt, Refuse, Tail, Withdraw } from "./messages.js";
import { nameOf, type PeerId } from "./peer.js";
import {
  campaign,
  clearSuspicion,
  considerContending,
  contend,
  endTenure,
  fenceIsTaken,
  finishCatchUp,
  finishHalting,
  haltAll,
  rejoin,
  retryCatchUp,
  sendJoin,
  stopContending,
  withdraw,
} from "./phases.js";
import { mayLead, roleIn } from "./rank.js";
import { compareTokens, sameToken, type Token } from "./token.js";
import { arm, armed, deliver, disarm, drop, note, query, releaseFence, selfMember, send, type Turn } from "./turn.js";

/** The fence is this peer's: now it may ask everybody to halt. */
export function fenceGranted(turn: Turn, census: readonly PeerId[] | null): void {
  const { state } = turn;
  const { suspicion } = state;
  if (suspicion?.stage === "stealing") {
    state.suspicion = null;
    disarm(turn, "suspicion", "progress");
    note(turn, { type: "stolen", from: suspicion.accused });
    forget(turn, suspicion.accused, "unresponsive");
    failSentCalls(turn, null);
    campaign(turn);
  }
  const { phase } = state;
  // Asked for again while it was coming, it is granted twice.
  if (phase.type === "leading" || (phase.type === "contending" && phase.stage.type !== "fencing")) return;
  if (phase.type !== "contending") return releaseFence(turn);
  state.holder = state.self;
  // A member list may be behind: whoever lives is asked, known or not.
  for (const id of census ?? []) if (id !== state.self && !state.peers.has(id) && mayAsk(turn, id)) meet(turn, id);
  haltAll(turn);
}

/** Whether a peer of the census is one to ask: listed, and not given up for its silence. */
function mayAsk(turn: Turn, id: PeerId): boolean {
  const { config, gone } = turn.state;
  return roleIn(config, { id, role: "candidate" }) !== null && !gone.some((peer) => peer.id === id && peer.reason === "unresponsive");
}

/** The fence is somebody else's: say that this peer is here, and wait in line meanwhile. */
export function fenceBusy(turn: Turn): void {
  const { phase } = turn.state;
  if (phase.type !== "contending" || phase.stage.type !== "fencing") return;
  sendJoin(turn);
  if (!armed(turn, "response")) arm(turn, "response", turn.state.config.limits.responseMs);
}

/** The request for the fence ended without a grant. */
export function fenceEnded(turn: Turn): void {
  const { state } = turn;
  if (state.suspicion?.stage === "stealing") {
    state.suspicion = null;
    disarm(turn, "suspicion");
  }
  if (state.phase.type === "contending" && state.phase.stage.type === "fencing") rejoin(turn);
}

/** A contender asks this peer to stop. With a fence, the platform has confirmed that it holds it. */
export function receiveHalt(turn: Turn, message: Halt): void {
  const { state } = turn;
  const { from, member, position } = message;
  // A contender asks only those to take it in who refuse it: the bearer of its name may not have heard of it before.
  if (nameOf(from) === nameOf(state.self)) return refuseName(turn, from);
  if (!mayLead(state.config, member)) return drop(turn, "foreign", from);
  // Sent before the announcement that this peer has heard already, by another way.
  if (state.token !== null && from === state.token.leader && message.campaign.epoch <= state.token.epoch) return drop(turn, "stale", from);
  // It was overtaken by its own withdrawal.
  if (sameToken(message.campaign, state.withdrawn)) return drop(turn, "stale", from);
  const refuse = (reason: Refuse["reason"], against: Token | null) =>
    send(turn, from, { type: "refuse", campaign: message.campaign, reason, against });
  if (state.phase.type === "leading") {
    if (!state.config.fenced) return refuse("led", state.token);
    endTenure(turn);
    state.phase = { type: "joining" };
  }
  // Without a fence a blank newcomer knows less of the leader than its followers do: were each of them to stand against it,
  // all would contend at once, and go on to.
  if (!state.config.fenced && state.phase.type === "following" && position.token === null) return refuse("led", state.token);
  if (position.token === null && state.position.token !== null && mayRefuseBlank(turn)) {
    // A blank leader would wipe what this peer holds: it contends itself, and waits for the fence.
    refuse("blank", state.token);
    learn(turn, member, position);
    // Whoever has promised itself to the blank one follows a larger campaign only.
    state.promisedEpoch = Math.max(state.promisedEpoch, message.campaign.epoch);
    if (state.phase.type === "contending") return;
    awaitReplies(turn, turn.state.config.limits.electionMs);
    return contend(turn);
  }
  if (!state.config.fenced) {
    const promised = state.phase.type === "halted" || state.phase.type === "contending" ? state.phase.campaign : null;
    if (promised !== null && compareTokens(message.campaign, promised) < 0) return refuse("promised", promised);
  }
  stopContending(turn);
  learn(turn, member, position);
  if (state.phase.type === "following" && state.phase.leader !== from) {
    awaitReplies(turn, turn.state.config.limits.electionMs);
  }
  state.phase = { type: "halted", contender: from, campaign: message.campaign };
  state.holder = from;
  clearSuspicion(turn, null);
  disarm(turn, "response", "acknowledge", "discovery", "progress");
  arm(turn, "election", state.config.limits.electionMs);
  send(turn, from, {
    type: "acknowledge",
    campaign: message.campaign,
    member: selfMember(state),
    position: state.position,
    highestEpoch: state.promisedTo === from ? state.highestEpoch : Math.max(state.highestEpoch, state.promisedEpoch),
  });
  if (message.campaign.epoch > state.promisedEpoch) {
    state.promisedEpoch = message.campaign.epoch;
    state.promisedTo = from;
  }
}

/** Whether this peer holds state and may lead, so that it need not give way to a blank one. */
function mayRefuseBlank(turn: Turn): boolean {
  const { state } = turn;
  const steppedDown = state.backOff?.peer === state.self && state.now < state.backOff.until;
  return mayLead(state.config, selfMember(state)) && !steppedDown && !armed(turn, "back-off");
}

export function receiveAcknowledge(turn: Turn, message: Acknowledge): void {
  const { state } = turn;
  const { phase } = state;
  if (phase.type !== "contending" || phase.stage.type !== "halting" || !sameToken(phase.campaign, message.campaign))
    return drop(turn, "stale", message.from);
  learn(turn, message.member, message.position);
  state.phase = {
    ...phase,
    floor: Math.max(phase.floor, message.highestEpoch),
    acknowledged: withEntry(phase.acknowledged, message.from, message.position),
    stage: { ...phase.stage, waiting: withoutElement(phase.stage.waiting, message.from) },
  };
  finishHalting(turn);
}

/** The silent have had their time; who may know more than this contender is waited for longer. */
export function acknowledgeDue(turn: Turn): void {
  const { state } = turn;
  const { phase } = state;
  if (phase.type !== "contending") return;
  if (phase.stage.type === "catching-up") return retryCatchUp(turn);
  if (phase.stage.type !== "halting") return;
  const waited = state.now - phase.stage.since;
  const doubtful = [...phase.stage.waiting].some((silent) => mayKnowMore(state, silent));
  if (doubtful && waited < state.config.limits.abandonMs) return arm(turn, "acknowledge", state.config.limits.abandonMs - waited);
  for (const silent of phase.stage.waiting) forget(turn, silent, "unresponsive");
  state.phase = { ...phase, stage: { ...phase.stage, waiting: new Set() } };
  finishHalting(turn);
}

export function receiveFetch(turn: Turn, message: Fetch): void {
  const { state } = turn;
  const { from, campaign } = message;
  const { phase } = state;
  if (phase.type !== "halted" || phase.contender !== from || !sameToken(phase.campaign, campaign)) return drop(turn, "stale", from);
  const tail = tailFrom(state, message.position);
  if (tail !== null) return sendTail(turn, from, campaign, tail);
  if (state.config.snapshots) return deliver(turn, { type: "snapshot", requester: from, campaign });
  // What the contender lacks is not kept any more. Only leading itself would save it.
  if (mayRefuseBlank(turn)) {
    send(turn, from, { type: "refuse", campaign, reason: "ahead", against: state.token });
    return contend(turn);
  }
  sendTail(turn, from, campaign, null);
}

function sendTail(turn: Turn, to: PeerId, campaign: Token, tail: Pick<Tail, "base" | "sync" | "entries"> | null): void {
  const { position, ancestry } = turn.state;
  const nothing = { base: position, sync: null, entries: [] };
  send(turn, to, { type: "tail", campaign, complete: tail !== null, ...(tail ?? nothing), ancestry });
}

/** `snapshot` has made a sync of this peer's present state: it replaces what came before, and goes to whom asked for it. */
export function snapshotted(turn: Turn, requester: PeerId, campaign: Token, sync: unknown): void {
  const { state } = turn;
  if (state.phase.type !== "halted" || !sameToken(state.phase.campaign, campaign)) return;
  rebase(turn, sync);
  sendTail(turn, requester, campaign, { base: state.base, sync: state.sync, entries: [] });
}

export function receiveTail(turn: Turn, message: Tail): void {
  const { phase } = turn.state;
  if (phase.type !== "contending" || phase.stage.type !== "catching-up") return drop(turn, "stale", message.from);
  if (phase.stage.source !== message.from || !sameToken(phase.campaign, message.campaign)) return drop(turn, "stale", message.from);
  if (message.complete) finishCatchUp(turn, message);
  else retryCatchUp(turn);
}

/** A peer does not follow this contender: it is the better one, or promised to one, or leads. */
export function receiveRefuse(turn: Turn, message: Refuse): void {
  const { state } = turn;
  const { phase } = state;
  const { from, against, reason } = message;
  if (phase.type !== "contending" || !sameToken(phase.campaign, message.campaign)) return drop(turn, "stale", from);
  withdraw(turn);
  const known = state.peers.get(from);
  if (known?.member && reason !== "promised")
    state.peers = withEntry(state.peers, from, { ...known, position: { ...known.position, token: against ?? phase.campaign } });
  if (state.holder === state.self) state.holder = null;
  // Without a fence it is told by whom it is to be led: that one gets its time, whoever else says that he is here.
  if (!state.config.fenced && against !== null && against.leader !== state.self) state.holder = against.leader;
  state.phase = { type: "joining" };
  if (reason === "led") sendJoin(turn, from);
  arm(turn, "response", reason === "promised" ? state.config.limits.acknowledgeMs : state.config.limits.responseMs);
}

/** A contender gives up: whoever acknowledged it looks for a leader again. */
export function receiveWithdraw(turn: Turn, message: Withdraw): void {
  const { state } = turn;
  state.withdrawn = message.campaign;
  if (state.holder === message.from) state.holder = null;
  if (state.phase.type === "halted" && state.phase.contender === message.from) rejoin(turn);
  else considerContending(turn);
}

/** The announcement, or the next leader, never came. */
export function electionDue(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type === "halted") rejoin(turn);
}

/** The longest pause between two joins that nobody answers. */
const joinPauseLimitMs = 30_000;

/** Nobody has answered a join, or a better candidate has not contended in time. */
export function responseDue(turn: Turn): void {
  const { state } = turn;
  const { phase } = state;
  const fencing = phase.type === "contending" && phase.stage.type === "fencing";
  if (phase.type !== "joining" && !fencing) return;
  state.attempts += 1;
  const pause = Math.min(state.config.limits.responseMs * 2 ** Math.min(state.attempts, 16), joinPauseLimitMs);
  if (fencing || fenceIsTaken(turn)) {
    // Somebody holds the fence and says nothing: ask the platform who.
    sendJoin(turn);
    query(turn, "who");
    arm(turn, "response", pause);
  } else if (mayLead(state.config, selfMember(state)) && !armed(turn, "discovery") && !armed(turn, "back-off")) {
    contend(turn);
  } else {
    sendJoin(turn);
    arm(turn, "response", pause);
  }
}
