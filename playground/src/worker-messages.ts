/**
 * What a page and its workers say to each other. None of it is part of the cluster: it is how a page looks at a peer that
 * runs in one of its workers, and asks it to do things.
 *
 * @module
 */
import type { Guarantees } from "gen-leader";
import type { PlaygroundEvent } from "./events.js";
import type { PeerSnapshot } from "./peer.js";
import type { PeerSettings } from "./settings.js";

/** The methods of a server that a page may call on a peer in a worker. */
export type AskedMethod = "leaderCall" | "leaderCast" | "call" | "stepDown" | "stop";

/** The arguments of one of these methods. */
export type AskedArguments = readonly unknown[];

/** From the page to the worker. */
export type ToWorker =
  /** Start a peer; the first message. */
  | { readonly type: "start"; readonly settings: PeerSettings }
  /** Call a method of the server; answered by `settled` with the same number. */
  | { readonly type: "ask"; readonly ask: number; readonly method: AskedMethod; readonly args: AskedArguments };

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: "started"; readonly guarantees: Guarantees; readonly snapshot: PeerSnapshot }
  | { readonly type: "refused"; readonly error: CarriedError }
  | { readonly type: "recorded"; readonly event: PlaygroundEvent }
  | { readonly type: "changed"; readonly snapshot: PeerSnapshot }
  | { readonly type: "settled"; readonly ask: number; readonly value: unknown }
  | { readonly type: "failed"; readonly ask: number; readonly error: CarriedError }
  | { readonly type: "exited"; readonly reason: string };

/** What is carried over of an error: enough to be told apart by `code` and to be read. */
export interface CarriedError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly outcome?: unknown;
}

/** An error that came out of a worker. */
export class WorkerPeerError extends Error {
  readonly code: unknown;
  readonly outcome: unknown;
  constructor({ name, message, code, outcome }: CarriedError) {
    super(message);
    this.name = name;
    this.code = code;
    this.outcome = outcome;
  }
}

/** Makes an error fit to be sent. */
export function carry(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...("code" in error ? { code: error.code } : {}),
    ...("outcome" in error ? { outcome: error.outcome } : {}),
  };
}
