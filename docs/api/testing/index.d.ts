import { c as Role, n as DownReason, o as Member, r as FenceEvent, s as PeerId } from "./shared/ports.js";
import { Behaviour, BehaviourTypes, Server, StartOptions } from "gen-leader";

//#region ../protocol/src/token.d.ts
/**
 * Fencing token of one tenure. Totally ordered, by epoch and then by leader, since without a fence two peers
 * can win one epoch. A protected resource remembers the largest it has seen and refuses smaller ones.
 */
interface Token {
  /** Number of a won election; at every peer it only grows. Not below the wall clock in milliseconds at the time of the campaign. */
  readonly epoch: number;
  readonly leader: PeerId;
}
/**
 * What a peer has applied: broadcasts 1 to `sequence` of the tenure `token`, and before them that tenure's
 * sync. Two positions extend one another only within one token; `null` is a peer that starts blank.
 */
interface Position {
  readonly token: Token | null;
  readonly sequence: number;
  /**
   * The tenure in which this history's first message was broadcast; `null` as long as there was none, and there is nothing to
   * lose. Two histories with different roots were begun apart, by peers that could not hear each other.
   */
  readonly root: Token | null;
}
//#endregion
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
interface HandOver$1 extends Envelope {
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
type Message = Join | Here | NameTaken | Halt | Acknowledge | Refuse | Withdraw | Fetch | Tail | Announce | Welcome | Broadcast | Aside | Digest | Report | Resync | Missed | Removed | HandOver$1 | Resign | Leave | Challenge | Alive | Accuse | Call | Cast | Cancel | Reply | Bounce | PeerCall | PeerReply | PeerCancel | PeerCast;
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
  readonly handOver: HandOver | null;
}
interface HandOver {
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
//#endregion
//#region src/simulator/faults.d.ts
/**
 * What may go wrong in a simulated run: one options object, and what each medium takes for granted.
 *
 * @module
 */
/** From and to, in milliseconds, both included. */
type RangeMs = readonly [fromMs: number, toMs: number];
/** Faults that befall single frames; each is drawn anew for every frame. */
interface FrameFaults {
  /** How long a frame is on its way. Frames of one sender through one method stay in order, those of two do not. @default [0, 5] */
  readonly delayMs: RangeMs;
  /** Probability that a frame, and what follows it on the same way, is held up so long that others overtake it. @default 0 */
  readonly reorder: number;
  /** Probability that a frame is lost. No medium of gen-leader loses any; a page of another origin or an extension may. @default 0 */
  readonly loss: number;
  /** Probability that a frame arrives twice. @default 0 */
  readonly duplication: number;
  /** Probability that a frame that was seen before is sent again to the one that it was for, or garbage instead. @default 0 */
  readonly garbage: number;
}
/** How late the platform is. */
interface PlatformDelays {
  /** How long after an end its watchers hear of it: late suspicion. @default [0, 10] */
  readonly detectionMs: RangeMs;
  /** How long the fence takes to say something. @default [0, 2] */
  readonly fenceMs: RangeMs;
  /** How long after it was asked for a transaction commits. Those of one realm stay in order. @default [0, 5] */
  readonly storageMs: RangeMs;
}
/** Faults that befall single transactions of the simulated storage; each is drawn anew for every transaction. */
interface StorageFaults {
  /** Probability that a transaction writes nothing and fails with a `StorageFailedError`: quota, or a connection that closes. @default 0 */
  readonly storageFailure: number;
}
/** Faults that happen now and then, to one peer or to all: how often in one run. When, and to whom, is drawn from the seed. */
interface PlannedFaults {
  /**
   * A realm ends without a word: a tab is closed, a renderer killed, a worker terminated. Of the transactions that it has
   * under way some commit all the same, each with everything that it writes, and those after the first that does not are lost. @default 0
   */
  readonly crash: number;
  /** A realm ends, and starts again at once under the same name, with nothing. @default 0 */
  readonly restart: number;
  /** A busy loop: nothing runs in a realm for a while, though it still holds what it held, and its transactions commit. @default 0 */
  readonly hang: number;
  /** A page is frozen, told so before, and goes on after a while. Its transactions commit all the same. @default 0 */
  readonly freeze: number;
  /** A page goes into the back/forward cache, and comes back or is evicted. @default 0 */
  readonly cache: number;
  /** A hidden page: its timers run once a second for a while; frames are not slowed. @default 0 */
  readonly throttle: number;
  /** The machine sleeps: nothing runs anywhere for a while, and the wall clock has moved on when it wakes. @default 0 */
  readonly clockJump: number;
  /** A detector takes a live peer for a silent one, and hears it again later. @default 0 */
  readonly falseSuspicion: number;
  /** The network parts in two; it is mended after a while. Only where there is no fence, which one machine shares. @default 0 */
  readonly partition: number;
  /** The fence is taken from its holder by somebody outside of the cluster, who gives it back at once. @default 0 */
  readonly steal: number;
  /** A realm ends, but the platform does not notice: it keeps the fence, or is granted it, for seconds. @default 0 */
  readonly corpse: number;
  /** A peer goes on with another version of its behaviour. @default 0 */
  readonly versionSkew: number;
}
/** Everything that may go wrong. What is left out does not. */
interface Faults extends FrameFaults, PlatformDelays, StorageFaults, PlannedFaults {}
/** A fault that happens now and then. */
type PlannedFaultType = keyof PlannedFaults;
/** Nothing goes wrong, and everything takes a moment. */
declare const noFaults: Faults;
/** The faults that are planned, in a fixed order. */
declare const plannedFaultTypes: readonly PlannedFaultType[];
//#endregion
//#region src/simulator/history.d.ts
/** A broadcast, named by its tenure and its number there: `"7@a#1/3"`. */
type BroadcastId = string;
/** What is seen of one server: `server` is the number of its start, so that a restarted peer is another one. */
interface Seen {
  readonly atMs: number;
  readonly server: number;
}
/** A server has joined. */
interface ServerStarted extends Seen {
  readonly type: "started";
  readonly peer: string;
}
/** Where the election stands at a peer has changed. */
interface StatusSeen extends Seen {
  readonly type: "status";
  readonly self: PeerId;
  readonly phase: string;
  readonly token: Token | null;
  readonly epoch: number;
}
/** A callback begins, or has ended. */
interface CallbackSeen extends Seen {
  readonly type: "callback";
  readonly name: string;
  readonly edge: "begin" | "end";
  /** The tenure that it belongs to, where it belongs to one. */
  readonly token: Token | null;
}
/** `elected` begins on winning, with everything that this peer has applied. */
interface ElectedSeen extends Seen {
  readonly type: "elected";
  readonly token: Token;
  readonly log: readonly BroadcastId[];
  /** The logs of all other servers that run then and have spoken with the leader, by the number of the server. */
  readonly others: ReadonlyMap<number, readonly BroadcastId[]>;
}
/** `surrendered` begins: what this peer had applied gives way to what its leader has. */
interface SurrenderedSeen extends Seen {
  readonly type: "surrendered";
  readonly token: Token;
  readonly before: readonly BroadcastId[];
  readonly after: readonly BroadcastId[];
  /** What the callback is told to be lost. */
  readonly told: readonly BroadcastId[];
}
/** `fromLeader` begins with a numbered broadcast. */
interface AppliedSeen extends Seen {
  readonly type: "applied";
  readonly id: BroadcastId;
  /** The broadcast of that tenure that this peer had applied before it; 0 for none. */
  readonly after: {
    readonly token: Token | null;
    readonly number: number;
  };
}
/** A leader call is executed. */
interface ExecutedSeen extends Seen {
  readonly type: "executed";
  readonly token: Token | null;
  readonly call: number;
}
/** What executing a leader call has broadcast. */
interface BroadcastSeen extends Seen {
  readonly type: "broadcast";
  readonly id: BroadcastId;
  readonly call: number | null;
}
/** A user makes a call. */
interface CallMade extends Seen {
  readonly type: "call";
  readonly call: number;
  readonly kind: "leader" | "peer";
  readonly request: unknown;
  readonly retry: boolean;
}
/** A call is over. */
interface CallSettled extends Seen {
  readonly type: "settled";
  readonly call: number;
  readonly outcome: {
    readonly type: "value";
    readonly value: unknown;
  } /** `code` is that of the error, `effect` what is known of the call's effect. */ | {
    readonly type: "error";
    readonly code: string;
    readonly effect: "not-started" | "unknown" | null;
    readonly message: string;
  } /** The realm that made it has ended. */ | {
    readonly type: "died";
  };
  /** Everything that the caller's own peer has applied by then. */
  readonly log: readonly BroadcastId[];
}
/** A frame that only a leader sends, from a peer that has not held the fence for a while. */
interface UnfencedAct extends Seen {
  readonly type: "unfenced-act";
  readonly self: PeerId;
  readonly act: string;
  readonly lostForMs: number;
}
/** A transaction of the simulated storage has written something, whether or not its realm is still there. */
interface CommittedSeen extends Seen {
  readonly type: "committed";
  /** The fencing token under which it was made, if its behaviour has named one. */
  readonly token: Token | null;
  /** What it has written by key; `undefined` stands for what it has removed. */
  readonly writes: ReadonlyMap<string, unknown>;
}
/** A server is over: its realm ended, it was stopped, or it ended by itself. */
interface ServerEnded extends Seen {
  readonly type: "ended";
  readonly how: "crashed" | "stopped" | "by-itself";
  readonly reason: string;
}
/** Something was thrown that nobody caught. */
interface ThrownSeen extends Seen {
  readonly type: "thrown";
  readonly error: string;
}
/** The faults are over, and everything is mended. */
interface PeaceSeen {
  readonly type: "peace";
  readonly atMs: number;
}
/** What a server was like when all was quiet. */
interface Resting {
  readonly server: number;
  readonly self: PeerId;
  readonly phase: string;
  readonly leader: PeerId | null;
  readonly token: Token | null;
  /** How many broadcasts of that tenure it has applied. */
  readonly applied: number;
  readonly log: readonly BroadcastId[];
}
/** All is quiet, or was not within the time that it may take. */
interface RestSeen {
  readonly type: "rest";
  readonly atMs: number;
  readonly isQuiet: boolean;
  readonly servers: readonly Resting[];
  /** The calls that nobody has answered yet. */
  readonly waiting: readonly number[];
  /** What is still there although those who needed it are gone. */
  readonly leftovers: readonly string[];
}
type Observation = ServerStarted | StatusSeen | CallbackSeen | ElectedSeen | SurrenderedSeen | AppliedSeen | ExecutedSeen | BroadcastSeen | CallMade | CallSettled | UnfencedAct | CommittedSeen | ServerEnded | ThrownSeen | PeaceSeen | RestSeen;
/** What was seen, in order. */
type History = readonly Observation[];
/** The observations of one type. */
declare function observed<Type extends Observation["type"]>(history: History, type: Type): readonly Extract<Observation, {
  type: Type;
}>[];
//#endregion
//#region src/checkers/checker.d.ts
/** Under what conditions a run was made: some promises hold only under some. */
interface Conditions {
  readonly faults: Faults;
  /** Whether the medium has a fence. */
  readonly fenced: boolean;
  /** For how long a peer may not have run and still trust what it knew, in milliseconds: `limits.suspectMs`. */
  readonly suspectMs: number;
  /** How many broadcasts every peer remembers at least. */
  readonly historyLimit: number;
}
/** Looks at one run, and says in words what was wrong; nothing if all was well. */
type Checker = (history: History, conditions: Conditions) => readonly string[];
//#endregion
//#region src/checkers/index.d.ts
/** Every checker by its name. */
declare const checkers: {
  readonly oneLeaderPerFence: Checker;
  readonly oneActorAtATime: Checker;
  readonly oneLeaderPerToken: Checker;
  readonly storedTokensGrow: Checker;
  readonly tokensAndEpochsGrow: Checker;
  readonly callbackOrder: Checker;
  readonly broadcastsInOrder: Checker;
  readonly broadcastsOnce: Checker;
  readonly nothingAppliedIsLost: Checker;
  readonly lossesAreTold: Checker;
  readonly callsSettle: Checker;
  readonly callsRunOnce: Checker;
  readonly callsFailByName: Checker;
  readonly repliesFollowBroadcasts: Checker;
  readonly acknowledgedWritesSurvive: Checker;
  readonly converges: Checker;
  readonly statesAgree: Checker;
  readonly nobodyIsTakenDown: Checker;
  readonly nothingIsLeft: Checker;
};
type CheckerName = keyof typeof checkers;
//#endregion
//#region src/linearizability/history.d.ts
/**
 * What clients saw of something that they share: the operations that they asked for, when, and what they were answered.
 *
 * @module
 */
/** One operation of one client. One that is known not to have begun has no place in a history. */
interface Operation<Input, Output> {
  /** Who asked, for the person who reads the report. */
  readonly client: string;
  readonly input: Input;
  /** When it was asked for, on a clock that all clients share. */
  readonly calledAt: number;
  /** What was answered and when; `null` if nobody knows whether it took effect: then it may have done so at any time since, or never. */
  readonly returned: {
    readonly at: number;
    readonly output: Output;
  } | null;
}
//#endregion
//#region src/linearizability/sequential-model.d.ts
/**
 * What a history is checked against.
 *
 * @module
 */
/** How the shared thing behaves if one operation follows another. */
interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /** The part that an operation is about: operations on different parts cannot tell of each other. */
  partOf(input: Input): string;
  /** The state after an operation; `null` if it cannot have been answered with `output` there. An unknown answer (`null`) fits always. */
  step(state: State, input: Input, returned: {
    readonly output: Output;
  } | null): {
    readonly state: State;
  } | null;
  /** Equal for equal states, and only for these. */
  print(state: State): string;
}
//#endregion
//#region src/linearizability/check-linearizability.d.ts
interface LinearizabilityOptions {
  /** How many steps the search may take in each part before it gives up. @default 10_000_000 */
  readonly stepLimit?: number;
}
type LinearizabilityResult<Input, Output> = {
  readonly type: "linearizable";
} | {
  readonly type: "violation"; /** The part that cannot be explained. */
  readonly part: string; /** All operations on it, in the order of their calls. */
  readonly operations: readonly Operation<Input, Output>[]; /** The longest order that explains some of them. What comes after it is where to look. */
  readonly longest: readonly Operation<Input, Output>[];
} /** The search was given up. */ | {
  readonly type: "undecided";
  readonly part: string;
};
/** Looks for an order of the operations that each client could have seen; times are compared, not measured. */
declare function checkLinearizability<State, Input, Output>(model: SequentialModel<State, Input, Output>, history: readonly Operation<Input, Output>[], {
  stepLimit
}?: LinearizabilityOptions): LinearizabilityResult<Input, Output>;
//#endregion
//#region src/simulation/agenda.d.ts
/**
 * Virtual time: what is to happen, in order of time and then of arrival.
 *
 * @module
 */
declare class Agenda {
  #private;
  now: number;
  /** Plans something; not before the present. Returns what cancels it. */
  plan(at: number, run: () => void): () => void;
  /** When the next thing happens, or `null` if nothing does. */
  get next(): number | null;
  /** Lets the next thing happen. False if there is none, or none up to `until`. */
  step(until?: number): boolean;
}
//#endregion
//#region src/simulation/peer.d.ts
/** An event before the cluster puts the time on it. */
type Happening = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;
/** One call of a simulated user. */
interface SimulatedCall {
  /** The name of the peer on which it was made. */
  readonly peer: string;
  /** What it asks the leader to append, or a single peer to tell. */
  readonly item: string;
  /** How it ended; `null` while it waits, and for good if it was cancelled in time. */
  outcome: CallOutcome | null;
  /** Whether the peer's log had its item when the call was answered, as it must. */
  wasApplied: boolean;
  /** Whether its user has stopped waiting. */
  isCancelled: boolean;
}
/** A call that a callback left open. */
interface OpenCall {
  readonly token: Token;
  readonly caller: Caller;
  readonly item: string;
}
/** One simulated realm: lives from start to crash, perhaps under several incarnations. */
interface SimulatedPeer {
  readonly name: string;
  state: PeerState;
  /** The log that the callbacks keep. */
  log: readonly string[];
  /** `gone` after a crash or a stop; `away` while suspended. */
  life: "up" | "away" | "gone";
  hung: boolean;
  /** What waits for a hung realm to go on. */
  backlog: (() => void)[];
  /** What the callbacks got, printed short: for order checks. */
  callbacks: string[];
  /** Leader calls of the present tenure that are owed an answer. */
  open: readonly OpenCall[];
  /** The tenure that is being handed over and waits for its callbacks to be done. */
  draining: Token | null;
  /** Every call of this peer's user, in the order in which they were made: the first has the number 1. */
  readonly calls: SimulatedCall[];
}
//#endregion
//#region src/simulation/cluster-options.d.ts
/** How long things take, in milliseconds: from and to. */
interface Delays {
  readonly message: readonly [number, number];
  readonly detection: readonly [number, number];
  readonly fence: readonly [number, number];
}
/** A message on its way from one peer to one other. */
interface SimulatedFrame {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly message: Message;
}
/** What the network does to a frame instead of delivering it once and in time. A delay holds up what follows on the same path. */
type Fault = {
  readonly type: "drop";
} | {
  readonly type: "duplicate";
} | {
  readonly type: "delay";
  readonly delayMs: number;
};
interface ClusterOptions {
  /** What delays and shuffles are drawn from. @default 1 */
  readonly seed?: number;
  readonly delays?: Partial<Delays>;
  readonly limits?: Partial<Limits>;
  /** Whether there is a fence. @default true */
  readonly fenced?: boolean;
  /** Whether newcomers can list who is alive. @default true */
  readonly census?: boolean;
  /** Broadcasts kept for peers that missed some. @default 1024 */
  readonly historyLimit?: number;
  /** Names of candidates, best first, and of workers. @default open membership */
  readonly lists?: Config["lists"];
  /** Whether the callbacks can make a sync of a follower's state. @default false */
  readonly snapshots?: boolean;
  /** Asked for every frame; `null` lets it pass. */
  readonly disturb?: (frame: SimulatedFrame) => Fault | null;
  /** Called with everything that happens, for transcripts and checkers; `before` is the state that the event met. */
  readonly onStep?: (peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState) => void;
}
//#endregion
//#region src/simulation/fence.d.ts
/** Who asks for the fence, and how it is told what became of that. */
interface Waiter {
  readonly id: PeerId;
  tell(event: FenceEvent): void;
}
declare class SimulatedFence {
  #private;
  /** `later` lets something happen after as long as the platform takes. */
  constructor(later: (run: () => void) => void);
  get holder(): PeerId | null;
  request(waiter: Waiter): void;
  /** Gives the fence back or withdraws a request; also what happens when its owner dies. */
  release(id: PeerId): void;
  steal(thief: Waiter, accused: PeerId): void;
}
//#endregion
//#region src/simulation/random.d.ts
/**
 * A source of random numbers that is a pure function of its seed.
 *
 * @module
 */
interface SeededRandom {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One element. @throws RangeError if there is none */
  pick<T>(from: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
}
/** Mulberry32: small, fast, and good enough to shuffle events. */
declare function createRandom(seed: number): SeededRandom;
//#endregion
//#region src/simulation/cluster.d.ts
/** What a simulated peer is started with. */
interface StartSimulatedPeer {
  readonly role?: Role;
  readonly priority?: number;
  readonly preference?: number;
  readonly version?: number;
}
declare class SimulatedCluster {
  #private;
  readonly agenda: Agenda;
  readonly peers: SimulatedPeer[];
  readonly random: SeededRandom;
  readonly fence: SimulatedFence;
  constructor(options?: ClusterOptions);
  get now(): number;
  start(name: string, options?: StartSimulatedPeer): SimulatedPeer;
  /** The realm ends without a word. */
  crash(peer: SimulatedPeer): void;
  /** The user stops the server, or its callbacks failed: then the others hold back for `backOffMs`. */
  stop(peer: SimulatedPeer, backOffMs?: number): void;
  /** The page goes into a cache, or freezes. */
  suspend(peer: SimulatedPeer): void;
  resume(peer: SimulatedPeer): void;
  /** The realm is busy: nothing runs in it until `recover`. */
  hang(peer: SimulatedPeer): void;
  recover(peer: SimulatedPeer): void;
  /** The user of `peer` asks the leader to append `item`; it is left open if that begins with `later`. */
  call(peer: SimulatedPeer, item: string, options?: {
    readonly retry?: boolean;
  }): SimulatedCall;
  /** The user of `peer` asks another peer for the items that it has. */
  callPeer(peer: SimulatedPeer, to: SimulatedPeer): SimulatedCall;
  /** The user of a call does not wait any longer. */
  cancel(peer: SimulatedPeer, call: SimulatedCall): void;
  /** The leader's callback answers a call that it left open. */
  answer(peer: SimulatedPeer, item: string): void;
  stepDown(peer: SimulatedPeer, to?: SimulatedPeer | null, backOffMs?: number): void;
  /** Hands a peer a frame from outside, as its transport would. */
  receive(peer: SimulatedPeer, frame: unknown): Decoded;
  /** Feeds a peer's core. */
  dispatch(peer: SimulatedPeer, happening: Happening): void;
  /** The wall clock moves on by `ms`, and no other: the machine has slept, and the realms' own clocks stood still. */
  moveWallClock(ms: number): void;
  /** Lets time pass, up to `ms` from now. */
  run(ms: number): void;
  /** Lets things happen until `fits`, at most for `limitMs`. Whether it came to that. */
  runUntil(fits: () => boolean, limitMs?: number): boolean;
  /** Whether there is one leader among those that are up, and all others follow it and are as far as it is. */
  get settled(): boolean;
  /**
   * Cuts the network: only peers of one group hear each other, and to a detector that counts silence the others are
   * `unresponsive`. Peers in no group hear nobody.
   */
  partition(...groups: readonly (readonly SimulatedPeer[])[]): void;
  /** Mends the network. The detector hears those who had fallen silent. */
  heal(): void;
}
//#endregion
//#region src/simulation/invariant-checker.d.ts
/** What the checker needs to know of a cluster. */
interface CheckedCluster {
  readonly now: number;
  /** Who holds the fence; `null` for nobody. */
  readonly fence: {
    readonly holder: PeerId | null;
  };
}
interface InvariantOptions {
  /** Whether leaders must hold the fence. */
  readonly fenced: boolean;
  /** How long a robbed leader that runs may not know it: as long as the platform takes to tell, in milliseconds. */
  readonly toleranceMs: number;
}
interface InvariantChecker {
  /** What was wrong so far, in words. */
  readonly problems: readonly string[];
  /** To be called with every step, as a cluster's `onStep`. */
  see(cluster: CheckedCluster, peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState): void;
}
/**
 * Checks that epochs and tokens only grow at every peer, that with a fence no epoch is won twice, that callbacks get broadcasts in order, once and without a gap, that
 * a call is settled once, and that a leader which has lost the fence lets nothing out.
 */
declare function createInvariantChecker({
  fenced,
  toleranceMs
}: InvariantOptions): InvariantChecker;
//#endregion
//#region src/simulator/fault-plan.d.ts
/** One fault that is to happen. */
interface PlannedFault {
  readonly type: PlannedFaultType;
  /** When, in milliseconds from the start. */
  readonly atMs: number;
  /** How long it lasts, in milliseconds, if it lasts. */
  readonly forMs: number;
  /** Whom it befalls: whoever leads then, or one of those that are up, counted from 0 and round again. */
  readonly whom: "leader" | number;
}
/** Draws the faults of a run of `durationMs`, in order of time. */
declare function drawPlan(faults: Faults, durationMs: number, random: SeededRandom): readonly PlannedFault[];
/** One line for people, which can be put back into `plan`. */
declare function printPlan(plan: readonly PlannedFault[]): string;
//#endregion
//#region src/simulator/media.d.ts
declare const simulatedMedia: {
  /** As in browsers: Web Locks tell who is alive, and one of them is the fence. */readonly locks: {
    readonly guarantees: {
      readonly medium: "simulated locks";
      readonly fence: "web-lock";
      readonly failureDetection: "perfect";
      readonly census: true;
      readonly caveats: string[];
    };
    readonly roll: {
      readonly census: true;
      readonly heartbeats: false;
    };
    readonly gate: {
      readonly breaksForTheDead: false;
      readonly exact: false;
    };
  }; /** As among worker threads: a port between two closes, and the fence is a word that all share. */
  readonly threads: {
    readonly guarantees: {
      readonly medium: "simulated threads";
      readonly fence: "shared-memory";
      readonly failureDetection: "perfect";
      readonly census: false;
      readonly caveats: string[];
    };
    readonly roll: {
      readonly census: false;
      readonly heartbeats: false;
    };
    readonly gate: {
      readonly breaksForTheDead: true;
      readonly exact: true;
    };
  }; /** As where Web Locks are missing: silence is counted, and nothing makes leadership exclusive. */
  readonly heartbeats: {
    readonly guarantees: {
      readonly medium: "simulated heartbeats";
      readonly fence: "none";
      readonly failureDetection: "heartbeat";
      readonly census: false;
      readonly caveats: string[];
    };
    readonly roll: {
      readonly census: false;
      readonly heartbeats: true;
    };
    readonly gate: null;
  };
};
type SimulatedMedium = keyof typeof simulatedMedia;
//#endregion
//#region src/simulator/observed-server.d.ts
/** Calls made on a realm that has ended: whoever made them has ended with it. */
declare class RealmEndedError extends Error {
  readonly peer: string;
  readonly code = "realm-ended";
  constructor(peer: string);
}
//#endregion
//#region src/simulator/storage.d.ts
/** The platform did not commit a transaction, as the fault `storageFailure` has it: nothing of it was written. */
declare class StorageFailedError extends Error {
  /** There was no room for what was to be written, or the connection was closing. */
  readonly reason: "quota" | "closing";
  readonly code = "storage-failed";
  constructor(/** There was no room for what was to be written, or the connection was closing. */

  reason: "quota" | "closing");
}
/** What a transaction does things with. It is over once its function has returned: after that everything here throws a `TypeError`. */
interface SimulatedTransaction {
  /** A copy of what is stored under a key, with what this transaction has written; `undefined` if there is nothing. */
  get(key: string): unknown;
  /** Stores a copy of a value; `undefined` is as good as none. @throws DataCloneError if it cannot be cloned */
  set(key: string, value: unknown): void;
  /** Removes what is stored under a key, if anything is. */
  delete(key: string): void;
  /** A copy of everything, in order of the keys. */
  entries(): ReadonlyMap<string, unknown>;
}
/** How a transaction is made. */
interface TransactOptions {
  /**
   * The fencing token under which it writes, for the checker `storedTokensGrow`. The storage itself compares nothing and
   * refuses nothing: to do so is the behaviour's part. @default null
   */
  readonly token?: Token | null;
}
/**
 * The database, as one realm has it. It outlives every realm. What a realm asks for is done in the order in which it asked;
 * between realms there is no order but that of the commits. Promises settle in the realm: when it runs again if it hangs or
 * is put away, never if it has ended.
 */
interface SimulatedStorage {
  /** What is stored under a key, `undefined` if nothing is: a transaction of its own. Rejects with `StorageFailedError`. */
  read(key: string): Promise<unknown>;
  /** Everything that is stored: a transaction of its own. Rejects with `StorageFailedError`. */
  entries(): Promise<ReadonlyMap<string, unknown>>;
  /**
   * Reads and writes at one instant of virtual time, `storageMs` after it was asked for: all of it, or nothing. Transactions of
   * all realms run one after another. Resolves to what `run` returns.
   *
   * `run` stands for requests that are under way already: it runs although its realm hangs or is put away by then. If the
   * realm has ended, its last transactions may be lost; whether they are, nobody is told. So `run` decides by what it
   * reads in the transaction and by what was known when it was asked for.
   *
   * Rejects with `StorageFailedError`, or with what `run` throws: nothing was written then.
   */
  transact<R>(run: (transaction: SimulatedTransaction) => R, options?: TransactOptions): Promise<R>;
}
//#endregion
//#region src/simulator/simulated-realm.d.ts
/** What a peer's realm has of the platform, beyond what the behaviour gets from gen-leader. */
interface SimulatedRealm {
  /** The name of the peer that lives there. */
  readonly peer: string;
  /** The database that all peers of the simulation share. */
  readonly storage: SimulatedStorage;
}
/**
 * A behaviour, or what makes one in each realm: called once for every start of a peer. A run that fails is repeated, so what
 * is kept outside of that function is there from the run before.
 */
type SimulatedBehaviour<T extends BehaviourTypes> = Behaviour<T> | ((realm: SimulatedRealm) => Behaviour<T>);
//#endregion
//#region src/simulator/run.d.ts
/** What a peer of a simulation is started with: any options of `start` but those that are the simulator's. */
type SimulatedPeerOptions<T extends BehaviourTypes> = Omit<StartOptions<T>, "medium" | "transport" | "failureDetector" | "fence" | "clock" | "namespace">;
/** What a scenario does things with. */
interface Simulation<T extends BehaviourTypes> {
  /** Virtual time since the start, in milliseconds. */
  readonly nowMs: number;
  /** Random numbers for the scenario alone. */
  readonly random: SeededRandom;
  /** The servers whose realm has not ended, in the order in which they started. */
  readonly servers: readonly Server<T>[];
  /** Starts one more peer. Rejects if its realm ends before it has started. */
  start(options?: SimulatedPeerOptions<T>): Promise<Server<T>>;
  /** Ends a server's realm without a word. */
  crash(server: Server<T>): void;
  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void>;
}
/** What users do in a run. Its calls may fail, as the faults have it. Its promise is waited for; whatever it throws, the run throws. */
type Scenario<T extends BehaviourTypes> = (simulation: Simulation<T>) => Promise<void>;
//#endregion
//#region src/simulator/simulate.d.ts
/** What a simulation is made of. */
interface SimulateOptions<T extends BehaviourTypes> {
  /** The behaviour that every peer is started with; or a function that makes it from what the peer's realm has of the platform. */
  readonly behaviour: SimulatedBehaviour<T>;
  /** How many peers there are at first, or what each is started with. */
  readonly peers: number | readonly SimulatedPeerOptions<T>[];
  /** What everything random is drawn from: one seed, one run. @default 1 */
  readonly seed?: number;
  /** What may go wrong. @default nothing */
  readonly faults?: Partial<Faults>;
  /** The platform that is simulated. @default "locks" */
  readonly medium?: SimulatedMedium;
  /** Within what time the planned faults happen, in virtual milliseconds. @default 10000 */
  readonly durationMs?: number;
  /** Exactly these faults instead of ones that are drawn: as a failure prints them. */
  readonly plan?: readonly PlannedFault[];
  /** Within what time all must be at rest once the faults are over, in virtual milliseconds. @default 120000 */
  readonly restMs?: number;
  /** What is checked, by name. @default every promise */
  readonly checkers?: Readonly<Record<string, Checker>>;
  /** Whether a failing run is tried again with fewer faults, until none can be left out. @default true */
  readonly shrink?: boolean;
}
/** What came of a run in which all was well. */
interface SimulationReport {
  readonly history: History;
  /** How many things happened. */
  readonly steps: number;
  /** How many elections were won. */
  readonly elections: number;
  /** How many faults of each kind befell anybody. */
  readonly befallen: Readonly<Record<string, number>>;
}
/** Something that must never happen, and by what it was found. */
interface Violation {
  readonly checker: string;
  readonly problem: string;
}
/** A promise was broken. The message tells everything that is needed to see it again. */
declare class SimulationError extends Error {
  readonly violations: readonly Violation[];
  readonly seed: number;
  readonly faults: Faults;
  /** The fewest faults that were found to break it. */
  readonly plan: readonly PlannedFault[];
  /** Everything that happened, in the notation of the transcripts. */
  readonly transcript: readonly string[];
  readonly code = "simulation-failed";
  constructor(violations: readonly Violation[], seed: number, faults: Faults, /** The fewest faults that were found to break it. */

  plan: readonly PlannedFault[], /** Everything that happened, in the notation of the transcripts. */

  transcript: readonly string[]);
}
/**
 * Runs peers of one cluster in virtual time, over the real behaviour and protocol, while the scenario calls them and the
 * faults befall them; then mends everything and checks every promise. One run is a pure function of its options. Runs in
 * Node.
 *
 * @throws SimulationError if a promise was broken; what the scenario throws
 */
declare function simulate<T extends BehaviourTypes>(options: SimulateOptions<T>, scenario: Scenario<T>): Promise<SimulationReport>;
//#endregion
export { AppliedSeen, BroadcastId, BroadcastSeen, CallMade, CallSettled, CallbackSeen, type CheckedCluster, type Checker, type CheckerName, type ClusterOptions, CommittedSeen, type Conditions, type Delays, ElectedSeen, ExecutedSeen, type Fault, type Faults, type FrameFaults, type Happening, History, type InvariantChecker, type InvariantOptions, type LinearizabilityOptions, type LinearizabilityResult, Observation, type OpenCall, type Operation, PeaceSeen, type PlannedFault, type PlannedFaultType, type PlannedFaults, type PlatformDelays, type RangeMs, RealmEndedError, RestSeen, Resting, type Scenario, type SeededRandom, type SequentialModel, ServerEnded, ServerStarted, type SimulateOptions, type SimulatedBehaviour, type SimulatedCall, SimulatedCluster, type SimulatedFrame, type SimulatedMedium, type SimulatedPeer, type SimulatedPeerOptions, type SimulatedRealm, type SimulatedStorage, type SimulatedTransaction, type Simulation, SimulationError, type SimulationReport, type StartSimulatedPeer, StatusSeen, StorageFailedError, type StorageFaults, SurrenderedSeen, ThrownSeen, type TransactOptions, UnfencedAct, type Violation, checkLinearizability, checkers, createInvariantChecker, createRandom, drawPlan, noFaults, observed, plannedFaultTypes, printPlan, simulate, simulatedMedia };