/**
 * What happens to a peer, as the timeline shows it and the tests check it.
 *
 * @module
 */
import type { DownReason, PeerId, Token } from "gen-leader";

/** Something that happened to one peer, told by itself. */
export type PlaygroundEvent = {
  /** Milliseconds since 1970, to the fraction that the browser grants: `performance.timeOrigin + performance.now()`. */
  readonly at: number;
  /** Who tells it. */
  readonly peer: PeerId;
  /** The fencing token of the tenure that it belongs to; `null` before the first. */
  readonly token: Token | null;
} & Happening;

/** What happened. */
export type Happening =
  /** The server runs on this peer. */
  | { readonly type: "started" }
  /** This peer has won; `token` is that of its tenure. */
  | { readonly type: "elected" }
  /** This peer follows the leader in `token`. */
  | { readonly type: "surrendered"; readonly deposed: boolean }
  /** This peer, who leads, welcomed `about`. */
  | { readonly type: "joined"; readonly about: PeerId }
  /** This peer, who leads, found `about` gone. */
  | { readonly type: "down"; readonly about: PeerId; readonly reason: DownReason }
  /** This peer knows no leader. */
  | { readonly type: "leaderless" }
  /** This peer is out of touch: frozen, in the back/forward cache, or given up by the others. */
  | { readonly type: "away" }
  /** The server on this peer has ended. */
  | { readonly type: "ended"; readonly reason: string }
  /** The tab of this peer, a worker, has ended it without a warning. */
  | { readonly type: "terminated" }
  /** A call made on this peer was answered; `token` is that under which the leader gave the reply. */
  | { readonly type: "reply"; readonly request: string };

/** The time of an event. */
export function wallTime(): number {
  return performance.timeOrigin + performance.now();
}

/** Whether an event tells of who leads whom; the others are left out of the timeline. */
export function isElectionEvent(event: PlaygroundEvent): boolean {
  return event.type !== "reply";
}
