/**
 * A stored copy as this release has it.
 *
 * @module
 */
import type { Logger, Token } from "gen-leader";
import { OutdatedReleaseError, StorageFailedError } from "../errors.js";
import type { Release } from "./persistence.js";
import type { RecordStorage } from "./port.js";
import { type Restored, restore } from "./records.js";

/** Everything that is stored. What cannot be read is left out, and logged. @throws OutdatedReleaseError, StorageFailedError, and whatever `migrate` and the storage do */
export async function readStored<S extends object>(
  storage: RecordStorage,
  { version, migrate }: Release<S>,
  logger: Logger | undefined,
): Promise<{ readonly token: Token | null; readonly restored: Restored<S> | null }> {
  const { token, note, base, log } = await storage.read("all");
  if (note === null) return { token, restored: null };
  const restored = restore<S>({ base, log }, null);
  // Not even what the log goes on from: to begin anew would throw away what may still be saved.
  if (restored === null) throw new StorageFailedError("corrupt");
  if (restored.dropped > 0) {
    const kept = restored.replica.position;
    logger?.error(`gen-leader: what a store has stored cannot be read after commit ${kept}, and is left out`, { kept, note });
  }
  if (restored.version === version) return { token, restored };
  if (restored.version > version) throw new OutdatedReleaseError(version, restored.version);
  const state = migrate(restored.replica.state, restored.version);
  return { token, restored: { ...restored, version, replica: { ...restored.replica, state } } };
}
