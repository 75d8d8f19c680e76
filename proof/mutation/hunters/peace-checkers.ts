/**
 * What must hold once failures have stopped: one leader, one log, every call settled, silence, and nothing left behind.
 *
 * @module
 */

import type { SimulatedCall, SimulatedCluster, SimulatedPeer } from "@gen-leader/testing";
import { nameOf, type PeerId, sameToken } from "gen-leader/protocol";
import { Caught } from "./hunter.js";
import type { StepCheckers } from "./step-checkers.js";
import type { Weather } from "./weather.js";

export function upPeers({ peers }: SimulatedCluster): SimulatedPeer[] {
  return peers.filter(({ life }) => life === "up");
}

export function answerAll(cluster: SimulatedCluster): void {
  for (const peer of upPeers(cluster)) if (!peer.hung) for (const { item } of peer.open) cluster.answer(peer, item);
}

function isWaiting({ outcome, isCancelled }: SimulatedCall): boolean {
  return outcome === null && !isCancelled;
}

function isPeerCall({ item }: SimulatedCall): boolean {
  return item.startsWith("log of ");
}

/** Whether these peers have one leader among them, whom they follow, and nobody waits for a call; one to a single peer that hangs may wait. */
export function isAtPeace(cluster: SimulatedCluster, peers: readonly SimulatedPeer[]): boolean {
  answerAll(cluster);
  const leader = peers.find(({ state }) => state.phase.type === "leading");
  // What waits for an answer of the fence may be a broadcast.
  if (leader === undefined || leader.state.inbox.length > 0) return false;
  const isInStep = ({ state }: SimulatedPeer) =>
    state === leader.state ||
    (state.phase.type === "following" &&
      state.phase.leader === leader.state.self &&
      state.position.sequence === leader.state.position.sequence &&
      leader.state.members.has(state.self));
  const mayWait = (call: SimulatedCall) =>
    isPeerCall(call) && cluster.peers.some(({ hung, name }) => hung && call.item === `log of ${name}`);
  return peers.every((peer) => isInStep(peer) && !peer.calls.some((call) => isWaiting(call) && !mayWait(call)));
}

export function describePeers(cluster: SimulatedCluster): string {
  const peers = upPeers(cluster).map(({ state, calls, hung }) => {
    const waiting = calls.filter(isWaiting).map(({ item }) => item);
    const { token, sequence } = state.position;
    return `${state.self}${hung ? " (hangs)" : ""} ${state.phase.type} ${token?.epoch}@${token?.leader}/${sequence} waits for [${waiting}]`;
  });
  return `${peers.join(" | ")}; the fence is ${cluster.fence.holder ?? "free"}`;
}

/** Looks at logs and calls. @throws Caught */
export function checkPeace(cluster: SimulatedCluster, checkers: StepCheckers, weather: Weather): void {
  const { calm, census, faulty, fenced, parted, rough, slow, historyLimit, snapshots } = weather;
  // A detector must not overtake what the dead had posted, where nobody else tells who is there; one that does, over a slow network, may cost it.
  const isOvertaken = (faulty && !(fenced && census)) || (slow && !fenced);
  // A worker that has forgotten how it came where it is, and can make no sync, cannot bring anybody there.
  const mayLose = rough || parted || isOvertaken || (historyLimit < 100 && !snapshots);
  const up = upPeers(cluster);
  const logs = new Set(up.map(({ log }) => log.join(",")));
  if (logs.size > 1) throw new Caught("converges", `logs differ: ${[...logs].join(" / ")}`);
  for (const { name, log, calls } of up) {
    const once = log.filter((item) => !item.includes("retry"));
    if (new Set(once).size < once.length) throw new Caught("executed-once", `${name} has something twice: ${log}`);
    for (const call of calls.filter((one) => !isPeerCall(one))) {
      const { item, outcome } = call;
      if (outcome?.type === "result") {
        if (!call.wasApplied) throw new Caught("read-your-writes", `${name} was answered before it had applied ${item}`);
        if (!mayLose && !log.includes(item)) throw new Caught("acknowledged-writes-survive", `${item}, acknowledged to ${name}, is lost`);
      } else if (calm && outcome !== null) throw new Caught("hand-over-drops-nothing", `${item} of ${name} failed, though nobody died`);
      if (outcome?.type === "leader-died" && outcome.outcome === "not-started" && checkers.executed.has(item))
        throw new Caught("outcomes-are-true", `${item} is said not to have started, and ran`);
    }
  }
}

/** Looks at what is left once everybody has fallen silent. @throws Caught */
export function checkRest(cluster: SimulatedCluster, checkers: StepCheckers): void {
  const up = upPeers(cluster);
  const ids = new Set<PeerId>(up.map(({ state }) => state.self));
  for (const peer of up) {
    const { state } = peer;
    const fail = (what: string) => {
      throw new Caught("nothing-left-behind", `${state.self}: ${what}`);
    };
    for (const id of checkers.watchesOf(peer)) if (!ids.has(id)) fail(`watches ${id}, which is gone`);
    for (const id of state.peers.keys()) if (!ids.has(id)) fail(`thinks that ${id} is up`);
    for (const id of state.members.keys()) if (!ids.has(id)) fail(`counts on ${id}`);
    // Of those that went down last, copies of requests may still come.
    const isForgotten = (id: PeerId) => !ids.has(id) && !state.gone.some((gone) => gone.id === id);
    for (const id of [...state.peerSerials.keys(), ...state.taken.keys()]) if (isForgotten(id)) fail(`remembers serials of ${id}`);
    for (const id of state.tenure?.welcomed.keys() ?? []) if (!ids.has(id)) fail(`remembers the welcome of ${id}`);
    for (const id of state.tenure?.reported.keys() ?? []) if (!ids.has(id)) fail(`remembers a report of ${id}`);
    if ((state.tenure?.welcoming.size ?? 0) > 0) fail("welcomes somebody for ever");
    if (state.calls.size > 0 || state.peerCalls.size > 0 || state.casts.length > 0) fail("has calls or casts that wait");
    if (state.queries.length > 0 || state.inbox.length > 0) fail("waits for the fence to answer");
    if (state.suspicion !== null) fail(`suspects ${state.suspicion.accused}`);
    if (state.early.size > 0 && sameToken(state.earlyToken, state.token)) fail("keeps broadcasts that never had their turn");
    const deadlines = Object.keys(state.deadlines);
    if (deadlines.length > 0) fail(`has deadlines: ${deadlines}`);
    if (state.phase.type === "following" && checkers.watchesOf(peer).size > 2) fail(`watches ${[...checkers.watchesOf(peer)]}`);
    if (state.phase.type === "leading" && checkers.watchesOf(peer).size !== up.length - 1) fail("does not watch everybody");
    if (new Set(up.map(({ state: other }) => nameOf(other.self))).size < up.length) fail("lives beside another of its name");
  }
}
