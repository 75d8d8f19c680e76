/**
 * What a simulation knows of one peer: its core's state, its callbacks' log, its user's calls; and what may be a happening
 * in it.
 *
 * @module
 */
import type { Caller, CallOutcome, Event, PeerState, Token } from "@gen-leader/protocol";

/** An event before the cluster puts the time on it. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;

/** One call of a simulated user. */
export interface SimulatedCall {
  /** The name of the peer on which it was made. */
  readonly peer: string;
  /** What it asks the leader to append, or a single peer to tell. */
  readonly item: string;
  /** How it ended; `null` while it waits, and for good if it was cancelled in time. */
  outcome: CallOutcome | null;
  /** Whether the peer's log had its item when the call was answered, as it must. */
  wasApplied: boolean;
  /** Whether its user has stopped waiting. */
  isCancelled: boolean;
}

/** A call that a callback left open. */
export interface OpenCall {
  readonly token: Token;
  readonly caller: Caller;
  readonly item: string;
}

/** One simulated realm: lives from start to crash, perhaps under several incarnations. */
export interface SimulatedPeer {
  readonly name: string;
  state: PeerState;
  /** The log that the callbacks keep. */
  log: readonly string[];
  /** `gone` after a crash or a stop; `away` while suspended. */
  life: "up" | "away" | "gone";
  hung: boolean;
  /** What waits for a hung realm to go on. */
  backlog: (() => void)[];
  /** What the callbacks got, printed short: for order checks. */
  callbacks: string[];
  /** Leader calls of the present tenure that are owed an answer. */
  open: readonly OpenCall[];
  /** The tenure that is being handed over and waits for its callbacks to be done. */
  draining: Token | null;
  /** Every call of this peer's user, in the order in which they were made: the first has the number 1. */
  readonly calls: SimulatedCall[];
}
