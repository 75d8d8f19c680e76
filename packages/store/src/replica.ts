/**
 * A state, what made it, and what those who asked for it were told.
 *
 * @module
 */

import type { Token } from "gen-leader";
import { apply, type Patches } from "mutative";
import { blankLineage, type Lineage, prolonged } from "./lineage.js";
import { blankMemory, type Memory, type Origin, remember } from "./remembered-results.js";

/** What the commits up to a position have made. Immutable: a commit makes the next. */
export interface Replica<S> {
  readonly state: S;
  /** How many commits have made it. */
  readonly position: number;
  readonly lineage: Lineage;
  readonly memory: Memory;
}

/** A change of the state. */
export interface Commit {
  /** The position after it. */
  readonly position: number;
  /** Of the leader that made it. */
  readonly token: Token;
  readonly origin: Origin;
  /** The commands that made it. */
  readonly commands: readonly string[];
  readonly patches: Patches;
  /** What each command returned. */
  readonly values: readonly unknown[];
  /** When it is committed. */
  readonly durability: Durability;
}

/** When a command is committed: seen, and answered. */
export type Durability =
  /** Once the leader has run it, and sent it to the others. It is lost with a leader that dies before one of them has it. */
  | "leader"
  /** Once every candidate that the leader counts on has applied it: it outlives any crash that leaves one of them. */
  | "replicated"
  /** Once it is stored as well: it outlives the closing of everything. */
  | "persisted";

/** What a peer has that has heard nothing yet. */
export function blankReplica<S>(initial: S): Replica<S> {
  return { state: initial, position: 0, lineage: blankLineage, memory: blankMemory };
}

/** What a commit makes of it: the same on every peer, the leader included. @throws if the patches do not fit */
export function applied<S extends object>({ state, lineage, memory }: Replica<S>, commit: Commit): Replica<S> {
  return {
    state: apply(state, commit.patches),
    position: commit.position,
    lineage: prolonged(lineage, commit),
    memory: remember(memory, commit),
  };
}
