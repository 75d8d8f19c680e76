/**
 * What a peer of the conformance tests takes down, as plain data.
 *
 * @module
 */
import type { DownReason, ElectionPhase, PeerId, Token } from "gen-leader";
import type { Items } from "./acts.js";

/** The election as one peer saw it at one instant. */
export interface View {
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  readonly leader: PeerId | null;
  readonly epoch: number;
  readonly token: Token | null;
  readonly alive: readonly PeerId[];
  readonly down: readonly PeerId[];
  readonly candidates: readonly PeerId[];
  readonly workers: readonly PeerId[];
  readonly inStep: readonly PeerId[];
}

/** The callbacks of a behaviour, and the moment at which a call of this peer's user was answered. */
export type Happening =
  | "init"
  | "elected"
  | "surrendered"
  | "fromLeader"
  | "handleLeaderCall"
  | "handleLeaderCast"
  | "handleDown"
  | "handleCall"
  | "handleCast"
  | "handleInfo"
  | "terminate"
  | "answered";

/** One callback that ran. */
export interface CallbackRecord {
  readonly callback: Happening;
  /** The second argument: joiner, sync, message, request, peer or reason. */
  readonly payload: unknown;
  /** The state before. */
  readonly state: Items | null;
  readonly view: View | null;
  /** The token in the context, where there is one. */
  readonly token: Token | null;
  /** What else the context says. */
  readonly details: {
    readonly reason?: DownReason;
    readonly lost?: readonly unknown[];
    readonly deposed?: boolean;
    readonly mayHaveLost?: boolean;
    readonly version?: number;
    readonly from?: PeerId;
  };
}

/** An error, or whatever else a promise rejected with, on its way out of a peer's realm. */
export interface Failure {
  /** The code of one of the library's errors. */
  readonly code: string | null;
  readonly outcome: string | null;
  readonly message: string;
  /** What was thrown, if it is no error; the cause, if it is one. */
  readonly value: unknown;
}

/** The view of an election now. */
export function viewOf(election: View): View {
  const { self, phase, leader, epoch, token, alive, down, candidates, workers, inStep } = election;
  return { self, phase, leader, epoch, token, alive, down, candidates, workers, inStep };
}

/** Describes what a promise rejected with, or a server ended with. */
export function describeFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: null, outcome: null, message: String(error), value: cloneable(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  const outcome = "outcome" in error && typeof error.outcome === "string" ? error.outcome : null;
  return { code, outcome, message: error.message, value: error.cause instanceof Error ? error.cause.message : cloneable(error.cause) };
}

function cloneable(value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    return String(value);
  }
}
