/**
 * The kinds of media that can be simulated: what each promises, as the real ones do.
 *
 * @module
 */
import type { Guarantees } from "@gen-leader/protocol";
import type { GateOptions } from "./gate.js";
import type { RollOptions } from "./roll.js";

/** One kind. */
export interface SimulatedMediumKind {
  readonly guarantees: Guarantees;
  readonly roll: RollOptions;
  /** `null` where nothing makes leadership exclusive. */
  readonly gate: GateOptions | null;
}

const caveats = ["Time, the network and the platform are simulated."];

export const simulatedMedia = {
  /** As in browsers: Web Locks tell who is alive, and one of them is the fence. */
  locks: {
    guarantees: { medium: "simulated locks", fence: "web-lock", failureDetection: "perfect", census: true, caveats },
    roll: { census: true, heartbeats: false },
    gate: { breaksForTheDead: false, exact: false },
  },
  /** As among worker threads: a port between two closes, and the fence is a word that all share. */
  threads: {
    guarantees: { medium: "simulated threads", fence: "shared-memory", failureDetection: "perfect", census: false, caveats },
    roll: { census: false, heartbeats: false },
    gate: { breaksForTheDead: true, exact: true },
  },
  /** As where Web Locks are missing: silence is counted, and nothing makes leadership exclusive. */
  heartbeats: {
    guarantees: { medium: "simulated heartbeats", fence: "none", failureDetection: "heartbeat", census: false, caveats },
    roll: { census: false, heartbeats: true },
    gate: null,
  },
} as const satisfies Readonly<Record<string, SimulatedMediumKind>>;

export type SimulatedMedium = keyof typeof simulatedMedia;
