/**
 * Hung and frozen holders of leadership: challenged when somebody needs them, robbed of the fence when they do not
 * answer. Silence alone accuses nobody, and whoever was not running itself accuses nobody.
 *
 * @module
 */
import { flushCalls } from "./calls.js";
import { mayKnowMore } from "./known-peers.js";
import { peerDown } from "./membership.js";
import type { Accuse, Alive, Challenge } from "./messages.js";
import type { PeerId } from "./peer.js";
import { considerContending, loseLeader, sendJoin } from "./phases.js";
import { betterCandidates, mayLead } from "./rank.js";
import { arm, armed, disarm, drop, nextNumber, note, post, query, selfMember, send, type Turn } from "./turn.js";

/** How much later each worse candidate acts, so that the best one that runs does; and at most. */
const staggerMs = 200;
const staggerLimitMs = 800;
/** Some platforms run timers before they read what has arrived: how long that is waited for once the accused has had its time. */
const readingMs = 10;

/** A call has waited for its reply, or for a leader that takes it: is the leader running? */
export function progressDue(turn: Turn): void {
  const { state } = turn;
  if (state.phase.type !== "following") return;
  if (state.holding) {
    // It sent a call back or is handing over: it may have changed its mind, unheard.
    state.holding = false;
    flushCalls(turn);
  }
  const { challengeMs } = state.config.limits;
  let oldest: number | null = null;
  for (const { sent, serial, sentAt } of state.calls.values()) {
    if (sent === null || serial === 0) continue;
    oldest = sentAt;
    break;
  }
  if (oldest === null) return;
  const waited = state.now - oldest;
  if (waited >= challengeMs) suspect(turn, state.phase.leader, true);
  arm(turn, "progress", waited >= challengeMs ? challengeMs : challengeMs - waited);
}

/** Challenges a peer, and tells the others if this one has reason of its own. */
export function suspect(turn: Turn, accused: PeerId, tellOthers: boolean): void {
  if (turn.state.suspicion !== null || accused === turn.state.self) return;
  if (tellOthers) {
    post(turn, { type: "accuse", accused });
    note(turn, { type: "accused", peer: accused });
  }
  challenge(turn, accused, false);
}

function challenge(turn: Turn, accused: PeerId, again: boolean): void {
  const { state } = turn;
  const nonce = nextNumber(turn);
  state.suspicion = { accused, nonce, stage: "challenged", again };
  const stagger = Math.min(betterCandidates(state).filter((peer) => peer !== accused).length * staggerMs, staggerLimitMs);
  // Whoever might lose what the accused holds waits much longer than those who would not.
  const { abandonMs, unresponsiveMs } = state.config.limits;
  arm(turn, "suspicion", mayKnowMore(state, accused) ? abandonMs : unresponsiveMs + stagger);
  send(turn, accused, { type: "challenge", nonce });
}

export function receiveAccuse(turn: Turn, message: Accuse): void {
  const { state } = turn;
  const { accused } = message;
  const relevant = (state.phase.type === "following" && state.phase.leader === accused) || state.holder === accused;
  if (relevant && mayLead(state.config, selfMember(state))) suspect(turn, accused, false);
}

/** The gate has let it in: the platform says that this peer holds the fence, and ran long enough to ask. */
export function receiveChallenge(turn: Turn, message: Challenge): void {
  send(turn, message.from, { type: "alive", nonce: message.nonce });
}

export function receiveAlive(turn: Turn, message: Alive): void {
  const { state } = turn;
  if (state.suspicion === null || state.suspicion.nonce !== message.nonce || state.suspicion.accused !== message.from)
    return drop(turn, "stale", message.from);
  if (state.suspicion.stage === "stealing") return;
  state.suspicion = null;
  disarm(turn, "suspicion");
}

/** The challenged peer has not answered. */
export function suspicionDue(turn: Turn, due: number): void {
  const { state } = turn;
  const { suspicion } = state;
  if (suspicion === null || suspicion.stage === "asking" || suspicion.stage === "stealing") return;
  // Perhaps it was this peer that did not run, or the whole machine: what the other said meanwhile is still to be heard. Once: timers that
  // are late again are taken for those of a hidden page. A machine that sleeps from one challenge into the next may cost a sound leader its
  // place; a hidden page that never stopped challenging would leave its callers to a hung one for good.
  if (state.now - due > state.config.limits.suspectMs && !suspicion.again) return challenge(turn, suspicion.accused, true);
  if (suspicion.stage === "challenged") {
    state.suspicion = { ...suspicion, stage: "overdue" };
    return arm(turn, "suspicion", readingMs);
  }
  if (!state.config.fenced) {
    state.suspicion = null;
    return peerDown(turn, suspicion.accused, "unresponsive");
  }
  if (!mayLead(state.config, selfMember(state))) {
    // Others, who may lead, were told. This one goes on waiting.
    state.suspicion = null;
    return;
  }
  state.suspicion = { ...suspicion, stage: "asking" };
  query(turn, "steal");
}

/** Immediately before a steal the fence must still name the accused. */
export function holderBeforeSteal(turn: Turn, holder: PeerId | null): void {
  const { state } = turn;
  const { suspicion } = state;
  if (suspicion === null || suspicion.stage !== "asking") return;
  if (holder === suspicion.accused) {
    state.suspicion = { ...suspicion, stage: "stealing" };
    turn.effects.push({ type: "fence-steal", holder });
    return;
  }
  state.suspicion = null;
  learnHolder(turn, holder);
}

/**
 * Somebody looks at this peer. A leader may have gone unheard since, as a worker does whose page is kept in the back/forward
 * cache; Chromium lets such a page go when somebody asks for the locks that it holds.
 */
export function look(turn: Turn): void {
  const { config, phase } = turn.state;
  if (config.fenced && phase.type === "following") query(turn, "who");
}

/** The platform has said whom this peer waits for. */
export function learnHolder(turn: Turn, holder: PeerId | null): void {
  const { state } = turn;
  state.holder = holder;
  const { phase } = state;
  if (phase.type === "following") {
    if (holder === phase.leader) return;
    // The leader that this peer follows does not hold the fence: it is none. Whoever does may announce itself any moment, or hang as well.
    loseLeader(turn, { id: phase.leader, reason: "unresponsive" }, holder === null);
    if (holder !== null) sendJoin(turn, holder);
    return;
  }
  const waiting = phase.type === "joining" || (phase.type === "contending" && phase.stage.type === "fencing");
  if (!waiting) return;
  if (holder !== null && holder !== state.self) suspect(turn, holder, true);
  else if (phase.type === "joining") {
    disarm(turn, "response");
    considerContending(turn);
    if (!armed(turn, "response") && state.phase.type === "joining") arm(turn, "response", state.config.limits.responseMs);
  }
}
