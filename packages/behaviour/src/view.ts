/**
 * The election as users see it, read from the state of the core.
 *
 * @module
 */
import { type Member, nameOf, type PeerId, type PeerState, peerId, rankedCandidates, roleIn } from "@gen-leader/protocol";
import type { Election } from "./election.js";

/** A live view: every property is read when asked for. `applied` is the progress of a follower's callbacks, which the core does not know. */
export function createElection(read: () => PeerState, applied: () => number): Election {
  return {
    get self() {
      return read().self;
    },
    get phase() {
      return read().phase.type;
    },
    get leader() {
      const { phase, self } = read();
      if (phase.type === "leading") return self;
      return phase.type === "following" ? phase.leader : null;
    },
    get isLeader() {
      return read().phase.type === "leading";
    },
    get token() {
      return read().token;
    },
    get epoch() {
      return read().token?.epoch ?? 0;
    },
    get alive() {
      return members(read()).map(({ id }) => id);
    },
    get down() {
      return downPeers(read());
    },
    get candidates() {
      const state = read();
      return members(state).flatMap((member) => (roleIn(state.config, member) === "candidate" ? [member.id] : []));
    },
    get workers() {
      const state = read();
      return members(state).flatMap((member) => (roleIn(state.config, member) === "worker" ? [member.id] : []));
    },
    get inStep() {
      return [...read().members.keys()];
    },
    get members() {
      return members(read());
    },
    get applied() {
      const { phase, position } = read();
      return phase.type === "leading" ? position.sequence : applied();
    },
  };
}

/** Everybody who is up, best candidate first, workers last. */
function members(state: PeerState): Member[] {
  const { config, self, preference } = state;
  const known = new Map<PeerId, Member>([
    [self, { id: self, role: config.role, priority: config.priority, preference, version: config.version }],
  ]);
  for (const [id, { member }] of state.peers) if (member !== null) known.set(id, member);
  const order = [...rankedCandidates(state), ...known.keys()];
  return [...new Set(order)].flatMap((id) => known.get(id) ?? []);
}

/** Who is down: nobody who has come back under another incarnation, and nobody twice. */
function downPeers(state: PeerState): PeerId[] {
  const names = new Set([...state.peers.keys(), state.self].map(nameOf));
  const down: PeerId[] = [];
  const add = (id: PeerId) => {
    if (names.has(nameOf(id))) return;
    names.add(nameOf(id));
    down.push(id);
  };
  for (const { id } of state.gone) add(id);
  for (const name of state.config.lists?.candidates ?? []) add(peerId(name, 0));
  return down;
}
