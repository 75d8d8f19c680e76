/**
 * Names of running instances, and what one peer tells the others of itself.
 *
 * @module
 */

/**
 * One running instance of a named server, printed `name#incarnation`. An id is never reused: a peer that
 * starts again, returns from the back/forward cache or was given up by the others comes back under a
 * larger incarnation.
 */
export type PeerId = `${string}#${number}`;

/** Whether a peer may lead (`candidate`) or may only follow (`worker`). Given at start, for life. */
export type Role = "candidate" | "worker";

/** What the others need to know of a peer to rank it in an election. Travels on the wire. */
export interface Member {
  readonly id: PeerId;
  readonly role: Role;
  /** Larger leads first, among candidates that are equal in what matters more. */
  readonly priority: number;
  /** Larger leads first, among candidates of one priority; changes with what `prefer` looks at. */
  readonly preference: number;
  /** The peer's own version of the behaviour, handed to callbacks as `ctx.version`. */
  readonly version: number;
}

/** Longest name of a peer, in UTF-16 code units. */
export const maximumNameLength = 128;

const peerIdPattern = /^[^#\s]{1,128}#\d{1,16}$/;

/** The id of the `incarnation`th instance of the peer called `name`. */
export function peerId(name: string, incarnation: number): PeerId {
  return `${name}#${incarnation}`;
}

/** Whether a value that came from outside is the id of a peer. */
export function isPeerId(value: unknown): value is PeerId {
  return typeof value === "string" && value.length <= maximumNameLength + 17 && peerIdPattern.test(value);
}

/** The name in an id: what stays when a peer comes back. */
export function nameOf(id: PeerId): string {
  return id.slice(0, id.lastIndexOf("#"));
}

/** The incarnation in an id: smaller is more senior, since incarnations count microseconds since 1970. */
export function incarnationOf(id: PeerId): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}
