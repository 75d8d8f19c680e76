/**
 * What must hold at every step of a simulated run, whatever happens: looks at each event with its effects, and takes down
 * what is wrong.
 *
 * @module
 */
import {
  compareTokens,
  type Delivery,
  type Effect,
  type Event,
  type PeerId,
  type PeerState,
  type Position,
  printToken,
  sameToken,
} from "@gen-leader/protocol";
import type { SimulatedPeer } from "./peer.js";

/** What the checker needs to know of a cluster. */
export interface CheckedCluster {
  readonly now: number;
  /** Who holds the fence; `null` for nobody. */
  readonly fence: { readonly holder: PeerId | null };
}

export interface InvariantOptions {
  /** Whether leaders must hold the fence. */
  readonly fenced: boolean;
  /** How long a robbed leader that runs may not know it: as long as the platform takes to tell, in milliseconds. */
  readonly toleranceMs: number;
}

export interface InvariantChecker {
  /** What was wrong so far, in words. */
  readonly problems: readonly string[];
  /** To be called with every step, as a cluster's `onStep`. */
  see(cluster: CheckedCluster, peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState): void;
}

/** A place in the broadcasts of one tenure. */
type Cursor = Pick<Position, "token" | "sequence">;

/** What a checker remembers of one peer. */
interface Memory {
  /** How far its callbacks are. */
  cursor: Cursor;
  /** When it was last seen to hold the fence. */
  heldAt: number;
  readonly settled: Set<number>;
}

/**
 * Checks that epochs and tokens only grow at every peer, that with a fence no epoch is won twice, that callbacks get broadcasts in order, once and without a gap, that
 * a call is settled once, and that a leader which has lost the fence lets nothing out.
 */
export function createInvariantChecker({ fenced, toleranceMs }: InvariantOptions): InvariantChecker {
  const problems: string[] = [];
  const memories = new Map<SimulatedPeer, Memory>();
  /** Who led under which epoch. */
  const winners = new Map<number, PeerId>();

  function memoryOf(peer: SimulatedPeer): Memory {
    const known = memories.get(peer);
    if (known !== undefined) return known;
    const made: Memory = { cursor: { token: null, sequence: 0 }, heldAt: Number.NEGATIVE_INFINITY, settled: new Set() };
    memories.set(peer, made);
    return made;
  }

  function checkDelivery(peer: SimulatedPeer, memory: Memory, delivery: Delivery, complain: (what: string) => void): void {
    const { cursor } = memory;
    const at = show(cursor);
    switch (delivery.type) {
      case "surrendered": {
        const { token, sequence } = delivery;
        const order = compareTokens(token, cursor.token);
        if (order < 0 || (order === 0 && sequence < cursor.sequence)) complain(`surrendered to ${show(delivery)} after ${at}`);
        memory.cursor = { token, sequence };
        return;
      }
      case "from-leader":
      case "advance": {
        const isNext = delivery.sequence === cursor.sequence + 1;
        const isSame = delivery.type === "advance" || sameToken(delivery.token, cursor.token);
        if (!isNext || !isSame) complain(`${delivery.type} ${delivery.sequence} after ${at}`);
        memory.cursor = { token: cursor.token, sequence: delivery.sequence };
        return;
      }
      case "leader-call":
      case "leader-cast":
        if (!sameToken(delivery.token, cursor.token)) complain(`${delivery.type} of another tenure, at ${at}`);
        return;
      case "settle":
        if (memory.settled.has(delivery.call)) complain(`call ${delivery.call} is settled twice`);
        memory.settled.add(delivery.call);
        if (delivery.call > peer.calls.length) complain(`call ${delivery.call} was never made`);
        return;
      default:
        return;
    }
  }

  return {
    problems,
    see(cluster, peer, _event, effects, before) {
      const memory = memoryOf(peer);
      const { state } = peer;
      const complain = (what: string) => problems.push(`${cluster.now} ${state.self}: ${what}`);
      for (const [other, others] of memories) if (cluster.fence.holder === other.state.self) others.heldAt = cluster.now;
      if (state.highestEpoch < before.highestEpoch)
        complain(`its highest epoch shrank from ${before.highestEpoch} to ${state.highestEpoch}`);
      if (compareTokens(state.token, before.token) < 0) complain("its token shrank");
      if (state.phase.type === "leading" && before.phase.type !== "leading" && state.token !== null) {
        const { epoch, leader } = state.token;
        memory.cursor = { token: state.token, sequence: 0 };
        if (fenced && winners.has(epoch)) complain(`won epoch ${epoch}, which ${winners.get(epoch)} had won`);
        winners.set(epoch, leader);
      }
      const isRobbed = fenced && cluster.now - memory.heldAt > toleranceMs;
      for (const effect of effects) {
        if (isRobbed && isAct(effect, before.self)) complain(`lets out ${effect.type} although it lost the fence at ${memory.heldAt}`);
        if (effect.type === "deliver") checkDelivery(peer, memory, effect.delivery, complain);
        if (effect.type !== "post" || effect.message.type !== "broadcast") continue;
        const { token, sequence } = effect.message;
        if (!sameToken(token, memory.cursor.token) || sequence !== memory.cursor.sequence + 1)
          complain(`broadcasts ${show({ token, sequence })} after ${show(memory.cursor)}`);
        memory.cursor = { token, sequence };
      }
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
