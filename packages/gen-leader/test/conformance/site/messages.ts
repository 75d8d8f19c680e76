/**
 * What a test and the realms of its peers say to each other. None of it goes through the cluster.
 *
 * @module
 */
import type { StartOptions } from "gen-leader";
import type { Act } from "./acts.js";
import type { CallbackRecord, Failure, View } from "./records.js";

/** Callbacks that can be told at start what to do instead of their ordinary work. */
export interface Plan {
  readonly init?: Act;
  readonly elected?: Act;
  readonly surrendered?: Act;
  readonly fromLeader?: Act;
  readonly handleDown?: Act;
}

/** Options of a peer that can be sent into another thread. */
export type PeerOptions = Pick<
  StartOptions,
  "role" | "candidates" | "workers" | "peer" | "priority" | "version" | "limits" | "localCalls" | "historyLimit" | "initTimeoutMs"
> & {
  readonly plan?: Plan;
  /** Reports every step of the peer's core, so that a test can wait for a message to have arrived. */
  readonly traced?: boolean;
};

export interface SentCallOptions {
  readonly timeoutMs?: number;
  readonly retry?: boolean;
}

/** What the test tells a peer to do. Every command is answered. */
export type Command =
  | { readonly type: "start"; readonly options: PeerOptions }
  | { readonly type: "leader-call"; readonly request: LeaderRequest; readonly options: SentCallOptions }
  | { readonly type: "leader-cast"; readonly message: LeaderCast }
  | { readonly type: "call"; readonly request: LocalRequest; readonly options: SentCallOptions & { readonly to?: string } }
  | { readonly type: "cast"; readonly message: LocalCast; readonly to?: string }
  | { readonly type: "info"; readonly message: unknown }
  /** Aborts the call that was made by the command of that number. */
  | { readonly type: "abort"; readonly command: number }
  /** Answers a call that was left open. */
  | { readonly type: "answer"; readonly keep: string; readonly value: unknown }
  /** Lets a pending callback go on. */
  | { readonly type: "release"; readonly latch: string }
  | { readonly type: "step-down"; readonly to?: string }
  | { readonly type: "stop"; readonly reason?: unknown }
  | { readonly type: "statistics" }
  | { readonly type: "whereis" };

export type LeaderRequest =
  | { readonly type: "append"; readonly item: string }
  | { readonly type: "read" }
  | { readonly type: "act"; readonly act: Act };
export type LeaderCast = { readonly type: "append"; readonly item: string } | { readonly type: "act"; readonly act: Act };
export type LocalRequest = { readonly type: "read" } | { readonly type: "act"; readonly act: Act };
export type LocalCast = { readonly type: "act"; readonly act: Act } | { readonly type: "note"; readonly note: unknown };

/** A command under way: which server of the realm it is for, and its number. */
export interface Order {
  readonly server: string;
  readonly number: number;
  readonly command: Command;
}

/** What the realm of a peer tells the test. */
export type Report =
  | { readonly type: "ready" }
  | { readonly type: "record"; readonly server: string; readonly record: CallbackRecord }
  | { readonly type: "status"; readonly server: string; readonly view: View; readonly running: boolean }
  | { readonly type: "done"; readonly server: string; readonly number: number; readonly value: unknown }
  | { readonly type: "failed"; readonly server: string; readonly number: number; readonly failure: Failure }
  | { readonly type: "exited"; readonly server: string; readonly reason: Failure }
  | { readonly type: "logged"; readonly server: string; readonly level: string; readonly message: string }
  | { readonly type: "traced"; readonly server: string; readonly text: string }
  /** The thread is about to be blocked. */
  | { readonly type: "blocking" };
