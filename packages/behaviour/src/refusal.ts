/**
 * A platform that refuses what a medium needs.
 *
 * @module
 */
import { UnsupportedRuntimeError } from "./errors.js";

/** What is told of a medium that could not be opened: in our words if it was the platform that refused. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "SecurityError") return error;
  return new UnsupportedRuntimeError(
    `The platform denies this realm what the medium needs (${error.name}: ${error.message}). Look whether the page may store data: browsers deny channels and locks where they block that. Or pass a medium of your own.`,
    { cause: error },
  );
}
