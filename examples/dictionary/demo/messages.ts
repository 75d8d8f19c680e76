/**
 * What the demo's main thread and its worker threads say to each other. None of it goes through the cluster:
 * the main thread is no peer, it only gives orders and takes notes.
 *
 * @module
 */
import type { ElectionPhase, LeaderDiedError, PeerId, Token } from "gen-leader";

/** What the main thread tells a worker thread to do. */
export type Command =
  /** Start the server. */
  | { readonly type: "start"; readonly peer: string }
  /** Append 1, 2, 3 … to the list at `key`, keeping `inFlight` calls under way, until told to rest. */
  | { readonly type: "write"; readonly key: string; readonly inFlight: number }
  /** Begin no further write; say `settled` when the last one is answered. */
  | { readonly type: "rest" }
  /** Catch up with the leader, then hand in this peer's own copy of the dictionary. */
  | { readonly type: "read" }
  /** Stop the server and end. */
  | { readonly type: "stop" };

/** What a worker thread reports. `atMs` is the process's clock. */
export type Report =
  /** The code is loaded; the thread waits for `start`. */
  | { readonly type: "ready" }
  /** `elected` began to run on this peer: it has won. */
  | { readonly type: "elected"; readonly token: Token; readonly atMs: number }
  /** What this peer thinks of leadership, after each change. */
  | {
      readonly type: "status";
      readonly self: PeerId;
      readonly phase: ElectionPhase;
      readonly leader: PeerId | null;
      readonly epoch: number;
      readonly atMs: number;
    }
  /** The write `value` was answered. */
  | { readonly type: "acknowledged"; readonly value: number; readonly atMs: number }
  /** The write `value` was not answered: nothing is promised of it, except that `not-started` has no effect. */
  | { readonly type: "refused"; readonly value: number; readonly outcome: LeaderDiedError["outcome"] }
  /** No write is under way any more. */
  | { readonly type: "settled" }
  /** This peer's own copy, as recent as the order to read it. */
  | { readonly type: "read"; readonly entries: readonly (readonly [key: string, value: unknown])[] }
  /** Something went wrong that the demo does not provide for. */
  | { readonly type: "failed"; readonly reason: string };
