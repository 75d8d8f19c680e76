/**
 * What a store writes: its copy in pieces, commits after it, each record with a checksum, and what they make when they are read again.
 *
 * @module
 */

import { holds } from "../lineage.js";
import { createAssembly, type Piece, piecesOf } from "../pieces.js";
import { applied, type Commit, type Replica } from "../replica.js";
import { checksum } from "./checksum.js";
import type { Kept } from "./port.js";

type Body = { readonly type: "piece"; readonly piece: Piece } | { readonly type: "commits"; readonly commits: readonly Commit[] };

/** A body as it is stored. */
export interface SealedRecord {
  readonly sum: number;
  readonly body: Body;
}

/** A copy as it was stored. */
export interface StoredReplica<S> {
  readonly replica: Replica<S>;
  readonly version: number;
}

/** What was read. */
export interface Restored<S> extends StoredReplica<S> {
  /** How many records at the end were torn, corrupt or of no use without those: nobody reads them again. */
  readonly dropped: number;
}

function seal(body: Body): SealedRecord {
  return { sum: checksum(body), body };
}

export function sealCommits(commits: readonly Commit[]): SealedRecord {
  return seal({ type: "commits", commits });
}

/** The records of a copy, made one by one. */
export function* sealReplica<S>(stored: StoredReplica<S>, piece: number): Generator<SealedRecord, void> {
  for (const part of piecesOf(stored, piece)) yield seal({ type: "piece", piece: part });
}

/** What the records make; `null` if the copy that they begin with cannot be read. Where `known` is given, the commits go on from that. */
export function restore<S extends object>({ base, log }: Pick<Kept, "base" | "log">, known: StoredReplica<S> | null): Restored<S> | null {
  const stored = known ?? assemble<S>(base);
  if (stored === null) return null;
  let { replica } = stored;
  for (const [index, record] of log.entries()) {
    const next = replay(replica, record);
    if (next === null) return { ...stored, replica, dropped: log.length - index };
    replica = next;
  }
  return { ...stored, replica, dropped: 0 };
}

function assemble<S>(base: readonly unknown[]): StoredReplica<S> | null {
  const assembly = createAssembly();
  for (const record of base) {
    if (!isIntact(record) || record.body.type !== "piece" || assembly.isComplete) return null;
    assembly.add(record.body.piece);
  }
  // What has the checksum that it was stored with is what was stored.
  return assembly.isComplete ? (assembly.value as StoredReplica<S>) : null;
}

/** The copy with the commits of one record, those that it does not have; `null` if they are not what was written, or some are missing before them. */
function replay<S extends object>(replica: Replica<S>, record: unknown): Replica<S> | null {
  if (!isIntact(record) || record.body.type !== "commits") return null;
  let next = replica;
  for (const commit of record.body.commits) {
    if (commit.position <= next.position) {
      // It was written twice, or stands in the base as well; another one at its place is of another history.
      if (!holds(next, commit)) return null;
      continue;
    }
    if (commit.position !== next.position + 1) return null;
    next = applied(next, commit);
  }
  return next;
}

function isIntact(record: unknown): record is SealedRecord {
  if (typeof record !== "object" || record === null || !("sum" in record) || !("body" in record)) return false;
  return record.sum === checksum(record.body);
}
