/**
 * What the demo's main thread and its worker threads say to each other. None of it goes through the cluster:
 * the main thread is no peer, it only gives orders and takes notes. The test of linearizability drives the same threads:
 * it has them make calls and hand over.
 *
 * @module
 */
import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
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
  /** Make this leader call for a user, beside all others; the answer is `returned`, with the same number. */
  | { readonly type: "call"; readonly number: number; readonly request: DictionaryRequest }
  /** Hand leadership over to that peer. */
  | { readonly type: "step-down"; readonly to: PeerId }
  /** Stop the server and end. */
  | { readonly type: "stop" };

/** What became of a user's call. */
export type CallResult =
  | { readonly type: "answered"; readonly output: unknown }
  /** Nothing is known of it, except that `not-started` has no effect. */
  | { readonly type: "refused"; readonly outcome: LeaderDiedError["outcome"] };

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
  /** The user's call of that number has come to an end. */
  | {
      readonly type: "returned";
      readonly number: number;
      readonly calledAtMs: number;
      readonly returnedAtMs: number;
      readonly result: CallResult;
    }
  /** Something went wrong that the demo does not provide for. */
  | { readonly type: "failed"; readonly reason: string };
