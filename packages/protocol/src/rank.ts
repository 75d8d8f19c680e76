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

/** A peer with what it is ranked by, the weightiest first; less is better. */
interface Ranked {
  readonly id: PeerId;
  readonly marks: readonly number[];
}

/**
 * Who has just stepped down comes last; then those that hold state come before blank ones, those that the last leader
 * counted on before others, the order of the candidate list, the larger priority, the larger preference, and the elder.
 */
function rank({ config, members, backOff, now }: PeerState, { id, priority, preference }: Member, blank: boolean): Ranked {
  const steppedDown = backOff?.peer === id && now < backOff.until;
  return {
    id,
    marks: [
      Number(steppedDown),
      Number(blank),
      Number(!members.has(id)),
      config.lists?.candidates.indexOf(nameOf(id)) ?? 0,
      -priority,
      -preference,
      incarnationOf(id),
    ],
  };
}

/** Negative if `a` is the better leader. Between equals the smaller id decides. */
function compareRanked(a: Ranked, b: Ranked): number {
  for (let place = 0; place < a.marks.length; place += 1) {
    const difference = (a.marks[place] ?? 0) - (b.marks[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function rankSelf(state: PeerState): Ranked | null {
  const self = selfMember(state);
  return mayLead(state.config, self) ? rank(state, self, state.position.token === null) : null;
}

/** The other candidates that are up, in no order. */
function rankOthers(state: PeerState): Ranked[] {
  const ranked: Ranked[] = [];
  for (const { member, position } of state.peers.values())
    if (member !== null && mayLead(state.config, member)) ranked.push(rank(state, member, position.token === null));
  return ranked;
}

function inOrder(ranked: Ranked[]): PeerId[] {
  return ranked.sort(compareRanked).map(({ id }) => id);
}

/** Candidates that are up, this peer included if it is one, best first. Peers known by id only are left out. */
export function rankedCandidates(state: PeerState): PeerId[] {
  const self = rankSelf(state);
  return inOrder(self === null ? rankOthers(state) : [self, ...rankOthers(state)]);
}

/** Candidates that are up and better than this peer, best first; all of them if this peer is a worker. */
export function betterCandidates(state: PeerState): PeerId[] {
  const self = rankSelf(state);
  return inOrder(rankOthers(state).filter((other) => self === null || compareRanked(other, self) < 0));
}
