/**
 * A stored copy as this release has it.
 *
 * @module
 */
import type { Logger, Token } from "gen-leader";
import { OutdatedReleaseError } from "../errors.js";
import type { Lineage } from "../lineage.js";
import type { Release } from "./persistence.js";
import type { RecordStorage } from "./port.js";
import { type Restored, restore } from "./records.js";

/** What is noted beside the records: what they make when all are read. */
export interface Note {
  readonly position: number;
  readonly lineage: Lineage;
  /** Of the release that made the state. */
  readonly version: number;
  /** What the copy weighs, and the commits after it. */
  readonly baseWeight: number;
  readonly logWeight: number;
}

/** Everything that is stored. What cannot be read is left out, and logged. @throws OutdatedReleaseError, and whatever `migrate` and the storage do */
export async function readStored<S extends object>(
  storage: RecordStorage,
  { version, migrate }: Release<S>,
  logger: Logger | undefined,
): Promise<{ readonly token: Token | null; readonly restored: Restored<S> | null }> {
  const { token, note, base, log } = await storage.read("all");
  if (note === null) return { token, restored: null };
  const restored = restore<S>({ base, log }, null);
  if (restored === null || restored.dropped > 0) {
    const kept = restored?.replica.position ?? 0;
    logger?.error(`gen-leader: what a store has stored cannot be read after commit ${kept}, and is left out`, { kept, note });
  }
  if (restored === null || restored.version === version) return { token, restored };
  if (restored.version > version) throw new OutdatedReleaseError(version, restored.version);
  const state = migrate(restored.replica.state, restored.version);
  return { token, restored: { ...restored, version, replica: { ...restored.replica, state } } };
}
