/**
 * What a contract test and its worker threads say to each other.
 */
import type { PeerId } from "@gen-leader/protocol";
import type { Command, Outcome, PortEvent } from "@gen-leader/testing/contracts";

export interface WorkerPeer {
  readonly cluster: string;
  readonly id: PeerId;
}

export type ToWorker =
  | { readonly type: "run"; readonly call: number; readonly command: Command }
  | { readonly type: "exit" }
  | { readonly type: "throw" };

export type FromWorker =
  | { readonly type: "event"; readonly event: PortEvent }
  | { readonly type: "outcome"; readonly call: number; readonly outcome: Outcome };
