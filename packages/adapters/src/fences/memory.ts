/**
 * The fence among the peers of one realm: a holder and a line, in memory.
 *
 * @module
 */
import type { Fence, FenceEvent, PeerId } from "@gen-leader/protocol";
import type { Defer } from "../defer.js";

/** One cluster's share of a memory hub: makes its fences and takes away what crashed peers held. */
export interface MemoryGate {
  createFence(): Fence;
  /** As if the peer's realm had ended: its hold and its requests end, and it hears nothing more. */
  crash(peer: PeerId): void;
}

/** A peer at the gate. */
interface Claimant {
  readonly self: PeerId;
  readonly listener: (event: FenceEvent) => void;
  /** Changes when a hold or a request ends: what was still to be told of it is not told any more. */
  turn: number;
  /** Whether the present hold was told, so that its loss must be told as well. */
  knows: boolean;
  present: boolean;
}

/** The gate of one cluster. */
export function createMemoryGate(defer: Defer): MemoryGate {
  const claimants = new Set<Claimant>();
  const line: Claimant[] = [];
  let holder: Claimant | null = null;

  function tell(claimant: Claimant, event: FenceEvent): void {
    const { turn } = claimant;
    defer(() => {
      if (!claimant.present || claimant.turn !== turn) return;
      if (event.type === "granted") claimant.knows = true;
      claimant.listener(event);
    });
  }

  function grant(claimant: Claimant): void {
    holder = claimant;
    tell(claimant, { type: "granted" });
  }

  /** Gives the hold or the place in line back; what was still to be told is not. */
  function withdraw(claimant: Claimant): void {
    claimant.turn += 1;
    claimant.knows = false;
    const place = line.indexOf(claimant);
    if (place >= 0) line.splice(place, 1);
    if (holder !== claimant) return;
    holder = null;
    const next = line.shift();
    if (next !== undefined) grant(next);
  }

  function request(claimant: Claimant): void {
    if (holder === null || holder === claimant) {
      grant(claimant);
      return;
    }
    if (!line.includes(claimant)) line.push(claimant);
    tell(claimant, { type: "busy" });
  }

  function steal(claimant: Claimant, accused: PeerId): void {
    const place = line.indexOf(claimant);
    if (place >= 0) line.splice(place, 1);
    if (holder?.self !== accused) {
      tell(claimant, { type: "ended" });
      return;
    }
    if (holder !== claimant) {
      const victim = holder;
      victim.turn += 1;
      tell(victim, { type: victim.knows ? "lost" : "ended" });
      victim.knows = false;
    }
    grant(claimant);
  }

  function leave(claimant: Claimant): void {
    claimant.present = false;
    claimants.delete(claimant);
    withdraw(claimant);
  }

  function createFence(): Fence {
    let own: Claimant | null = null;
    const ifPresent = (act: (claimant: Claimant) => void): void => {
      if (own?.present === true) act(own);
    };
    return {
      open(self, listener) {
        own = { self, listener, turn: 0, knows: false, present: true };
        claimants.add(own);
        return Promise.resolve();
      },
      // A hold ends with its holder here, so there is nothing to break for the dead.
      request: () => ifPresent(request),
      release: () => ifPresent(withdraw),
      steal: (accused) => ifPresent((claimant) => steal(claimant, accused)),
      holder: () => Promise.resolve(holder?.self ?? null),
      holds: () => own !== null && holder === own,
      close() {
        ifPresent(leave);
        own = null;
      },
    };
  }

  return {
    createFence,
    crash(peer) {
      for (const claimant of claimants) if (claimant.self === peer) leave(claimant);
    },
  };
}
