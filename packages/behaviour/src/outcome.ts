/**
 * How a call ends: from what the core says to what the caller's promise settles with (`settledValue`), and from what a callback
 * did to what travels (`failedResult`), each with its reason in words (`describe`).
 *
 * @module
 */
import type { CallOutcome, PeerId, Result } from "@gen-leader/protocol";
import { CallFailedError, LeaderDiedError, NotImplementedError, PeerDownError } from "./errors.js";

/** The value that a call resolves with. @throws what it rejects with */
export function settledValue(outcome: CallOutcome): unknown {
  switch (outcome.type) {
    case "result":
      return unwrap(outcome.result, outcome.peer);
    case "leader-died":
      throw new LeaderDiedError(outcome.leader, outcome.token, outcome.outcome);
    case "peer-down":
      throw new PeerDownError(outcome.peer, outcome.outcome);
  }
}

function unwrap(result: Result, peer: PeerId): unknown {
  if (result.type === "value") return result.value;
  if (result.code === "not-implemented") throw new NotImplementedError(result.message);
  throw new CallFailedError(peer, result.message, { cause: result.cause });
}

/** What a caller is told when the callback that had its call ended the server. The reason itself goes along if it can be cloned. */
export function failedResult(reason: unknown, clone: (value: unknown) => unknown): Result {
  const message = describe(reason);
  try {
    return { type: "error", code: "call-failed", message, cause: clone(reason) };
  } catch {
    return { type: "error", code: "call-failed", message };
  }
}

/** A reason in one line. */
export function describe(reason: unknown): string {
  if (reason instanceof Error) return `${reason.name}: ${reason.message}`;
  if (typeof reason === "string") return reason;
  try {
    return JSON.stringify(reason) ?? String(reason);
  } catch {
    return String(reason);
  }
}
