/**
 * Everything that goes wrong in a way a caller can act on. Each class has a literal `code`, and its message says
 * what happened, to which peer and epoch, and what to do.
 *
 * @module
 */
import type { PeerId, Token } from "@gen-leader/protocol";

/** The codes of all errors of this library. */
export type ErrorCode =
  | "already-started"
  | "bad-argument"
  | "bad-return-value"
  | "call-failed"
  | "call-timeout"
  | "leader-died"
  | "name-taken"
  | "no-successor"
  | "not-implemented"
  | "peer-down"
  | "server-ended"
  | "start-timeout"
  | "uncloneable"
  | "unsupported-runtime";

/** The root of all errors of this library: `code` tells which, in every realm and bundle. */
export abstract class GenLeaderError extends Error {
  abstract readonly code: ErrorCode;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Whether a call that failed had begun to run. `"not-started"`: it has no effect. `"unknown"`: it may have one. */
export type Outcome = "not-started" | "unknown";

/** A name may be started once in a realm and namespace; `whereis(name)` finds the first. */
export class AlreadyStartedError extends GenLeaderError {
  readonly code = "already-started";
  constructor(readonly server: string) {
    super(`"${server}" is already started in this realm and namespace. Use whereis("${server}"), or stop it first.`);
  }
}

/** An argument has a value that cannot work; found before anything else happens. */
export class BadArgumentError extends GenLeaderError {
  readonly code = "bad-argument";
}

/** A callback returned something that is none of its results. Ends the server with this reason. */
export class BadReturnValueError extends GenLeaderError {
  readonly code = "bad-return-value";
  constructor(
    readonly callback: string,
    readonly value: unknown,
    expected: string,
  ) {
    super(`${callback} returned a value that is none of its results (${expected}). Use the helpers ok, reply, noreply, stop and sync.`);
  }
}

/** The callback that handled a call ended the server that ran it. `cause` is the reason, where it can be told. */
export class CallFailedError extends GenLeaderError {
  readonly code = "call-failed";
  readonly outcome: Outcome = "unknown";
  constructor(
    readonly peer: PeerId,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The call ended the server of ${peer} that was handling it: ${reason}`, options);
  }
}

/** No reply came within `timeoutMs`. The call is cancelled if it has not begun to run. */
export class CallTimeoutError extends GenLeaderError {
  readonly code = "call-timeout";
  constructor(
    readonly timeoutMs: number,
    readonly outcome: Outcome,
    who: string,
  ) {
    super(
      `${who} did not reply within ${timeoutMs} ms; the call ${outcome === "not-started" ? "was cancelled before it began" : "may have run"}.`,
    );
  }
}

/** The leader that had the call died, left or was deposed before it replied. */
export class LeaderDiedError extends GenLeaderError {
  readonly code = "leader-died";
  constructor(
    readonly leader: PeerId | null,
    readonly token: Token | null,
    readonly outcome: Outcome,
  ) {
    super(
      `The leader ${leader ?? "(unknown)"} of epoch ${token?.epoch ?? 0} ended before it replied; the call ${outcome === "not-started" ? "had not begun, so call again" : "may have run, so call again only if running twice is harmless, or use retry"}.`,
    );
  }
}

/** Another live peer of the cluster has the same `peer` name. */
export class NameTakenError extends GenLeaderError {
  readonly code = "name-taken";
  constructor(readonly peer: PeerId) {
    super(`Another live peer is called like this one: ${peer}. Choose another name, or leave the option "peer" out.`);
  }
}

/** `stepDown` found no other candidate, or the one that was to lead did not: this peer goes on leading. */
export class NoSuccessorError extends GenLeaderError {
  readonly code = "no-successor";
  constructor() {
    super(
      "No other candidate leads in place of this peer, which goes on. server.election.candidates lists who may lead; open another, or call again.",
    );
  }
}

/** The behaviour has no handler for what was called. */
export class NotImplementedError extends GenLeaderError {
  readonly code = "not-implemented";
  constructor(callback: string) {
    super(`The behaviour has no ${callback}. Add it to the behaviour that this peer was started with.`);
  }
}

/** The peer named in `to` is not up, or went down before it replied. */
export class PeerDownError extends GenLeaderError {
  readonly code = "peer-down";
  constructor(
    readonly peer: string,
    readonly outcome: Outcome,
  ) {
    super(
      `The peer ${peer} is not up; the call ${outcome === "not-started" ? "was not sent" : "may have run"}. server.election.alive lists who is.`,
    );
  }
}

/** The server has ended, or never was (`noproc`). */
export class ServerEndedError extends GenLeaderError {
  readonly code = "server-ended";
  constructor(
    readonly server: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`The server "${server}" is not running on this peer: ${reason}. Start it again.`, options);
  }
}

/** `init` did not settle within `initTimeoutMs`. */
export class StartTimeoutError extends GenLeaderError {
  readonly code = "start-timeout";
  constructor(server: string, initTimeoutMs: number) {
    super(`init of "${server}" did not settle within ${initTimeoutMs} ms. Raise initTimeoutMs, or do the slow work after init.`);
  }
}

/** A value cannot be sent: structured clone refused it. */
export class UncloneableError extends GenLeaderError {
  readonly code = "uncloneable";
  constructor(what: string, options?: ErrorOptions) {
    super(
      `${what} cannot be cloned, so it cannot be sent to another peer. Send plain data: no functions, no DOM nodes, no proxies.`,
      options,
    );
  }
}

/** This runtime lacks, or denies this page, what every medium needs. What the platform said is the `cause`. */
export class UnsupportedRuntimeError extends GenLeaderError {
  readonly code = "unsupported-runtime";
}
