/**
 * What a simulated cluster is made of, and what befalls its frames.
 *
 * @module
 */
import type { Config, Effect, Event, Limits, Message, PeerId, PeerState } from "@gen-leader/protocol";
import type { SimulatedPeer } from "./peer.js";

/** How long things take, in milliseconds: from and to. */
export interface Delays {
  readonly message: readonly [number, number];
  readonly detection: readonly [number, number];
  readonly fence: readonly [number, number];
}

/** A message on its way from one peer to one other. */
export interface SimulatedFrame {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: Message;
}

/** What the network does to a frame instead of delivering it once and in time. A delay holds up what follows on the same path. */
export type Fault = { readonly type: "drop" } | { readonly type: "duplicate" } | { readonly type: "delay"; readonly delayMs: number };

export interface ClusterOptions {
  /** What delays and shuffles are drawn from. @default 1 */
  readonly seed?: number;
  readonly delays?: Partial<Delays>;
  readonly limits?: Partial<Limits>;
  /** Whether there is a fence. @default true */
  readonly fenced?: boolean;
  /** Whether newcomers can list who is alive. @default true */
  readonly census?: boolean;
  /** Broadcasts kept for peers that missed some. @default 1024 */
  readonly historyLimit?: number;
  /** Names of candidates, best first, and of workers. @default open membership */
  readonly lists?: Config["lists"];
  /** Whether the callbacks can make a sync of a follower's state. @default false */
  readonly snapshots?: boolean;
  /** Asked for every frame; `null` lets it pass. */
  readonly disturb?: (frame: SimulatedFrame) => Fault | null;
  /** Called with everything that happens, for transcripts and checkers; `before` is the state that the event met. */
  readonly onStep?: (peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState) => void;
}
