/**
 * What must hold of every world, and what a world is like in which all is well: `isGoal`.
 *
 * @module
 */
import { type PeerId, sameToken } from "gen-leader/protocol";
import type { Budget, ExplorationOptions } from "./options.js";
import { type Realm, realmAt, type World } from "./world.js";

export type WorldChecker = (world: World, options: ExplorationOptions) => string | null;

/** Promise 1: with a fence, at most one realm that has not been robbed takes itself for the leader. */
export const oneLeader: WorldChecker = ({ realms }, { fenced }) => {
  if (!fenced) return null;
  const leaders = realms.filter(
    ({ life, state, fenceEvents, robbedAsleep }) =>
      life === "up" && state.phase.type === "leading" && !fenceEvents.includes("lost") && !robbedAsleep,
  );
  return leaders.length > 1 ? `${leaders.map(({ state }) => state.self).join(" and ")} lead` : null;
};

/** Promise 4: who is at the same place of the same tenure has applied the same. */
export const logsAgree: WorldChecker = ({ realms }) => {
  for (const one of realms) {
    const { token, sequence } = one.state.position;
    if (token === null || !isTold(one)) continue;
    for (const other of realms) {
      if (other.slot <= one.slot || !isTold(other)) continue;
      const { position } = other.state;
      if (!sameToken(position.token, token) || position.sequence !== sequence) continue;
      if (one.log.join() !== other.log.join())
        return `${one.state.self} has applied [${one.log.join(" ")}], ${other.state.self} [${other.log.join(" ")}], both at ${sequence}`;
    }
  }
  return null;
};

/**
 * Whether what the callbacks have applied is what the core knows of: while it asks the fence, a leader's broadcasts wait; and what a
 * deposed leader ran but could not broadcast any more stays in its log until it surrenders.
 */
function isTold({ life, state }: Realm): boolean {
  return life !== "gone" && life !== "corpse" && !state.deposed && state.inbox.every(({ type }) => type !== "broadcast");
}

/** Promise 4: nothing is applied twice. */
export const nothingAppliedTwice: WorldChecker = ({ realms }) => {
  for (const { log, state } of realms) if (new Set(log).size < log.length) return `${state.self} has applied [${log.join(" ")}]`;
  return null;
};

/** Every checker of worlds, by its name. */
export const worldCheckers: ReadonlyMap<string, WorldChecker> = new Map(Object.entries({ oneLeader, logsAgree, nothingAppliedTwice }));

/**
 * Whether all that runs is one cluster: one leads and holds the fence, the others follow it, counted on and in step, and nobody waits for a
 * reply. Where no candidate runs, nobody can lead. A leader that stands still for good may do so for as long as nobody needs it: a
 * page may sleep, and silence accuses nobody.
 */
export function isGoal({ realms, fence, island }: World, { fenced, budget }: ExplorationOptions): boolean {
  if (realms.some(({ life }) => life === "hung" || life === "opening")) return false;
  const up = realms.filter(({ life }) => life === "up");
  if (!up.some(({ state }) => state.config.role === "candidate")) return true;
  if (island !== 0) return false;
  return realms.some((leader) => isLed(leader, realms, up, !fenced || fence.holder === leader.state.self, budget));
}

function isLed(leader: Realm, realms: readonly Realm[], up: readonly Realm[], holdsFence: boolean, given: Budget): boolean {
  const { life, state } = leader;
  if (state.phase.type !== "leading" || state.tenure?.handOver !== null) return false;
  if (life !== "corpse" && (life !== "up" || !holdsFence)) return false;
  const isAlive = (id: PeerId): boolean =>
    realms.some((other) => other.state.self === id && (other.life === "up" || other.life === "corpse"));
  const isPopulated = life === "corpse" || [...state.members.keys()].every(isAlive);
  // A frame that is lost takes a call with it, which may then only end with its user's patience: a leader runs no call twice.
  const mayWait = given.losses > 0 || given.partitions > 0;
  return isPopulated && up.every((realm) => isInStep(realm, leader) && (mayWait || realm.state.calls.size === 0));
}

function isInStep({ state, slot }: Realm, leader: Realm): boolean {
  if (state.inbox.length > 0 || !leader.state.members.has(state.self)) return false;
  if (slot === leader.slot) return true;
  const { phase, position, token } = state;
  return (
    phase.type === "following" &&
    phase.leader === leader.state.self &&
    sameToken(token, leader.state.token) &&
    position.sequence === leader.state.position.sequence
  );
}

/** A world's leader, for starting from a settled one. @throws RangeError if there is none */
export function leaderOf({ realms }: World): Realm {
  const slot = realms.findIndex(({ state }) => state.phase.type === "leading");
  return realmAt(realms, slot);
}
