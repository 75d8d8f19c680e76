/**
 * Handing leadership over without dropping a call: name the successor, finish, wait until everybody is in step, let go.
 *
 * @module
 */
import { awaitReplies, flushCalls } from "./calls.js";
import type { HandOver } from "./messages.js";
import { nameOf, type PeerId } from "./peer.js";
import { considerContending, endTenure } from "./phases.js";
import { mayLead, rankedCandidates } from "./rank.js";
import { sameToken, type Token } from "./token.js";
import { arm, disarm, drop, post, releaseFence, send, type Turn } from "./turn.js";

/** The user wants somebody else to lead. */
export function stepDown(
  turn: Turn,
  wish: { readonly request: number; readonly to: PeerId | null; readonly backOffMs: number; readonly alone: "refuse" | "resign" },
): void {
  const { state } = turn;
  const { tenure, token } = state;
  const { alone, backOffMs, request, to } = wish;
  if (tenure === null || token === null) return;
  if (tenure.handOver !== null) {
    // Wished for twice, it is done once.
    if (to !== null && to !== tenure.handOver.successor) turn.effects.push({ type: "step-down-refused", request });
    return;
  }
  const successor = to ?? rankedCandidates(state).find((peer) => peer !== state.self && state.members.has(peer)) ?? null;
  const member = successor === null ? undefined : state.members.get(successor);
  if (successor === null && alone === "resign") return resign(turn, null, backOffMs);
  if (member === undefined || member.id === state.self || !mayLead(state.config, member)) {
    turn.effects.push({ type: "step-down-refused", request });
    return;
  }
  state.tenure = { ...tenure, handOver: { successor: member.id, backOffMs, stage: "draining" } };
  post(turn, { type: "hand-over", token, successor: member.id });
  arm(turn, "hand-over", state.config.limits.electionMs);
  turn.effects.push({ type: "drain", token });
}

/** No leader callback runs, waits or owes an answer any more: now everybody has to be in step. */
export function drained(turn: Turn, token: Token): void {
  const { state } = turn;
  const { tenure } = state;
  if (tenure?.handOver?.stage !== "draining" || !sameToken(token, state.token)) return;
  state.tenure = { ...tenure, reported: new Map(), handOver: { ...tenure.handOver, stage: "settling" } };
  compareWithAll(turn, token);
  settleHandOver(turn);
}

/** Asks everybody for a report: on the path of the replies, so that it says that those have arrived as well. */
function compareWithAll(turn: Turn, token: Token): void {
  const { members, position, self } = turn.state;
  for (const peer of members.keys()) if (peer !== self) send(turn, peer, { type: "digest", token, sequence: position.sequence });
}

/** Lets go once everybody has reported the last position, or is gone. */
export function settleHandOver(turn: Turn): void {
  const { state } = turn;
  const { tenure } = state;
  if (tenure?.handOver?.stage !== "settling") return;
  const { successor, backOffMs } = tenure.handOver;
  if (!state.members.has(successor)) return;
  for (const peer of state.members.keys()) if (peer !== state.self && (tenure.reported.get(peer) ?? -1) < state.position.sequence) return;
  resign(turn, successor, backOffMs);
}

/** Lays the office down, and goes on as a peer. */
function resign(turn: Turn, successor: PeerId | null, backOffMs: number): void {
  const { state } = turn;
  const { token } = state;
  if (token === null) return;
  state.backOff = backOffMs > 0 ? { peer: state.self, until: state.now + backOffMs } : null;
  state.successor = successor;
  post(turn, { type: "resign", token, leaving: false, successor, backOffMs });
  endTenure(turn);
  releaseFence(turn);
  state.phase = { type: "joining" };
  state.holder = successor;
  awaitReplies(turn, turn.state.config.limits.electionMs);
  if (successor === null) arm(turn, "back-off", backOffMs);
  considerContending(turn);
}

/** A peer is gone: without the successor a hand-over is off; without a bystander it goes on, from the change that this was. */
export function handOverWithout(turn: Turn, peer: PeerId): void {
  const { tenure, token } = turn.state;
  if (tenure === null || tenure.handOver === null || token === null) return;
  if (tenure.handOver.successor === peer) return abandonHandOver(turn);
  if (tenure.handOver.stage === "settling") compareWithAll(turn, token);
}

/** The hand-over took too long. If only bystanders are silent it goes on without them; without the successor it is off. */
export function handOverDue(turn: Turn): void {
  const { state } = turn;
  const { tenure } = state;
  if (tenure === null || tenure.handOver === null) return;
  const { successor, backOffMs, stage } = tenure.handOver;
  const ready = stage === "settling" && state.members.has(successor) && (tenure.reported.get(successor) ?? -1) >= state.position.sequence;
  if (ready) return resign(turn, successor, backOffMs);
  abandonHandOver(turn);
}

/** Goes on leading: the calls that were held back are welcome again. */
export function abandonHandOver(turn: Turn): void {
  const { state } = turn;
  const { tenure, token } = state;
  if (tenure === null || tenure.handOver === null || token === null) return;
  const { successor } = tenure.handOver;
  state.tenure = { ...tenure, handOver: null };
  disarm(turn, "hand-over");
  post(turn, { type: "hand-over", token, successor: null });
  turn.effects.push({ type: "hand-over-abandoned", successor });
  flushCalls(turn);
}

/** The leader hands over, or takes it back: calls are held until there is a leader to take them. */
export function receiveHandOver(turn: Turn, message: HandOver): void {
  const { state } = turn;
  if (state.phase.type !== "following" || state.phase.leader !== message.from || !sameToken(message.token, state.token))
    return drop(turn, "stale", message.from);
  state.holding = message.successor !== null;
  if (!state.holding) flushCalls(turn);
}

/** The id of the member with this name or id; for `stepDown({ to })` and calls to single peers. */
export function findPeer(peers: Iterable<PeerId>, nameOrId: string): PeerId | null {
  for (const id of peers) if (id === nameOrId || nameOf(id) === nameOrId) return id;
  return null;
}
