/**
 * Everything that can happen to a peer: the inputs of `step`. Each carries `now`, milliseconds on a clock that
 * never goes back; the core reads no other.
 *
 * @module
 */
import type { Message, Result } from "./messages.js";
import type { PeerId } from "./peer.js";
import type { DownReason } from "./ports.js";
import type { Token } from "./token.js";

/** Names a call that somebody waits for: the peer that asks, and its number there. */
export interface Caller {
  readonly peer: PeerId;
  readonly call: number;
  /** The serial under which it was sent; 0 for a call of the very peer that handles it. */
  readonly serial: number;
}

export type Event = { readonly now: number } /** The media are open under the id `self`: at start, and again as a new incarnation. */ & (
  | {
      readonly type: "opened";
      readonly self: PeerId;
      /** Who shows a sign of life, or `null` where the medium cannot tell. */
      readonly census: readonly PeerId[] | null;
      /** Who holds the fence, as the medium says. */
      readonly holder: PeerId | null;
      /** Milliseconds since 1970: where the first epoch starts. */
      readonly wall: number;
    }
  /** The wall clock has moved on further than `now` has: the machine slept, and this realm's own clock stood still, or somebody set it. */
  | { readonly type: "wall"; readonly wall: number }
  | { readonly type: "received"; readonly message: Message }
  | { readonly type: "down"; readonly peer: PeerId; readonly reason: DownReason }
  /** A failure detector that listens all the time heard somebody unasked. */
  | { readonly type: "appeared"; readonly peer: PeerId }
  /** The fence is this peer's; `census` says who shows a sign of life at that moment, where the medium can tell. */
  | { readonly type: "fence-granted"; readonly census: readonly PeerId[] | null }
  | { readonly type: "fence-busy" }
  | { readonly type: "fence-ended" }
  | { readonly type: "fence-lost" }
  /** The answer to the `fence-query` effect of the same number. */
  | { readonly type: "fence-holder"; readonly query: number; readonly holder: PeerId | null }
  /** A deadline may have passed. Early and repeated ones do nothing. */
  | { readonly type: "timeout" }
  /** The user calls the leader. */
  | { readonly type: "call"; readonly call: number; readonly request: unknown; readonly retry: boolean }
  /** Nobody waits for that call any more. */
  | { readonly type: "cancel"; readonly call: number }
  | { readonly type: "cast"; readonly payload: unknown }
  | { readonly type: "peer-call"; readonly call: number; readonly to: PeerId; readonly request: unknown }
  | { readonly type: "peer-cast"; readonly to: PeerId; readonly payload: unknown }
  /** `elected` returned for the tenure `token`. */
  | {
      readonly type: "synced";
      readonly token: Token;
      readonly joiner: PeerId | null;
      readonly sync: unknown;
      readonly to: "joiner" | "all";
    }
  /** `snapshot` returned. */
  | { readonly type: "snapshotted"; readonly requester: PeerId; readonly campaign: Token; readonly sync: unknown }
  /** A callback of the tenure `token` broadcasts. */
  | { readonly type: "broadcast"; readonly token: Token; readonly payload: unknown; readonly to: readonly PeerId[] | null }
  /** A leader call of the tenure `token` is answered. */
  | { readonly type: "answered"; readonly token: Token; readonly caller: Caller; readonly result: Result }
  /** A peer call is answered. */
  | { readonly type: "peer-answered"; readonly caller: Caller; readonly result: Result }
  /** Leader calls that the ended tenure leaves behind: `begun` had run in part, `waiting` not at all. */
  | { readonly type: "abandoned"; readonly begun: readonly Caller[]; readonly waiting: readonly Caller[] }
  /** During a hand-over: no leader callback runs, waits or owes an answer. */
  | { readonly type: "drained"; readonly token: Token }
  /** The user wants another leader; `alone` says what to do if there is no other candidate. */
  | {
      readonly type: "step-down";
      /** Names this wish, for its refusal. */
      readonly request: number;
      readonly to: PeerId | null;
      readonly backOffMs: number;
      readonly alone: "refuse" | "resign";
    }
  /** The user looks at this peer's page: whether its leader still is one is looked at as well. */
  | { readonly type: "look" }
  /** The code of this peer was replaced. */
  | { readonly type: "code-changed"; readonly version: number; readonly snapshots: boolean }
  /** What makes this peer a better candidate has changed. */
  | { readonly type: "preference"; readonly preference: number }
  /** The peer goes: for good, or into a cache from which it may come back. */
  | { readonly type: "leave"; readonly backOffMs: number }
);
