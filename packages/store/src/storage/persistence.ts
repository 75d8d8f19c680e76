/**
 * What a store is handed so that it is kept. Types alone: a store that is not kept loads nothing of it.
 *
 * @module
 */
import type { Logger, Token } from "gen-leader";
import type { StoreError } from "../errors.js";
import type { Commit, Replica } from "../replica.js";

/** What keeps stores while nobody has them open: what `idb()`, `files()` and `memory()` make. To be handed to `openStore`. */
export interface Persistence {
  /** The keeper of the store of this name: one for each opening. Stores of two names share nothing. */
  open<S extends object>(name: string, options: KeeperOptions<S>): Keeper<S>;
}

export interface KeeperOptions<S> {
  readonly release: Release<S>;
  readonly logger: Logger | undefined;
}

/** What a release of a program knows of states. */
export interface Release<S> {
  readonly version: number;
  /** Makes of an older release's state one of this. */
  readonly migrate: (state: unknown, fromVersion: number) => S;
}

/** What is kept. */
export interface Stored<S> {
  /** The largest epoch under which anything was written; 0 if nothing was. */
  readonly epoch: number;
  /** The copy, `null` if there is none. */
  readonly replica: Replica<S> | null;
}

/** How far a leader's commits are stored. */
export interface StorageReport {
  readonly token: Token;
  readonly position: number;
  /** Whether those up to the position are stored; if not, they may never be. */
  readonly isStored: boolean;
}

/** Who has won. */
export interface Successor<S> {
  /** What it has. */
  readonly own: Replica<S>;
  /** The commits that it has after a position; `null` if it does not remember them all. */
  readonly after: (position: number) => readonly Commit[] | null;
  /** Whether it has everything that was acknowledged while others led. */
  readonly isInStep: boolean;
  /** Told how far its commits are stored, until the next one takes over here. */
  readonly report: (report: StorageReport) => void;
}

/** Keeps a store on one peer. */
export interface Keeper<S> {
  /** What is kept, whoever writes it. @throws StorageFailedError, OutdatedReleaseError */
  read(): Promise<Stored<S>>;
  /**
   * On who has won, before it serves: nobody who led before writes any more. Resolves to the copy that it has to go on with because more is stored
   * than it has, or `null` if it goes on with its own.
   *
   * @throws StorageFailedError if it cannot be told whether more is stored
   */
  takeOver(token: Token, successor: Successor<S>): Promise<Replica<S> | null>;
  /** Keeps a commit of this tenure, and what it has made. */
  keep(commit: Commit, made: Replica<S>): void;
  /** What went wrong last; `null` if nothing did since. */
  readonly failure: StoreError | null;
  /** Resolves when nothing is being written, and nothing is open. */
  close(): Promise<void>;
}
