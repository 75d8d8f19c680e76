/**
 * Everything that a step wants done: plain data that can be printed, cloned and compared. The driver carries them
 * out in order.
 *
 * @module
 */
import type { Caller } from "./events.js";
import type { Message, Result } from "./messages.js";
import type { PeerId } from "./peer.js";
import type { DownReason } from "./ports.js";
import type { Token } from "./token.js";

/** Something for the user's callbacks. They run one at a time, in the order of the effects. */
export type Delivery =
  | { readonly type: "elected"; readonly token: Token; readonly joiner: PeerId | null; readonly mayHaveLost: boolean }
  | {
      readonly type: "surrendered";
      readonly token: Token;
      readonly version: number;
      readonly sequence: number;
      readonly sync: unknown;
      readonly lost: readonly unknown[];
      readonly deposed: boolean;
    }
  | { readonly type: "from-leader"; readonly token: Token; readonly version: number; readonly sequence: number; readonly payload: unknown }
  | { readonly type: "leader-call"; readonly token: Token; readonly caller: Caller; readonly request: unknown }
  | { readonly type: "leader-cast"; readonly token: Token; readonly payload: unknown }
  | { readonly type: "down"; readonly token: Token; readonly peer: PeerId; readonly reason: DownReason }
  | { readonly type: "peer-call"; readonly caller: Caller; readonly request: unknown }
  | { readonly type: "peer-cast"; readonly payload: unknown }
  | { readonly type: "snapshot"; readonly requester: PeerId; readonly campaign: Token }
  /** The numbered broadcast at `sequence` was none for the user; it only moves the position. */
  | { readonly type: "advance"; readonly sequence: number }
  /** A call of this peer's user is over. In order with the rest, so that the reply follows what it depends on. */
  | { readonly type: "settle"; readonly call: number; readonly outcome: CallOutcome };

/** How a call ends for the user. */
export type CallOutcome =
  | { readonly type: "result"; readonly result: Result; readonly token: Token | null; readonly peer: PeerId }
  | {
      readonly type: "leader-died";
      readonly leader: PeerId | null;
      readonly token: Token | null;
      readonly outcome: "not-started" | "unknown";
    }
  | { readonly type: "peer-down"; readonly peer: PeerId; readonly outcome: "not-started" | "unknown" };

/** Why a message was dropped. */
export type DropReason =
  /** Not of this protocol, or damaged. */
  | "malformed"
  /** Of another version of the protocol. */
  | "version"
  /** From a peer on neither list, or from this peer's own former self. */
  | "foreign"
  /** Of a tenure, campaign or incarnation that is over. */
  | "stale"
  /** Claimed leadership without holding the fence. */
  | "unfenced"
  /** Arrived twice. */
  | "duplicate"
  /** Makes no sense to a peer in this phase. */
  | "unexpected"
  /** More than a peer keeps. */
  | "overflow";

/** Something for the log: unusual, but handled. */
export type Note =
  | { readonly type: "lists-differ"; readonly peer: PeerId }
  | { readonly type: "accused"; readonly peer: PeerId }
  | { readonly type: "stolen"; readonly from: PeerId }
  | { readonly type: "resynced"; readonly peer: PeerId }
  | { readonly type: "gave-up"; readonly peer: PeerId };

export type Effect =
  | { readonly type: "post"; readonly message: Message }
  | { readonly type: "send"; readonly to: PeerId; readonly message: Message }
  | { readonly type: "monitor"; readonly peer: PeerId }
  | { readonly type: "demonitor"; readonly peer: PeerId }
  | { readonly type: "fence-request"; readonly over: readonly PeerId[] }
  | { readonly type: "fence-release" }
  | { readonly type: "fence-steal"; readonly holder: PeerId }
  | { readonly type: "fence-query"; readonly query: number }
  | { readonly type: "deliver"; readonly delivery: Delivery }
  /** Take that call out of the mailbox, if it has not begun. */
  | { readonly type: "cancel"; readonly caller: Caller }
  /** This peer's tenure is over: abort its signal, discard what its callbacks return, say what they leave behind (`abandoned`). */
  | { readonly type: "tenure-ended"; readonly token: Token }
  /** A hand-over has begun: say when the leader's callbacks are done (`drained`). */
  | { readonly type: "drain"; readonly token: Token }
  /** `stepDown` cannot be done: there is no eligible peer of that name, or another hand-over is under way. */
  | { readonly type: "step-down-refused"; readonly request: number }
  /** The successor went down, or took too long: this peer goes on leading. */
  | { readonly type: "hand-over-abandoned"; readonly successor: PeerId }
  /** Close the media and open them under a new incarnation. */
  | { readonly type: "reopen" }
  /** Another live peer has this one's name: the server cannot run. */
  | { readonly type: "name-taken"; readonly peer: PeerId }
  | { readonly type: "dropped"; readonly reason: DropReason; readonly from: PeerId | null }
  | { readonly type: "note"; readonly note: Note };
