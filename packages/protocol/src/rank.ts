/**
 * Who is the better leader: the one order that all peers contend by.
 *
 * @module
 */
import { incarnationOf, type Member, nameOf, type PeerId } from "./peer.js";
import type { Config, PeerState } from "./state.js";
import { selfMember } from "./turn.js";

/** Whether a peer may lead here: its role, or the lists where there are any. */
export function mayLead(config: Config, member: Member): boolean {
  return roleIn(config, member) === "candidate";
}

/** A peer's role in this cluster; `null` for one that is on neither list. */
export function roleIn(config: Config, member: Pick<Member, "id" | "role">): Member["role"] | null {
  if (config.lists === null) return member.role;
  const name = nameOf(member.id);
  if (config.lists.candidates.includes(name)) return "candidate";
  return config.lists.workers.includes(name) ? "worker" : null;
}

/** What a peer is ranked by. */
interface Ranked {
  readonly member: Member;
  readonly blank: boolean;
}

/**
 * Negative if `a` is the better leader: who has just stepped down comes last; then those that hold state come before
 * blank ones, those that the last leader counted on before others, the order of the candidate list, the
 * larger priority, the larger preference, the elder, and the smaller id.
 */
function compareRanked(state: PeerState, a: Ranked, b: Ranked): number {
  const stepped = (peer: PeerId) => (state.backOff?.peer === peer && state.now < state.backOff.until ? 1 : 0);
  const inStep = (peer: PeerId) => (state.members.has(peer) ? 0 : 1);
  const listed = (peer: PeerId) => state.config.lists?.candidates.indexOf(nameOf(peer)) ?? 0;
  return (
    stepped(a.member.id) - stepped(b.member.id) ||
    Number(a.blank) - Number(b.blank) ||
    inStep(a.member.id) - inStep(b.member.id) ||
    listed(a.member.id) - listed(b.member.id) ||
    b.member.priority - a.member.priority ||
    b.member.preference - a.member.preference ||
    incarnationOf(a.member.id) - incarnationOf(b.member.id) ||
    (a.member.id < b.member.id ? -1 : a.member.id > b.member.id ? 1 : 0)
  );
}

/** Candidates that are up, this peer included if it is one, best first. Peers known by id only are left out. */
export function rankedCandidates(state: PeerState): PeerId[] {
  const ranked: Ranked[] = [];
  const self = selfMember(state);
  if (mayLead(state.config, self)) ranked.push({ member: self, blank: state.position.token === null });
  for (const { member, position } of state.peers.values())
    if (member !== null && mayLead(state.config, member)) ranked.push({ member, blank: position.token === null });
  return ranked.sort((a, b) => compareRanked(state, a, b)).map(({ member }) => member.id);
}

/** Candidates that are up and better than this peer, best first; all of them if this peer is a worker. */
export function betterCandidates(state: PeerState): PeerId[] {
  const ranked = rankedCandidates(state);
  const place = ranked.indexOf(state.self);
  return place < 0 ? ranked : ranked.slice(0, place);
}
