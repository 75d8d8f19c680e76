import { Logger, Outcome, Token } from "gen-leader";
import { Patches } from "mutative";

//#region src/lineage.d.ts
/** One commit of one history; `token` is null before the first. */
interface Mark {
  readonly position: number;
  readonly token: Token | null;
}
/** Tenures that made commits, oldest first, each with the position of its first. */
type Lineage = readonly {
  readonly token: Token;
  readonly first: number;
}[];
//#endregion
//#region src/remembered-results.d.ts
/** Whose command it is. */
interface Origin {
  /** One opening of the store, on one peer: never used again. */
  readonly client: string;
  /** The number of the command among those of this client; the first is 1. */
  readonly number: number;
  /** Every command of this client below this number has been answered, or given up. */
  readonly answered: number;
  /** What the client's own copy held when it asked first. */
  readonly seen: Mark;
}
interface Remembered {
  /** What it did up to this position may have been forgotten before this record of it began. */
  readonly blindUpTo: number;
  /** The position after its last commit. */
  readonly last: number;
  /** What its commands returned, by number. */
  readonly results: ReadonlyMap<number, Result>;
}
/** What came of a command: what it returned, and where it stands. */
interface Result {
  readonly position: number;
  readonly values: readonly unknown[];
}
/** Clients, the one that was heard of last at the end. */
interface Memory {
  readonly clients: ReadonlyMap<string, Remembered>;
  /** No client was forgotten whose last commit stands after this position. */
  readonly forgotten: number;
}
//#endregion
//#region src/replica.d.ts
/** What the commits up to a position have made. Immutable: a commit makes the next. */
interface Replica<S> {
  readonly state: S;
  /** How many commits have made it. */
  readonly position: number;
  readonly lineage: Lineage;
  readonly memory: Memory;
}
/** A change of the state. */
interface Commit {
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
type Durability = /** Once the leader has run it, and sent it to the others. It is lost with a leader that dies before one of them has it. */"leader" /** Once every candidate that the leader counts on has applied it: it outlives any crash that leaves one of them. */ | "replicated" /** Once it is stored as well: it outlives the closing of everything. */ | "persisted";
//#endregion
//#region src/errors.d.ts
/** The codes of all errors of a store. */
type StoreErrorCode = "command-aborted" | "command-failed" | "command-lost" | "command-timeout" | "missing-command" | "not-persisted" | "outdated-release" | "storage-failed" | "store-closed" | "store-overloaded" | "uncloneable-value" | "unsupported-state";
/** The root of the errors of a store: `code` tells which, in every realm and bundle. */
declare abstract class StoreError extends Error {
  abstract readonly code: StoreErrorCode;
  constructor(message: string, options?: ErrorOptions);
}
/** No answer came within `timeoutMs`. Nothing waits for it any more. */
declare class CommandTimeoutError extends StoreError {
  readonly timeoutMs: number;
  readonly outcome: Outcome;
  readonly code = "command-timeout";
  constructor(what: string, timeoutMs: number, outcome: Outcome);
}
/** The caller's signal aborted before the answer came; `cause` is its reason. */
declare class CommandAbortedError extends StoreError {
  readonly outcome: Outcome;
  readonly code = "command-aborted";
  constructor(what: string, outcome: Outcome, options: ErrorOptions);
}
/** The leader's server ended while it ran a command, by an error that is no refusal; `cause` tells more. It is not asked of the next one, which might end as well. */
declare class CommandFailedError extends StoreError {
  readonly outcome: Outcome;
  readonly code = "command-failed";
  constructor(what: string, outcome: Outcome, options: ErrorOptions);
}
/** Its leader died, and the next one does not remember far enough back to tell whether it took effect. */
declare class CommandLostError extends StoreError {
  readonly code = "command-lost";
  readonly outcome: Outcome;
  constructor(what: string);
}
/** The leader runs a release that has no such command. */
declare class MissingCommandError extends StoreError {
  readonly command: string;
  readonly code = "missing-command";
  constructor(command: string);
}
/** What keeps the store could not be read or written; `cause` is what the platform said. */
declare class StorageFailedError extends StoreError {
  /** There is no room, or this page may not store anything, or what is stored is not what was written, or something else. */
  readonly reason: "quota" | "blocked" | "corrupt" | "failed";
  readonly code = "storage-failed";
  constructor(/** There is no room, or this page may not store anything, or what is stored is not what was written, or something else. */

  reason: "quota" | "blocked" | "corrupt" | "failed", options?: ErrorOptions);
}
/** What is stored was written by a newer release of the program: reload, to get that. */
declare class OutdatedReleaseError extends StoreError {
  readonly version: number;
  readonly storedVersion: number;
  readonly code = "outdated-release";
  constructor(version: number, storedVersion: number);
}
/**
 * A `"persisted"` command is not stored; `cause` tells why. With the outcome `"unknown"` it has taken effect and is replicated, and will be stored
 * as soon as that succeeds for a later command: until then it is lost if all peers close.
 */
declare class NotPersistedError extends StoreError {
  readonly outcome: Outcome;
  readonly code = "not-persisted";
  constructor(outcome: Outcome, options?: ErrorOptions);
}
/** The store was closed, or its server has ended; `cause` is the reason. */
declare class StoreClosedError extends StoreError {
  readonly outcome: Outcome;
  readonly code = "store-closed";
  constructor(store: string, outcome: Outcome, options?: ErrorOptions);
}
/** Too many commits wait until all candidates have them: one of them hangs. Nothing has changed; ask again later. */
declare class StoreOverloadedError extends StoreError {
  readonly limit: number;
  readonly code = "store-overloaded";
  constructor(limit: number);
}
/** A value cannot be sent to other realms: `path` tells which part. */
declare class UncloneableValueError extends StoreError {
  readonly path: string;
  readonly code = "uncloneable-value";
  constructor(what: string, path: string);
}
/** A state, or a change of one, that the peers cannot have the same of. */
declare class UnsupportedStateError extends StoreError {
  readonly code = "unsupported-state";
  constructor(what: string, kind: string);
}
//#endregion
//#region src/storage/persistence.d.ts
/** What keeps stores while nobody has them open: what `idb()`, `files()` and `memory()` make. To be handed to `openStore`. */
interface Persistence {
  /** The keeper of the store of this name: one for each opening. Stores of two names share nothing. */
  open<S extends object>(name: string, options: KeeperOptions<S>): Keeper<S>;
}
interface KeeperOptions<S> {
  readonly release: Release<S>;
  readonly logger: Logger | undefined;
}
/** What a release of a program knows of states. */
interface Release<S> {
  readonly version: number;
  /** Makes of an older release's state one of this. */
  readonly migrate: (state: unknown, fromVersion: number) => S;
}
/** What is kept. */
interface Stored<S> {
  /** The largest epoch under which anything was written; 0 if nothing was. */
  readonly epoch: number;
  /** The copy, `null` if there is none. */
  readonly replica: Replica<S> | null;
}
/** How far a leader's commits are stored. */
interface StorageReport {
  readonly token: Token;
  readonly position: number;
  /** Whether those up to the position are stored; if not, they may never be. */
  readonly isStored: boolean;
}
/** Who has won. */
interface Successor<S> {
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
interface Keeper<S> {
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
//#endregion
export { CommandTimeoutError as a, OutdatedReleaseError as c, StoreError as d, StoreErrorCode as f, Durability as g, UnsupportedStateError as h, CommandLostError as i, StorageFailedError as l, UncloneableValueError as m, CommandAbortedError as n, MissingCommandError as o, StoreOverloadedError as p, CommandFailedError as r, NotPersistedError as s, Persistence as t, StoreClosedError as u };