/**
 * The wire: one interface per message, the union last. Every message is a plain object that structured clone
 * carries unchanged. What users send travels in `payload`, `request`, `sync` and `result`, never inspected.
 *
 * docs/PROTOCOL.md tells who sends each message when, and what every role does with it.
 *
 * @module
 */
import type { Member, PeerId } from "./peer.js";
import type { Position, Token } from "./token.js";

/** Version of the wire format. Peers drop messages of another one, and count them. */
export const protocolVersion = 1;

/** What every message carries. */
interface Envelope {
  readonly gl: typeof protocolVersion;
  readonly from: PeerId;
}

/** Newcomer, or whoever lost its place, to all: here I am, who leads? */
export interface Join extends Envelope {
  readonly type: "join";
  readonly member: Member;
  readonly position: Position;
  /** The largest epoch that the sender has seen. A leader below it is elected anew before it welcomes. */
  readonly highestEpoch: number;
  /** Identifies the sender's candidate list, so that differing lists are reported; "" for open membership. */
  readonly lists: string;
}

/** Peer without a leader to a newcomer: I am here too. */
export interface Here extends Envelope {
  readonly type: "here";
  readonly member: Member;
  readonly position: Position;
  readonly highestEpoch: number;
}

/** Peer to a newcomer with its own name: choose another one. */
export interface NameTaken extends Envelope {
  readonly type: "name-taken";
  /** Whom this is said to: one that has the name by now, after coming back, is not meant. */
  readonly refused: PeerId;
}

/** Contender to all: stop, acknowledge, and tell me how far you have got. */
export interface Halt extends Envelope {
  readonly type: "halt";
  /** Names this campaign: larger ones win where there is no fence. Its epoch is not a won one. */
  readonly campaign: Token;
  readonly member: Member;
  readonly position: Position;
}

/** Halted peer to its contender. */
export interface Acknowledge extends Envelope {
  readonly type: "acknowledge";
  readonly campaign: Token;
  readonly member: Member;
  readonly position: Position;
  readonly highestEpoch: number;
}

/** Peer to a contender: no, because … */
export interface Refuse extends Envelope {
  readonly type: "refuse";
  readonly campaign: Token;
  /**
   * `promised`: halted for a larger campaign; `blank`: the sender holds state and the contender none;
   * `ahead`: the sender is ahead and cannot bring the contender up to date, so it contends itself; `led`: the sender leads.
   */
  readonly reason: "promised" | "blank" | "ahead" | "led";
  /** The campaign or tenure that stands against it. */
  readonly against: Token | null;
}

/** Contender to all: I do not contend any more. */
export interface Withdraw extends Envelope {
  readonly type: "withdraw";
  readonly campaign: Token;
}

/** Contender to the most advanced peer: bring me to where you are. */
export interface Fetch extends Envelope {
  readonly type: "fetch";
  readonly campaign: Token;
  readonly position: Position;
}

/** One numbered broadcast. */
export type Entry =
  | { readonly type: "message"; readonly payload: unknown }
  /** The set that the leader counts on has changed; every peer of it in full. */
  | { readonly type: "members"; readonly members: readonly Member[] };

/** The source's answer to a fetch: what follows `base`, after `sync` if the tenures differ. */
export interface Tail extends Envelope {
  readonly type: "tail";
  readonly campaign: Token;
  /** False if the source no longer has what was asked for and cannot make it. */
  readonly complete: boolean;
  readonly base: Position;
  readonly sync: { readonly payload: unknown } | null;
  readonly entries: readonly Entry[];
  readonly ancestry: readonly Position[];
}

/** Elected leader to all: surrender to me, if you are listed; join, if you are not. */
export interface Announce extends Envelope {
  readonly type: "announce";
  readonly token: Token;
  readonly campaign: Token;
  readonly members: readonly Member[];
  readonly sync: unknown;
  /** Where this history began; see `Position`. */
  readonly root: Token | null;
  /** Where earlier tenures ended in this history, latest first. */
  readonly ancestry: readonly Position[];
}

/** Leader to a joiner, or to a follower that lost track: this is where we are. */
export interface Welcome extends Envelope {
  readonly type: "welcome";
  readonly token: Token;
  readonly sequence: number;
  readonly members: readonly Member[];
  readonly sync: unknown;
  readonly root: Token | null;
  readonly ancestry: readonly Position[];
}

/** Leader to all: the next numbered broadcast. */
export interface Broadcast extends Envelope {
  readonly type: "broadcast";
  readonly token: Token;
  readonly sequence: number;
  readonly entry: Entry;
}

/** Leader to single peers: a broadcast outside the numbering, no part of catch-up. */
export interface Aside extends Envelope {
  readonly type: "aside";
  readonly token: Token;
  readonly payload: unknown;
}

/** Leader to all after activity, or to one: this is how far I am. */
export interface Digest extends Envelope {
  readonly type: "digest";
  readonly token: Token;
  readonly sequence: number;
}

/** Follower to its leader: this is how far I am. */
export interface Report extends Envelope {
  readonly type: "report";
  readonly token: Token;
  readonly sequence: number;
}

/** Follower to its leader: I have missed something after `position`. */
export interface Resync extends Envelope {
  readonly type: "resync";
  readonly token: Token;
  readonly position: Position;
}

/** Leader to a follower that missed some broadcasts: here they are. */
export interface Missed extends Envelope {
  readonly type: "missed";
  readonly token: Token;
  /** The sequence of the first entry. */
  readonly first: number;
  readonly entries: readonly Entry[];
}

/** Leader to a peer that it gave up: join again. */
export interface Removed extends Envelope {
  readonly type: "removed";
  readonly token: Token;
}

/** Leader to all: `successor` is to lead next; hold your calls. A `null` successor takes it back. */
export interface HandOver extends Envelope {
  readonly type: "hand-over";
  readonly token: Token;
  readonly successor: PeerId | null;
}

/** Leader to all: I do not lead any more. */
export interface Resign extends Envelope {
  readonly type: "resign";
  readonly token: Token;
  /** Whether the sender is leaving the cluster altogether. */
  readonly leaving: boolean;
  readonly successor: PeerId | null;
  /** How long the sender then ranks last; if it is leaving, how long the others are to hold back before they contend. */
  readonly backOffMs: number;
}

/** Peer to all: good-bye. */
export interface Leave extends Envelope {
  readonly type: "leave";
  /** How long the others are to hold back before they contend: more than 0 if the sender's callbacks failed when it was elected. */
  readonly backOffMs: number;
}

/** Peer whose call or join makes no progress to who should answer: are you really running? */
export interface Challenge extends Envelope {
  readonly type: "challenge";
  readonly nonce: number;
}

/** Answer to a challenge, given only after the platform confirmed that the sender holds the fence and runs. */
export interface Alive extends Envelope {
  readonly type: "alive";
  readonly nonce: number;
}

/** Peer that challenges to all: I suspect `accused`; candidates, look for yourselves. */
export interface Accuse extends Envelope {
  readonly type: "accuse";
  readonly accused: PeerId;
}

/** How a call ended, on the wire. */
export type Result =
  | { readonly type: "value"; readonly value: unknown }
  | { readonly type: "error"; readonly code: "not-implemented" | "call-failed"; readonly message: string; readonly cause?: unknown };

/** Peer to its leader: a leader call. `serial` numbers what one peer asks of others and only grows. */
export interface Call extends Envelope {
  readonly type: "call";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
  readonly request: unknown;
}

/** Peer to its leader: a leader cast. */
export interface Cast extends Envelope {
  readonly type: "cast";
  readonly token: Token;
  readonly serial: number;
  readonly payload: unknown;
}

/** Caller's peer to the leader: nobody waits for this call any more. */
export interface Cancel extends Envelope {
  readonly type: "cancel";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
}

/** Leader to a caller's peer: the answer, to be given once that peer has applied `after`. */
export interface Reply extends Envelope {
  readonly type: "reply";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
  readonly after: number;
  readonly result: Result;
}

/** Peer to a caller's peer: this call has not begun and will not here; ask the next leader, or, if it was to this peer, it does not know the caller. */
export interface Bounce extends Envelope {
  readonly type: "bounce";
  readonly serial: number;
  readonly call: number;
}

/** Peer to peer: a call to that very peer. */
export interface PeerCall extends Envelope {
  readonly type: "peer-call";
  readonly serial: number;
  readonly call: number;
  readonly request: unknown;
}

/** Answer to a peer call. */
export interface PeerReply extends Envelope {
  readonly type: "peer-reply";
  readonly call: number;
  readonly result: Result;
}

/** Peer to peer: nobody waits for this peer call any more. */
export interface PeerCancel extends Envelope {
  readonly type: "peer-cancel";
  readonly serial: number;
  readonly call: number;
}

/** Peer to peer: a cast to that very peer. */
export interface PeerCast extends Envelope {
  readonly type: "peer-cast";
  readonly serial: number;
  readonly payload: unknown;
}

/** Every message of the protocol. */
export type Message =
  | Join
  | Here
  | NameTaken
  | Halt
  | Acknowledge
  | Refuse
  | Withdraw
  | Fetch
  | Tail
  | Announce
  | Welcome
  | Broadcast
  | Aside
  | Digest
  | Report
  | Resync
  | Missed
  | Removed
  | HandOver
  | Resign
  | Leave
  | Challenge
  | Alive
  | Accuse
  | Call
  | Cast
  | Cancel
  | Reply
  | Bounce
  | PeerCall
  | PeerReply
  | PeerCancel
  | PeerCast;

/** A message before its envelope is put on. */
export type Content = Message extends infer M ? (M extends Message ? Omit<M, "gl" | "from"> : never) : never;
