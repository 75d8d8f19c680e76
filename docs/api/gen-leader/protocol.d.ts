import { S as peerId, _ as Role, a as FenceEvent, b as maximumNameLength, c as LogLevel, d as MediumFactory, f as MediumWishes, g as PeerId, h as Member, i as Fence, l as Logger, m as Transport, n as DownReason, o as Guarantees, p as Random, r as FailureDetector, s as Lifecycle, t as Clock, u as Medium, v as incarnationOf, x as nameOf, y as isPeerId } from "./shared/ports.js";
import { a as compareTokens, i as comparePositions, n as Token, o as mayAdopt, r as blank, s as sameToken, t as Position } from "./shared/token.js";

//#region ../protocol/src/messages.d.ts
/** Version of the wire format. Peers drop messages of another one, and count them. */
declare const protocolVersion = 1;
/** What every message carries. */
interface Envelope {
  readonly gl: typeof protocolVersion;
  readonly from: PeerId;
}
/** Newcomer, or whoever lost its place, to all: here I am, who leads? */
interface Join extends Envelope {
  readonly type: "join";
  readonly member: Member;
  readonly position: Position;
  /** The largest epoch that the sender has seen. A leader below it is elected anew before it welcomes. */
  readonly highestEpoch: number;
  /** Identifies the sender's candidate list, so that differing lists are reported; "" for open membership. */
  readonly lists: string;
}
/** Peer without a leader to a newcomer: I am here too. */
interface Here extends Envelope {
  readonly type: "here";
  readonly member: Member;
  readonly position: Position;
  readonly highestEpoch: number;
}
/** Peer to a newcomer with its own name: choose another one. */
interface NameTaken extends Envelope {
  readonly type: "name-taken";
  /** Whom this is said to: one that has the name by now, after coming back, is not meant. */
  readonly refused: PeerId;
}
/** Contender to all: stop, acknowledge, and tell me how far you have got. */
interface Halt extends Envelope {
  readonly type: "halt";
  /** Names this campaign: larger ones win where there is no fence. Its epoch is not a won one. */
  readonly campaign: Token;
  readonly member: Member;
  readonly position: Position;
}
/** Halted peer to its contender. */
interface Acknowledge extends Envelope {
  readonly type: "acknowledge";
  readonly campaign: Token;
  readonly member: Member;
  readonly position: Position;
  readonly highestEpoch: number;
}
/** Peer to a contender: no, because … */
interface Refuse extends Envelope {
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
interface Withdraw extends Envelope {
  readonly type: "withdraw";
  readonly campaign: Token;
}
/** Contender to the most advanced peer: bring me to where you are. */
interface Fetch extends Envelope {
  readonly type: "fetch";
  readonly campaign: Token;
  readonly position: Position;
}
/** One numbered broadcast. */
type Entry = {
  readonly type: "message";
  readonly payload: unknown;
} /** The set that the leader counts on has changed; every peer of it in full. */ | {
  readonly type: "members";
  readonly members: readonly Member[];
};
/** The source's answer to a fetch: what follows `base`, after `sync` if the tenures differ. */
interface Tail extends Envelope {
  readonly type: "tail";
  readonly campaign: Token;
  /** False if the source no longer has what was asked for and cannot make it. */
  readonly complete: boolean;
  readonly base: Position;
  readonly sync: {
    readonly payload: unknown;
  } | null;
  readonly entries: readonly Entry[];
  readonly ancestry: readonly Position[];
}
/** Elected leader to all: surrender to me, if you are listed; join, if you are not. */
interface Announce extends Envelope {
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
interface Welcome extends Envelope {
  readonly type: "welcome";
  readonly token: Token;
  readonly sequence: number;
  readonly members: readonly Member[];
  readonly sync: unknown;
  readonly root: Token | null;
  readonly ancestry: readonly Position[];
}
/** Leader to all: the next numbered broadcast. */
interface Broadcast extends Envelope {
  readonly type: "broadcast";
  readonly token: Token;
  readonly sequence: number;
  readonly entry: Entry;
}
/** Leader to single peers: a broadcast outside the numbering, no part of catch-up. */
interface Aside extends Envelope {
  readonly type: "aside";
  readonly token: Token;
  readonly payload: unknown;
}
/** Leader to all after activity, or to one: this is how far I am. */
interface Digest extends Envelope {
  readonly type: "digest";
  readonly token: Token;
  readonly sequence: number;
}
/** Follower to its leader: this is how far I am. */
interface Report extends Envelope {
  readonly type: "report";
  readonly token: Token;
  readonly sequence: number;
}
/** Follower to its leader: I have missed something after `position`. */
interface Resync extends Envelope {
  readonly type: "resync";
  readonly token: Token;
  readonly position: Position;
}
/** Leader to a follower that missed some broadcasts: here they are. */
interface Missed extends Envelope {
  readonly type: "missed";
  readonly token: Token;
  /** The sequence of the first entry. */
  readonly first: number;
  readonly entries: readonly Entry[];
}
/** Leader to a peer that it gave up: join again. */
interface Removed extends Envelope {
  readonly type: "removed";
  readonly token: Token;
}
/** Leader to all: `successor` is to lead next; hold your calls. A `null` successor takes it back. */
interface HandOver extends Envelope {
  readonly type: "hand-over";
  readonly token: Token;
  readonly successor: PeerId | null;
}
/** Leader to all: I do not lead any more. */
interface Resign extends Envelope {
  readonly type: "resign";
  readonly token: Token;
  /** Whether the sender is leaving the cluster altogether. */
  readonly leaving: boolean;
  readonly successor: PeerId | null;
  /** How long the sender then ranks last; if it is leaving, how long the others are to hold back before they contend. */
  readonly backOffMs: number;
}
/** Peer to all: good-bye. */
interface Leave extends Envelope {
  readonly type: "leave";
  /** How long the others are to hold back before they contend: more than 0 if the sender's callbacks failed when it was elected. */
  readonly backOffMs: number;
}
/** Peer whose call or join makes no progress to who should answer: are you really running? */
interface Challenge extends Envelope {
  readonly type: "challenge";
  readonly nonce: number;
}
/** Answer to a challenge, given only after the platform confirmed that the sender holds the fence and runs. */
interface Alive extends Envelope {
  readonly type: "alive";
  readonly nonce: number;
}
/** Peer that challenges to all: I suspect `accused`; candidates, look for yourselves. */
interface Accuse extends Envelope {
  readonly type: "accuse";
  readonly accused: PeerId;
}
/** How a call ended, on the wire. */
type Result = {
  readonly type: "value";
  readonly value: unknown;
} | {
  readonly type: "error";
  readonly code: "not-implemented" | "call-failed";
  readonly message: string;
  readonly cause?: unknown;
};
/** Peer to its leader: a leader call. `serial` numbers what one peer asks of others and only grows. */
interface Call extends Envelope {
  readonly type: "call";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
  readonly request: unknown;
}
/** Peer to its leader: a leader cast. */
interface Cast extends Envelope {
  readonly type: "cast";
  readonly token: Token;
  readonly serial: number;
  readonly payload: unknown;
}
/** Caller's peer to the leader: nobody waits for this call any more. */
interface Cancel extends Envelope {
  readonly type: "cancel";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
}
/** Leader to a caller's peer: the answer, to be given once that peer has applied `after`. */
interface Reply extends Envelope {
  readonly type: "reply";
  readonly token: Token;
  readonly serial: number;
  readonly call: number;
  readonly after: number;
  readonly result: Result;
}
/** Peer to a caller's peer: this call has not begun and will not here; ask the next leader, or, if it was to this peer, it does not know the caller. */
interface Bounce extends Envelope {
  readonly type: "bounce";
  readonly serial: number;
  readonly call: number;
}
/** Peer to peer: a call to that very peer. */
interface PeerCall extends Envelope {
  readonly type: "peer-call";
  readonly serial: number;
  readonly call: number;
  readonly request: unknown;
}
/** Answer to a peer call. */
interface PeerReply extends Envelope {
  readonly type: "peer-reply";
  readonly call: number;
  readonly result: Result;
}
/** Peer to peer: nobody waits for this peer call any more. */
interface PeerCancel extends Envelope {
  readonly type: "peer-cancel";
  readonly serial: number;
  readonly call: number;
}
/** Peer to peer: a cast to that very peer. */
interface PeerCast extends Envelope {
  readonly type: "peer-cast";
  readonly serial: number;
  readonly payload: unknown;
}
/** Every message of the protocol. */
type Message = Join | Here | NameTaken | Halt | Acknowledge | Refuse | Withdraw | Fetch | Tail | Announce | Welcome | Broadcast | Aside | Digest | Report | Resync | Missed | Removed | HandOver | Resign | Leave | Challenge | Alive | Accuse | Call | Cast | Cancel | Reply | Bounce | PeerCall | PeerReply | PeerCancel | PeerCast;
/** A message before its envelope is put on. */
type Content = Message extends infer M ? (M extends Message ? Omit<M, "gl" | "from"> : never) : never;
//#endregion
//#region ../protocol/src/events.d.ts
/** Names a call that somebody waits for: the peer that asks, and its number there. */
interface Caller {
  readonly peer: PeerId;
  readonly call: number;
  /** The serial under which it was sent; 0 for a call of the very peer that handles it. */
  readonly serial: number;
}
type Event = {
  readonly now: number;
} /** The media are open under the id `self`: at start, and again as a new incarnation. */ & ({
  readonly type: "opened";
  readonly self: PeerId; /** Who shows a sign of life, or `null` where the medium cannot tell. */
  readonly census: readonly PeerId[] | null; /** Who holds the fence, as the medium says. */
  readonly holder: PeerId | null; /** Milliseconds since 1970: where the first epoch starts. */
  readonly wall: number;
} /** The wall clock has moved on further than `now` has: the machine slept, and this realm's own clock stood still, or somebody set it. */ | {
  readonly type: "wall";
  readonly wall: number;
} | {
  readonly type: "received";
  readonly message: Message;
} | {
  readonly type: "down";
  readonly peer: PeerId;
  readonly reason: DownReason;
} /** A failure detector that listens all the time heard somebody unasked. */ | {
  readonly type: "appeared";
  readonly peer: PeerId;
} /** The fence is this peer's; `census` says who shows a sign of life at that moment, where the medium can tell. */ | {
  readonly type: "fence-granted";
  readonly census: readonly PeerId[] | null;
} | {
  readonly type: "fence-busy";
} | {
  readonly type: "fence-ended";
} | {
  readonly type: "fence-lost";
} /** The answer to the `fence-query` effect of the same number. */ | {
  readonly type: "fence-holder";
  readonly query: number;
  readonly holder: PeerId | null;
} /** A deadline may have passed. Early and repeated ones do nothing. */ | {
  readonly type: "timeout";
} /** The user calls the leader. */ | {
  readonly type: "call";
  readonly call: number;
  readonly request: unknown;
  readonly retry: boolean;
} /** Nobody waits for that call any more. */ | {
  readonly type: "cancel";
  readonly call: number;
} | {
  readonly type: "cast";
  readonly payload: unknown;
} | {
  readonly type: "peer-call";
  readonly call: number;
  readonly to: PeerId;
  readonly request: unknown;
} | {
  readonly type: "peer-cast";
  readonly to: PeerId;
  readonly payload: unknown;
} /** `elected` returned for the tenure `token`. */ | {
  readonly type: "synced";
  readonly token: Token;
  readonly joiner: PeerId | null;
  readonly sync: unknown;
  readonly to: "joiner" | "all";
} /** `snapshot` returned. */ | {
  readonly type: "snapshotted";
  readonly requester: PeerId;
  readonly campaign: Token;
  readonly sync: unknown;
} /** A callback of the tenure `token` broadcasts. */ | {
  readonly type: "broadcast";
  readonly token: Token;
  readonly payload: unknown;
  readonly to: readonly PeerId[] | null;
} /** A leader call of the tenure `token` is answered. */ | {
  readonly type: "answered";
  readonly token: Token;
  readonly caller: Caller;
  readonly result: Result;
} /** A peer call is answered. */ | {
  readonly type: "peer-answered";
  readonly caller: Caller;
  readonly result: Result;
} /** Leader calls that the ended tenure leaves behind: `begun` had run in part, `waiting` not at all. */ | {
  readonly type: "abandoned";
  readonly begun: readonly Caller[];
  readonly waiting: readonly Caller[];
} /** During a hand-over: no leader callback runs, waits or owes an answer. */ | {
  readonly type: "drained";
  readonly token: Token;
} /** The user wants another leader; `alone` says what to do if there is no other candidate. */ | {
  readonly type: "step-down"; /** Names this wish, for its refusal. */
  readonly request: number;
  readonly to: PeerId | null;
  readonly backOffMs: number;
  readonly alone: "refuse" | "resign";
} /** The user looks at this peer's page: whether its leader still is one is looked at as well. */ | {
  readonly type: "look";
} /** The code of this peer was replaced. */ | {
  readonly type: "code-changed";
  readonly version: number;
  readonly snapshots: boolean;
} /** What makes this peer a better candidate has changed. */ | {
  readonly type: "preference";
  readonly preference: number;
} /** The peer goes: for good, or into a cache from which it may come back. */ | {
  readonly type: "leave";
  readonly backOffMs: number;
});
//#endregion
//#region ../protocol/src/effects.d.ts
/** Something for the user's callbacks. They run one at a time, in the order of the effects. */
type Delivery = {
  readonly type: "elected";
  readonly token: Token;
  readonly joiner: PeerId | null;
  readonly mayHaveLost: boolean;
} | {
  readonly type: "surrendered";
  readonly token: Token;
  readonly version: number;
  readonly sequence: number;
  readonly sync: unknown;
  readonly lost: readonly unknown[];
  readonly deposed: boolean;
} | {
  readonly type: "from-leader";
  readonly token: Token;
  readonly version: number;
  readonly sequence: number;
  readonly payload: unknown;
} | {
  readonly type: "leader-call";
  readonly token: Token;
  readonly caller: Caller;
  readonly request: unknown;
} | {
  readonly type: "leader-cast";
  readonly token: Token;
  readonly payload: unknown;
} | {
  readonly type: "down";
  readonly token: Token;
  readonly peer: PeerId;
  readonly reason: DownReason;
} | {
  readonly type: "peer-call";
  readonly caller: Caller;
  readonly request: unknown;
} | {
  readonly type: "peer-cast";
  readonly payload: unknown;
} | {
  readonly type: "snapshot";
  readonly requester: PeerId;
  readonly campaign: Token;
} /** The numbered broadcast at `sequence` was none for the user; it only moves the position. */ | {
  readonly type: "advance";
  readonly sequence: number;
} /** A call of this peer's user is over. In order with the rest, so that the reply follows what it depends on. */ | {
  readonly type: "settle";
  readonly call: number;
  readonly outcome: CallOutcome;
};
/** How a call ends for the user. */
type CallOutcome = {
  readonly type: "result";
  readonly result: Result;
  readonly token: Token | null;
  readonly peer: PeerId;
} | {
  readonly type: "leader-died";
  readonly leader: PeerId | null;
  readonly token: Token | null;
  readonly outcome: "not-started" | "unknown";
} | {
  readonly type: "peer-down";
  readonly peer: PeerId;
  readonly outcome: "not-started" | "unknown";
};
/** Why a message was dropped. */
type DropReason = /** Not of this protocol, or damaged. */"malformed" /** Of another version of the protocol. */ | "version" /** From a peer on neither list, or from this peer's own former self. */ | "foreign" /** Of a tenure, campaign or incarnation that is over. */ | "stale" /** Claimed leadership without holding the fence. */ | "unfenced" /** Arrived twice. */ | "duplicate" /** Makes no sense to a peer in this phase. */ | "unexpected" /** More than a peer keeps. */ | "overflow";
/** Something for the log: unusual, but handled. */
type Note = {
  readonly type: "lists-differ";
  readonly peer: PeerId;
} | {
  readonly type: "accused";
  readonly peer: PeerId;
} | {
  readonly type: "stolen";
  readonly from: PeerId;
} | {
  readonly type: "resynced";
  readonly peer: PeerId;
} | {
  readonly type: "gave-up";
  readonly peer: PeerId;
};
type Effect = {
  readonly type: "post";
  readonly message: Message;
} | {
  readonly type: "send";
  readonly to: PeerId;
  readonly message: Message;
} | {
  readonly type: "monitor";
  readonly peer: PeerId;
} | {
  readonly type: "demonitor";
  readonly peer: PeerId;
} | {
  readonly type: "fence-request";
  readonly over: readonly PeerId[];
} | {
  readonly type: "fence-release";
} | {
  readonly type: "fence-steal";
  readonly holder: PeerId;
} | {
  readonly type: "fence-query";
  readonly query: number;
} | {
  readonly type: "deliver";
  readonly delivery: Delivery;
} /** Take that call out of the mailbox, if it has not begun. */ | {
  readonly type: "cancel";
  readonly caller: Caller;
} /** This peer's tenure is over: abort its signal, discard what its callbacks return, say what they leave behind (`abandoned`). */ | {
  readonly type: "tenure-ended";
  readonly token: Token;
} /** A hand-over has begun: say when the leader's callbacks are done (`drained`). */ | {
  readonly type: "drain";
  readonly token: Token;
} /** `stepDown` cannot be done: there is no eligible peer of that name, or another hand-over is under way. */ | {
  readonly type: "step-down-refused";
  readonly request: number;
} /** The successor went down, or took too long: this peer goes on leading. */ | {
  readonly type: "hand-over-abandoned";
  readonly successor: PeerId;
} /** Close the media and open them under a new incarnation. */ | {
  readonly type: "reopen";
} /** Another live peer has this one's name: the server cannot run. */ | {
  readonly type: "name-taken";
  readonly peer: PeerId;
} | {
  readonly type: "dropped";
  readonly reason: DropReason;
  readonly from: PeerId | null;
} | {
  readonly type: "note";
  readonly note: Note;
};
//#endregion
//#region ../protocol/src/decode.d.ts
/** A message, or why there is none. */
type Decoded = {
  readonly type: "message";
  readonly message: Message;
} | {
  readonly type: "rejected";
  readonly reason: DropReason;
  readonly from: PeerId | null;
};
/** Takes a frame for a message, if it is one. Never throws. */
declare function decode(frame: unknown): Decoded;
//#endregion
//#region ../protocol/src/serials.d.ts
/**
 * Which of the numbers that a peer gives its requests have been seen: so that each is taken once, although frames may come twice.
 *
 * @module
 */
/** A set of growing numbers with few gaps: all up to `floor`, and `above`. */
interface Serials {
  readonly floor: number;
  readonly above: readonly number[];
}
//#endregion
//#region ../protocol/src/stretch.d.ts
/** What a peer has applied of one tenure, in order. What was no message of a user's is left out. */
interface Stretch {
  readonly token: Token;
  readonly broadcasts: readonly {
    readonly sequence: number;
    readonly payload: unknown;
  }[];
}
//#endregion
//#region ../protocol/src/timers.d.ts
/**
 * All deadlines of a peer in one table. The driver arms one timer for the earliest; a late, early or repeated
 * timeout is harmless.
 *
 * @module
 */
/** When to … */
type TimerName = /** … stop listening for others, where there is no census, and believe to know everybody who is up. */"discovery" /** … stop waiting for a better candidate, or for an answer to `join`. */ | "response" /** … give up the peers that have not acknowledged a halt. */ | "acknowledge" /** … leave the halted state without an announcement. */ | "election" /** … stop waiting for the last replies of a peer that has left, or of a leader that has resigned. */ | "orphans" /** … challenge the leader that a call waits for. */ | "progress" /** … rob a challenged peer that has not answered. */ | "suspicion" /** … compare positions after activity. */ | "settle" /** … give up a hand-over. */ | "hand-over" /** … contend again after a back-off. */ | "back-off";
type Deadlines = { readonly [Name in TimerName]?: number };
//#endregion
//#region ../protocol/src/state.d.ts
/** Time limits in milliseconds; see `TimeLimits` of the behaviour for what each is for, and `defaultLimits` for the defaults. */
interface Limits {
  readonly discoveryMs: number;
  readonly responseMs: number;
  readonly acknowledgeMs: number;
  readonly electionMs: number;
  readonly abandonMs: number;
  readonly challengeMs: number;
  readonly unresponsiveMs: number;
  readonly suspectMs: number;
  readonly settleMs: number;
  readonly backOffMs: number;
}
declare const defaultLimits: Limits;
/** What a peer is started with, for life. */
interface Config {
  readonly role: Role;
  readonly priority: number;
  readonly version: number;
  /** The largest epoch that is known from before. */
  readonly epoch: number;
  /** Names that may lead, best first, and names that may not; `null` is open membership. */
  readonly lists: {
    readonly candidates: readonly string[];
    readonly workers: readonly string[];
  } | null;
  readonly limits: Limits;
  /** Broadcasts kept for peers that missed some. */
  readonly historyLimit: number;
  /** Whether the medium has a fence. */
  readonly fenced: boolean;
  /** Whether the behaviour can make a sync of a follower's state. */
  readonly snapshots: boolean;
}
/** What is known of another peer that is believed to be up. */
interface Known {
  /** `null` for a peer that only the census has named. */
  readonly member: Member | null;
  /** How far it was when it last said so. */
  readonly position: Position;
}
/** A peer that is not up any more. */
interface Gone {
  readonly id: PeerId;
  readonly reason: DownReason;
}
/** What a contender is at. */
type Stage = /** Waits for the fence. */{
  readonly type: "fencing";
} /** Waits for acknowledgements. */ | {
  readonly type: "halting";
  readonly waiting: ReadonlySet<PeerId>;
  readonly since: number;
} /** Waits for broadcasts that it missed. */ | {
  readonly type: "catching-up";
  readonly source: PeerId;
  readonly excluded: ReadonlySet<PeerId>;
} /** Waits for the callback `elected`. */ | {
  readonly type: "electing";
  readonly token: Token;
};
type Phase = /** Suspended, ended, or not begun. */{
  readonly type: "away";
} /** Looks for a leader; if none turns up, contends. */ | {
  readonly type: "joining";
} | {
  readonly type: "contending";
  readonly campaign: Token;
  readonly stage: Stage; /** Who acknowledged, and from where. */
  readonly acknowledged: ReadonlyMap<PeerId, Position>; /** The largest epoch that anybody who acknowledged knew of, won or promised. */
  readonly floor: number; /** Whether somebody who had got farther could not be asked for that. */
  readonly mayHaveLost: boolean;
} | {
  readonly type: "halted";
  readonly contender: PeerId;
  readonly campaign: Token;
} | {
  readonly type: "following";
  readonly leader: PeerId;
} | {
  readonly type: "leading";
};
/** What only a leader keeps. */
interface Tenure {
  /** Joiners for which `elected` is running. */
  readonly welcoming: ReadonlySet<PeerId>;
  /** When each joiner was welcomed, so that a join that crossed its welcome is not taken for another. */
  readonly welcomed: ReadonlyMap<PeerId, number>;
  /** How far each follower said it is. */
  readonly reported: ReadonlyMap<PeerId, number>;
  /** Digests sent since the last activity. */
  readonly digests: number;
  readonly handOver: HandOver$1 | null;
}
interface HandOver$1 {
  readonly successor: PeerId;
  readonly backOffMs: number;
  /** `draining`: callbacks and answers are still owed; `settling`: everyone is to report the last position. */
  readonly stage: "draining" | "settling";
}
/** A call of this peer's user that waits for its reply. */
interface PendingCall {
  readonly request: unknown;
  readonly retry: boolean;
  /** The tenure it was sent to, or `null` while it waits for a leader. */
  readonly sent: Token | null;
  /** The number it was sent under; 0 if it was not sent, or to this very peer. */
  readonly serial: number;
  readonly sentAt: number;
  /** The reply, if it came before the broadcasts that it follows. */
  readonly withheld: {
    readonly after: number;
    readonly result: Result;
    readonly from: PeerId;
  } | null;
}
/** A peer that is suspected to hang: challenged, then robbed of the fence. */
interface Suspicion {
  readonly accused: PeerId;
  readonly nonce: number;
  readonly stage: "challenged" /** It has had its time; what has arrived of it is still to be read. */ | "overdue" | "asking" | "stealing";
  /** It was challenged before, and not accused, because this peer looked at the time too late. */
  readonly again: boolean;
}
/** A question to the fence that is under way, and what its answer is for. */
interface Query {
  readonly number: number;
  /** When it was asked: an answer that comes much later tells of then, not of now. */
  readonly at: number;
  /** `inbox`: whether the head of the inbox may be obeyed; `doubt`: whether this leader or contender still holds it; `steal`: whether the accused still holds it; `who`: whom to wait for. */
  readonly purpose: "inbox" | "doubt" | "steal" | "who";
}
interface PeerState {
  readonly config: Config;
  readonly self: PeerId;
  /** The ids that this peer had before, latest first: what still comes from them is its own echo. */
  readonly formerSelves: readonly PeerId[];
  /** Larger is better, among candidates of one priority. */
  readonly preference: number;
  /** Time of the latest event. */
  readonly now: number;
  /** What to add to `now` for the wall clock. */
  readonly wallOffset: number;
  readonly phase: Phase;
  /** Other peers believed to be up. */
  readonly peers: ReadonlyMap<PeerId, Known>;
  /** Whether newcomers can list who is up. Where they cannot, everybody introduces itself to them. */
  readonly hasCensus: boolean;
  /** Peers that went down, latest first. */
  readonly gone: readonly Gone[];
  /** The set that the last leader counted on: taken over only by surrendering. */
  readonly members: ReadonlyMap<PeerId, Member>;
  /** Token of the present leader, or of the last one. */
  readonly token: Token | null;
  readonly highestEpoch: number;
  /** The largest epoch of a campaign that this peer has acknowledged, outbid or begun, and whose it was: perhaps won unheard. */
  readonly promisedEpoch: number;
  readonly promisedTo: PeerId | null;
  /** What this peer has accepted for its callbacks. */
  readonly position: Position;
  /** The last sync and the broadcasts since, from which others are brought up to date. */
  readonly base: Position;
  readonly sync: {
    readonly payload: unknown;
  } | null;
  readonly entries: readonly Entry[];
  /** Broadcasts before `entries` that led here, latest tenure first: their loss would have to be told. */
  readonly past: readonly Stretch[];
  /** What this peer's callbacks broadcast while it was in doubt whether it leads, and it did not: its loss would have to be told as well. */
  readonly unsent: readonly unknown[];
  /** Where earlier tenures ended in this peer's history, latest first. */
  readonly ancestry: readonly Position[];
  /** Broadcasts of the tenure `earlyToken` that came before their turn, by sequence. */
  readonly early: ReadonlyMap<number, Entry>;
  readonly earlyToken: Token | null;
  /** Whether a resync was asked for and has not come. */
  readonly resyncing: boolean;
  /** A leader unknown to this peer, already asked to welcome it. */
  readonly probed: Token | null;
  readonly tenure: Tenure | null;
  /** Serials of what others asked of this peer as their leader, in whatever tenure: a copy of a request that it took is no other one. */
  readonly taken: ReadonlyMap<PeerId, Serials>;
  /** Whether this peer has heard of a later tenure than that of its present or last leader. */
  readonly overtaken: boolean;
  /** Peers that this one gave up for their silence, although they may hold what it lacks: whoever leads past them says so. */
  readonly passedOver: ReadonlySet<PeerId>;
  /** The campaign whose withdrawal was heard last: its halt may come after that. */
  readonly withdrawn: Token | null;
  /** Whether this peer led since it last surrendered. */
  readonly deposed: boolean;
  /** The tenure that ended in good order: its last replies may still come. */
  readonly farewell: Token | null;
  /** Whom the last leader named to succeed it. */
  readonly successor: PeerId | null;
  /** Who ranks last for having stepped down, until when. */
  readonly backOff: {
    readonly peer: PeerId;
    readonly until: number;
  } | null;
  /** The leader before, if it is gone and no `down` was delivered for it yet. */
  readonly fallen: Gone | null;
  /** Who held the fence when this peer last asked. */
  readonly holder: PeerId | null;
  readonly suspicion: Suspicion | null;
  readonly queries: readonly Query[];
  /** Events that wait for the answer of an `inbox` or `doubt` query. */
  readonly inbox: readonly Event[];
  /** When this peer last heard anything from outside; a gap makes a leader or a contender doubt itself. */
  readonly active: number;
  readonly calls: ReadonlyMap<number, PendingCall>;
  /** How many replies are withheld. */
  readonly withheld: number;
  /** Leader casts that wait for a leader, each with the number of the latest call that was made before it. */
  readonly casts: readonly {
    readonly payload: unknown;
    readonly after: number;
  }[];
  /** Whether calls are held back although a leader is known: it is handing over, or sent one back. */
  readonly holding: boolean;
  /** Calls of this peer to single peers. */
  readonly peerCalls: ReadonlyMap<number, {
    readonly to: PeerId;
    readonly serial: number;
  }>;
  /** Serials of what other peers asked of this very one, so that a duplicate is not handled. */
  readonly peerSerials: ReadonlyMap<PeerId, Serials>;
  readonly deadlines: Deadlines;
  readonly monitored: ReadonlySet<PeerId>;
  /** Growing number for nonces, serials, campaigns and queries. */
  readonly counter: number;
  /** How often a peer without a leader has asked for one since it last had one. */
  readonly attempts: number;
}
/** A peer that has not opened its media yet. */
declare function initialState(config: Config, self: PeerId, preference?: number): PeerState;
//#endregion
//#region ../protocol/src/hand-over.d.ts
/** The id of the member with this name or id; for `stepDown({ to })` and calls to single peers. */
declare function findPeer(peers: Iterable<PeerId>, nameOrId: string): PeerId | null;
//#endregion
//#region ../protocol/src/print.d.ts
declare function printToken(token: Token | null): string;
/** What a message says, without its sender. */
declare function printMessage(message: Message): string;
/** What happens to a peer. */
declare function printEvent(event: Event): string;
/** What the user's callbacks get. */
declare function printDelivery(delivery: Delivery): string;
/** What a step wants done. */
declare function printEffect(effect: Effect): string;
/** Where a peer stands. */
declare function printState(state: PeerState): string;
//#endregion
//#region ../protocol/src/rank.d.ts
/** A peer's role in this cluster; `null` for one that is on neither list. */
declare function roleIn(config: Config, member: Pick<Member, "id" | "role">): Member["role"] | null;
/** Candidates that are up, this peer included if it is one, best first. Peers known by id only are left out. */
declare function rankedCandidates(state: PeerState): PeerId[];
//#endregion
//#region ../protocol/src/step.d.ts
/** What came of one event. The effects are to be carried out in order, before the next event of this peer. */
interface Step {
  readonly state: PeerState;
  readonly effects: readonly Effect[];
}
declare function step(state: PeerState, event: Event): Step;
/**
 * When the driver has to hand in a `timeout`, or `null` if no deadline is armed, or none may pass before the fence has
 * answered.
 */
declare function nextDeadline(state: PeerState): number | null;
//#endregion
export { Accuse, Acknowledge, Alive, Announce, Aside, Bounce, Broadcast, Call, CallOutcome, Caller, Cancel, Cast, Challenge, Clock, Config, Content, Decoded, Delivery, Digest, DownReason, DropReason, Effect, Entry, Event, FailureDetector, Fence, FenceEvent, Fetch, Guarantees, Halt, HandOver, Here, Join, Leave, Lifecycle, Limits, LogLevel, Logger, Medium, MediumFactory, MediumWishes, Member, Message, Missed, NameTaken, Note, PeerCall, PeerCancel, PeerCast, PeerId, PeerReply, PeerState, Phase, Position, Random, Refuse, Removed, Reply, Report, Resign, Result, Resync, Role, Step, Tail, Token, Transport, Welcome, Withdraw, blank, comparePositions, compareTokens, decode, defaultLimits, findPeer, incarnationOf, initialState, isPeerId, maximumNameLength, mayAdopt, nameOf, nextDeadline, peerId, printDelivery, printEffect, printEvent, printMessage, printState, printToken, protocolVersion, rankedCandidates, roleIn, sameToken, step };