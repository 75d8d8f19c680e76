/**
 * The medium inside one realm: for tests, and for runtimes where a realm has nobody to talk to.
 *
 * @module
 */
import type { Guarantees, MediumFactory, PeerId } from "@gen-leader/protocol";
import { createSystemClock, holdProcess } from "../clocks/system.js";
import { createDefer } from "../defer.js";
import { createMemoryRoll, type MemoryRoll } from "../failure-detectors/memory.js";
import { createMemoryGate, type MemoryGate } from "../fences/memory.js";
import { createMemoryWire, type MemoryWire } from "../transports/memory.js";

/** What peers share: those that were given media of one hub, and the same cluster, hear each other. */
export interface MemoryHub {
  readonly medium: MediumFactory;
  /**
   * Ends a peer as the death of its realm would, in every cluster of this hub: its frames go nowhere, its
   * watchers hear `crashed`, the next in line gets the fence. The object lives on, and nothing reaches it.
   */
  crash(peer: PeerId): void;
}

/** What this medium promises. */
export const memoryGuarantees: Guarantees = {
  medium: "memory",
  fence: "memory",
  failureDetection: "perfect",
  census: true,
  caveats: ["Peers in other tabs, threads and processes are not reached: each realm has a leader of its own."],
};

interface MemoryCluster {
  readonly wire: MemoryWire;
  readonly roll: MemoryRoll;
  readonly gate: MemoryGate;
}

/** A hub of its own: peers of two hubs never hear each other. */
export function createMemoryHub(): MemoryHub {
  const defer = createDefer();
  const clusters = new Map<string, MemoryCluster>();

  function clusterOf(name: string): MemoryCluster {
    const known = clusters.get(name);
    if (known !== undefined) return known;
    const made = { wire: createMemoryWire(defer), roll: createMemoryRoll(defer), gate: createMemoryGate(defer) };
    clusters.set(name, made);
    return made;
  }

  return {
    medium(cluster) {
      const { wire, roll, gate } = clusterOf(cluster);
      return {
        transport: wire.createTransport(),
        failureDetector: roll.createFailureDetector(),
        fence: gate.createFence(),
        lifecycle: null,
        clock: createSystemClock(),
        random: () => Math.random(),
        defer,
        hold: holdProcess,
        clone: (value) => structuredClone(value),
        guarantees: memoryGuarantees,
      };
    },
    crash(peer) {
      for (const { wire, roll, gate } of clusters.values()) {
        wire.crash(peer);
        gate.crash(peer);
        roll.crash(peer);
      }
    },
  };
}

/** A medium in memory over a hub of its own, or over the one given. */
export function createMemoryMedium(hub: MemoryHub = createMemoryHub()): MediumFactory {
  return hub.medium;
}
