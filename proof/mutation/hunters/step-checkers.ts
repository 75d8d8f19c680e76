/**
 * What must hold at every step of a simulated run: each checker has a name, looks at one event with its effects, and ends
 * the run when something is wrong.
 *
 * @module
 */

import type { SimulatedCluster, SimulatedPeer } from "@gen-leader/testing";
import {
  comparePositions,
  compareTokens,
  type Delivery,
  type Effect,
  type Event,
  mayAdopt,
  type PeerId,
  type PeerState,
  type Position,
  printToken,
  roleIn,
  sameToken,
  type Token,
} from "gen-leader/protocol";
import { Caught } from "./hunter.js";

export interface StepCheckerOptions {
  readonly fenced: boolean;
  /** Whether newcomers can tell who is alive. */
  readonly census: boolean;
  /** How long a robbed leader that runs may not know it: as long as the platform takes to tell, in milliseconds. */
  readonly toleranceMs: number;
  /** Whether no frame gets lost, and no death is heard of before what the dead had posted. */
  readonly lossless: boolean;
  /** Whether every broadcast since the last sync is kept, so that whoever loses some can be told all. */
  readonly remembers: boolean;
}

/** A place in the broadcasts of one tenure. */
type Cursor = Pick<Position, "token" | "sequence">;

/** What the checkers remember of one realm. */
interface Memory {
  /** How far its callbacks are. */
  cursor: Cursor;
  /** The tenure that `elected` last ran for. */
  elected: Token | null;
  /** When it was last seen to hold the fence, and to hang. */
  heldAt: number;
  hungAt: number;
  readonly settled: Set<number>;
  /** Since when it is halted for a contender that has given up. */
  haltedInVainSince: number | null;
  /** Whom it watches, as the platform sees it. */
  watches: Set<PeerId>;
  /** What it broadcast, or got as a broadcast, since its last sync. */
  applied: string[];
  /** How many of its callbacks were looked at. */
  seen: number;
}

export interface StepCheckers {
  see(cluster: SimulatedCluster, peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState): void;
  /** Items that a leader's callback ran for, with how often. */
  readonly executed: ReadonlyMap<string, number>;
  /** Whom a realm watches, as the platform sees it. */
  watchesOf(peer: SimulatedPeer): ReadonlySet<PeerId>;
  /** A realm hangs, or did until now. */
  noteHung(peer: SimulatedPeer, now: number): void;
  readonly steps: number;
}

export function createStepCheckers(options: StepCheckerOptions): StepCheckers {
  const { census, fenced, toleranceMs, lossless, remembers } = options;
  const memories = new Map<SimulatedPeer, Memory>();
  const winners = new Map<number, PeerId>();
  const executed = new Map<string, number>();
  const blankCampaigns = new Set<string>();
  let largestEpoch = 0;
  let steps = 0;

  function memoryOf(peer: SimulatedPeer): Memory {
    const known = memories.get(peer);
    if (known !== undefined) return known;
    const made: Memory = {
      cursor: { token: null, sequence: 0 },
      elected: null,
      heldAt: Number.NEGATIVE_INFINITY,
      hungAt: Number.NEGATIVE_INFINITY,
      settled: new Set(),
      haltedInVainSince: null,
      watches: new Set(),
      applied: [],
      seen: 0,
    };
    memories.set(peer, made);
    return made;
  }

  type Complain = (checker: string, what: string) => never;

  function checkTokens({ state }: SimulatedPeer, memory: Memory, before: PeerState, complain: Complain): void {
    if (state.highestEpoch < before.highestEpoch) complain("epochs-grow", `${before.highestEpoch} shrank to ${state.highestEpoch}`);
    if (compareTokens(state.token, before.token) < 0) complain("tokens-grow", `now ${show({ token: state.token, sequence: 0 })}`);
    if (state.phase.type !== "leading" || before.phase.type === "leading" || state.token === null) return;
    const { epoch, leader } = state.token;
    memory.cursor = { token: state.token, sequence: 0 };
    memory.applied = [];
    if (fenced && winners.has(epoch)) complain("epochs-grow", `won epoch ${epoch}, which ${winners.get(epoch)} had won`);
    if (fenced && epoch < largestEpoch) complain("epochs-grow", `won epoch ${epoch} after ${largestEpoch}`);
    largestEpoch = Math.max(largestEpoch, epoch);
    winners.set(epoch, leader);
  }

  function checkSurrendered(memory: Memory, delivery: Extract<Delivery, { type: "surrendered" }>, complain: Complain): void {
    const { token, sequence, lost, sync } = delivery;
    const { cursor, applied } = memory;
    const order = compareTokens(token, cursor.token);
    if (order < 0 || (order === 0 && sequence < cursor.sequence))
      complain("callback-order", `surrendered to ${show(delivery)} after ${show(cursor)}`);
    const log = new Set(Array.isArray(sync) ? sync.map(String) : []);
    const untold = remembers ? applied.filter((item) => !log.has(item) && !lost.includes(item)) : [];
    if (untold.length > 0) complain("losses-are-told", `lost ${untold}, was told [${lost}]`);
    const false_ = lost.map(String).filter((item) => log.has(item) && !item.includes("retry"));
    if (false_.length > 0) complain("losses-are-true", `was told that ${false_} is lost`);
    memory.cursor = { token, sequence };
    memory.applied = [];
  }

  function checkElected(
    cluster: SimulatedCluster,
    peer: SimulatedPeer,
    delivery: Extract<Delivery, { type: "elected" }>,
    complain: Complain,
  ) {
    if (delivery.joiner !== null || delivery.mayHaveLost) return;
    const { position, phase, self } = peer.state;
    const acknowledged: ReadonlyMap<PeerId, Position> = phase.type === "contending" ? phase.acknowledged : new Map();
    for (const other of cluster.peers) {
      const theirs = other.state;
      if (other === peer || other.life !== "up") continue;
      const isAhead = comparePositions(theirs.position, position) > 0 && mayAdopt(position, theirs.position);
      if (!isAhead) continue;
      const halted =
        theirs.phase.type === "halted" &&
        theirs.phase.contender === self &&
        acknowledged.has(theirs.self) &&
        peer.state.peers.has(theirs.self);
      const same = phase.type === "contending" && theirs.phase.type === "halted" && sameToken(theirs.phase.campaign, phase.campaign);
      if (halted && same && !other.hung)
        complain("catch-up-complete", `is at ${show(position)}, ${theirs.self} at ${show(theirs.position)}`);
      const lost = other.log.filter((item) => !peer.log.includes(item));
      if (census && fenced && lossless && other.hung && theirs.phase.type !== "away" && lost.length > 0)
        complain("losses-are-told", `leads past ${theirs.self}, which alone has ${lost}, and says nothing`);
    }
  }

  function checkDelivery(cluster: SimulatedCluster, peer: SimulatedPeer, memory: Memory, delivery: Delivery, complain: Complain): void {
    const { cursor } = memory;
    const at = show(cursor);
    switch (delivery.type) {
      case "elected":
        if (delivery.joiner === null) memory.elected = delivery.token;
        return checkElected(cluster, peer, delivery, complain);
      case "surrendered":
        return checkSurrendered(memory, delivery, complain);
      case "from-leader":
      case "advance": {
        const isNext = delivery.sequence === cursor.sequence + 1;
        if (!isNext) complain("broadcasts-gap-free", `${delivery.type} ${delivery.sequence} after ${at}`);
        if (delivery.type === "from-leader" && !sameToken(delivery.token, cursor.token))
          complain("callback-order", `from-leader of another tenure, at ${at}`);
        memory.cursor = { token: cursor.token, sequence: delivery.sequence };
        if (delivery.type === "from-leader") memory.applied.push(String(delivery.payload));
        return;
      }
      case "leader-call":
      case "leader-cast":
      case "down":
        if (!sameToken(delivery.token, cursor.token) || !sameToken(delivery.token, memory.elected))
          complain("callback-order", `${delivery.type} of a tenure that was not elected, at ${at}`);
        return;
      case "settle":
        if (memory.settled.has(delivery.call)) complain("calls-settle-once", `call ${delivery.call} is settled twice`);
        memory.settled.add(delivery.call);
        if (delivery.call > peer.calls.length) complain("calls-settle-once", `call ${delivery.call} was never made`);
        return;
      default:
        return;
    }
  }

  /** The platform's view of watches and the core's must be one, or watches outlive their reason. */
  function trackWatch(memory: Memory, effect: Effect, complain: Complain): void {
    if (effect.type === "monitor") {
      if (memory.watches.has(effect.peer)) complain("nothing-left-behind", `watches ${effect.peer} twice`);
      memory.watches.add(effect.peer);
    } else if (effect.type === "demonitor") memory.watches.delete(effect.peer);
    else if (effect.type === "reopen") memory.watches.clear();
  }

  /** The leader that goes on leading tells its callbacks of everybody whom it takes out. */
  function checkDeaths({ state }: SimulatedPeer, before: PeerState, effects: readonly Effect[], complain: Complain): void {
    if (state.phase.type !== "leading" || before.phase.type !== "leading" || !sameToken(state.token, before.token)) return;
    if (state.members === before.members) return;
    for (const id of before.members.keys()) {
      if (state.members.has(id)) continue;
      const told = effects.some((effect) => effect.type === "deliver" && effect.delivery.type === "down" && effect.delivery.peer === id);
      if (!told) complain("deaths-are-told", `took ${id} out without a word`);
    }
  }

  /** Without a fence a peer keeps to the largest campaign that it has acknowledged, as long as nothing has ended that. */
  function checkPromise({ state }: SimulatedPeer, before: PeerState, complain: Complain): void {
    if (fenced || before.phase.type !== "halted") return;
    const { campaign, contender } = before.phase;
    const { phase } = state;
    if (phase.type === "halted" && compareTokens(phase.campaign, campaign) < 0)
      complain("promises-are-kept", `promised to ${campaign.epoch}@${contender}, acknowledges ${phase.campaign.epoch}@${phase.contender}`);
    if (phase.type === "following" && phase.leader !== contender)
      complain("promises-are-kept", `promised to ${campaign.epoch}@${contender}, follows ${phase.leader}`);
  }

  /**
   * Who gives up says so, and whoever hears it leaves the halted state. Without a fence a halt to a single peer may come after the
   * withdrawal that was posted after it, and holds that peer up for `electionMs`: not looked at.
   */
  function checkHalted(cluster: SimulatedCluster, peer: SimulatedPeer, memory: Memory): void {
    const { phase, self } = peer.state;
    const contender = phase.type === "halted" && cluster.peers.find(({ state, life }) => life === "up" && state.self === phase.contender);
    if (phase.type !== "halted" || !contender || peer.hung || contender.hung || peer.life !== "up") {
      memory.haltedInVainSince = null;
      return;
    }
    const theirs = contender.state.phase;
    const stands = theirs.type === "leading" || (theirs.type === "contending" && sameToken(theirs.campaign, phase.campaign));
    memory.haltedInVainSince = stands ? null : (memory.haltedInVainSince ?? cluster.now);
    if (memory.haltedInVainSince !== null && cluster.now - memory.haltedInVainSince > 1000)
      throw new Caught("withdrawals-are-heard", `${cluster.now} ${self} is halted for ${phase.contender}, which gave up`);
  }

  /** A candidate that holds state and does not back off does not give way to a blank contender. */
  function checkPreference(peer: SimulatedPeer, effect: Effect, before: PeerState, complain: Complain): void {
    if (effect.type === "post" || effect.type === "send") {
      const { message } = effect;
      if (message.type === "halt" && message.position.token === null) blankCampaigns.add(`${message.campaign.epoch}@${message.from}`);
      if (message.type !== "acknowledge" || message.position.token === null) return;
      const { campaign } = message;
      const { state } = peer;
      const backsOff = before.deadlines["back-off"] !== undefined || state.backOff?.peer === state.self;
      const mayLead = roleIn(state.config, { id: state.self, role: state.config.role }) === "candidate";
      if (blankCampaigns.has(`${campaign.epoch}@${campaign.leader}`) && mayLead && !backsOff)
        complain("state-is-preferred", `holds state and gives way to ${campaign.leader}, which is blank`);
    }
  }

  function checkExecuted(peer: SimulatedPeer, memory: Memory, complain: Complain): void {
    for (; memory.seen < peer.callbacks.length; memory.seen += 1) {
      const [callback, item = ""] = peer.callbacks[memory.seen]?.split(" ") ?? [];
      if (callback !== "leader-call" && callback !== "leader-cast") continue;
      const times = (executed.get(item) ?? 0) + 1;
      executed.set(item, times);
      if (times > 1 && !item.includes("retry")) complain("executed-once", `${item} ran ${times} times`);
    }
  }

  function checkSteal(cluster: SimulatedCluster, now: number, effect: Effect, complain: Complain): void {
    if (effect.type !== "fence-steal") return;
    const accused = cluster.peers.find(({ state, life }) => life === "up" && state.self === effect.holder);
    if (accused === undefined || accused.hung || now - memoryOf(accused).hungAt < 1000) return;
    complain("robs-only-the-hung", `steals the fence from ${effect.holder}, which runs`);
  }

  return {
    executed,
    watchesOf: (peer) => memoryOf(peer).watches,
    noteHung: (peer, now) => {
      memoryOf(peer).hungAt = now;
    },
    get steps() {
      return steps;
    },
    see(cluster, peer, event, effects, before) {
      steps += 1;
      const memory = memoryOf(peer);
      const { state } = peer;
      const complain: Complain = (checker, what) => {
        throw new Caught(checker, `${cluster.now} ${state.self} ${what} (after ${event.type})`);
      };
      for (const [other, others] of memories) if (cluster.fence.holder === other.state.self) others.heldAt = cluster.now;
      if (event.type === "opened") memory.watches.clear();
      for (const other of cluster.peers) checkExecuted(other, memoryOf(other), complain);
      if (lossless && fenced) for (const other of cluster.peers) checkHalted(cluster, other, memoryOf(other));
      checkTokens(peer, memory, before, complain);
      const isRobbed = fenced && cluster.now - memory.heldAt > toleranceMs;
      for (const effect of effects) {
        if (isRobbed && isAct(effect, before.self))
          complain("one-leader-per-fence", `lets out ${effect.type} although it lost the fence at ${memory.heldAt}`);
        trackWatch(memory, effect, complain);
        checkPreference(peer, effect, before, complain);
        checkSteal(cluster, cluster.now, effect, complain);
        if (effect.type === "deliver") checkDelivery(cluster, peer, memory, effect.delivery, complain);
        if (effect.type !== "post" || effect.message.type !== "broadcast") continue;
        const { token, sequence, entry } = effect.message;
        if (!sameToken(token, memory.cursor.token) || sequence !== memory.cursor.sequence + 1)
          complain("broadcasts-gap-free", `broadcasts ${show({ token, sequence })} after ${show(memory.cursor)}`);
        memory.cursor = { token, sequence };
        if (entry.type === "message") memory.applied.push(String(entry.payload));
      }
      checkDeaths(peer, before, effects, complain);
      checkPromise(peer, before, complain);
      if (state.monitored.size !== memory.watches.size || [...state.monitored].some((id) => !memory.watches.has(id)))
        complain("nothing-left-behind", `means to watch [${[...state.monitored]}] and watches [${[...memory.watches]}]`);
      if (state.phase.type === "away" && Object.keys(state.deadlines).length > 0)
        complain("nothing-left-behind", `is away and has deadlines ${Object.keys(state.deadlines)}`);
    },
  };
}

function show({ token, sequence }: Cursor): string {
  return token === null ? "nothing" : `${printToken(token)}/${sequence}`;
}

/** Whether an effect is something that only a leader does, and that others, or its own users, act on. */
function isAct(effect: Effect, self: PeerId): boolean {
  switch (effect.type) {
    case "post":
      return effect.message.type === "broadcast" || effect.message.type === "announce";
    case "send":
      return effect.message.type === "reply" || effect.message.type === "welcome" || effect.message.type === "missed";
    case "deliver": {
      const { delivery } = effect;
      if (delivery.type === "leader-call" || delivery.type === "leader-cast") return true;
      return delivery.type === "settle" && delivery.outcome.type === "result" && delivery.outcome.token?.leader === self;
    }
    default:
      return false;
  }
}
