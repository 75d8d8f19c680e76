/**
 * What a platform says when it cannot read or write.
 *
 * @module
 */
import { StorageFailedError, StoreError } from "../errors.js";

/** As the error that users of a store get. */
export function asFailure(error: unknown): StoreError {
  return error instanceof StoreError ? error : new StorageFailedError(reasonOf(error), { cause: error });
}

function reasonOf(error: unknown): StorageFailedError["reason"] {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return "quota";
  return name === "SecurityError" || name === "ReferenceError" ? "blocked" : "failed";
}
