/**
 * What goes wrong with a store, and what to do. A command that refuses rejects with what it threw instead.
 *
 * @module
 */
import type { Outcome } from "gen-leader";

/** The codes of all errors of a store. */
export type StoreErrorCode =
  | "command-aborted"
  | "command-failed"
  | "command-lost"
  | "command-timeout"
  | "missing-command"
  | "not-persisted"
  | "outdated-release"
  | "storage-failed"
  | "store-closed"
  | "store-overloaded"
  | "uncloneable-value"
  | "unsupported-state";

/** The root of the errors of a store: `code` tells which, in every realm and bundle. */
export abstract class StoreError extends Error {
  abstract readonly code: StoreErrorCode;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

const consequences: Readonly<Record<Outcome, string>> = {
  "not-started": "It has no effect.",
  unknown: "It may take effect: look at the state before you ask again.",
};

/** No answer came within `timeoutMs`. Nothing waits for it any more. */
export class CommandTimeoutError extends StoreError {
  readonly code = "command-timeout";
  constructor(
    what: string,
    readonly timeoutMs: number,
    readonly outcome: Outcome,
  ) {
    super(`Nobody has answered ${what} within ${timeoutMs} ms. ${consequences[outcome]}`);
  }
}

/** The caller's signal aborted before the answer came; `cause` is its reason. */
export class CommandAbortedError extends StoreError {
  readonly code = "command-aborted";
  constructor(
    what: string,
    readonly outcome: Outcome,
    options: ErrorOptions,
  ) {
    super(`The caller has aborted ${what}. ${consequences[outcome]}`, options);
  }
}

/** The leader's server ended while it ran a command, by an error that is no refusal; `cause` tells more. It is not asked of the next one, which might end as well. */
export class CommandFailedError extends StoreError {
  readonly code = "command-failed";
  constructor(
    what: string,
    readonly outcome: Outcome,
    options: ErrorOptions,
  ) {
    super(`The leader has ended while it had ${what}. ${consequences[outcome]}`, options);
  }
}

/** Its leader died, and the next one does not remember far enough back to tell whether it took effect. */
export class CommandLostError extends StoreError {
  readonly code = "command-lost";
  readonly outcome: Outcome = "unknown";
  constructor(what: string) {
    super(`The leader died while it had ${what}, and the next one cannot tell what came of it. ${consequences.unknown}`);
  }
}

/** The leader runs a release that has no such command. */
export class MissingCommandError extends StoreError {
  readonly code = "missing-command";
  constructor(readonly command: string) {
    super(`The peer that leads has no command "${command}": it runs another release. Nothing has changed.`);
  }
}

/** What keeps the store could not be read or written; `cause` is what the platform said. */
export class StorageFailedError extends StoreError {
  readonly code = "storage-failed";
  constructor(
    /** There is no room, or this page may not store anything, or what is stored is not what was written, or something else. */
    readonly reason: "quota" | "blocked" | "corrupt" | "failed",
    options?: ErrorOptions,
  ) {
    super(`The storage of a store has failed (${reason}).`, options);
  }
}

/** What is stored was written by a newer release of the program: reload, to get that. */
export class OutdatedReleaseError extends StoreError {
  readonly code = "outdated-release";
  constructor(
    readonly version: number,
    readonly storedVersion: number,
  ) {
    super(`What is stored is of version ${storedVersion}, this program of version ${version}: reload it.`);
  }
}

/**
 * A `"persisted"` command is not stored; `cause` tells why. With the outcome `"unknown"` it has taken effect and is replicated, and will be stored
 * as soon as that succeeds for a later command: until then it is lost if all peers close.
 */
export class NotPersistedError extends StoreError {
  readonly code = "not-persisted";
  constructor(
    readonly outcome: Outcome,
    options?: ErrorOptions,
  ) {
    super(
      outcome === "not-started" ? `Nothing can be stored. ${consequences[outcome]}` : "It has taken effect, and is not stored.",
      options,
    );
  }
}

/** The store was closed, or its server has ended; `cause` is the reason. */
export class StoreClosedError extends StoreError {
  readonly code = "store-closed";
  constructor(
    store: string,
    readonly outcome: Outcome,
    options?: ErrorOptions,
  ) {
    super(`The store "${store}" is closed on this peer. ${consequences[outcome]}`, options);
  }
}

/** Too many commits wait until all candidates have them: one of them hangs. Nothing has changed; ask again later. */
export class StoreOverloadedError extends StoreError {
  readonly code = "store-overloaded";
  constructor(readonly limit: number) {
    super(`${limit} commits wait for a peer that hangs. Nothing has changed; ask again later.`);
  }
}

/** A value cannot be sent to other realms: `path` tells which part. */
export class UncloneableValueError extends StoreError {
  readonly code = "uncloneable-value";
  constructor(
    what: string,
    readonly path: string,
  ) {
    super(`${what} cannot be sent to other tabs and threads: ${path === "" ? "it" : path} is a function or the like.`);
  }
}

/** A state, or a change of one, that the peers cannot have the same of. */
export class UnsupportedStateError extends StoreError {
  readonly code = "unsupported-state";
  constructor(what: string, kind: string) {
    super(`${what} cannot change ${kind}: other tabs and threads have other objects. Use strings or numbers.`);
  }
}
