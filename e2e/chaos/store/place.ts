/**
 * Where writers of a store run, all of which end at once: a browser, or a process.
 *
 * @module
 */
import type { Told } from "./lanes.js";

/** One life of it. */
export interface Life {
  /** Ends one writer in order, while the others go on. */
  endOne(): Promise<void>;
  /** Ends everything, without a word to anybody. */
  kill(): Promise<void>;
}

export interface Place {
  /** What runs: `Chrome/156.0.8078.79`. */
  readonly version: string;
  /** Starts writers on what the last life has left. `tell` is called with what they tell. */
  begin(life: number, tell: (told: Told) => void): Promise<Life>;
  /** Removes what they have kept. */
  clear(): Promise<void>;
}
