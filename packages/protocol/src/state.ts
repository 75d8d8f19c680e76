/**
 * What a peer knows, as one immutable value. Every field says what it is for; `turn.ts` says how a step changes it.
 *
 * @module
 */
import type { Event } from "./events.js";
import type { Entry, Result } from "./messages.js";
import type { Member, PeerId, Role } from "./peer.js";
import type { DownReason } from "./ports.js";
import type { Serials } from "./serials.js";
import type { Stretch } from "./stretch.js";
import type { Deadlines } from "./timers.js";
import { blank, type Position, type Token } from "./token.js";

/** Time limits in milliseconds; see `TimeLimits` of the behaviour for what each is for, and `defaultLimits` for the defaults. */
export interface Limits {
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

export const defaultLimits: Limits = {
  discoveryMs: 150,
  responseMs: 250,
  acknowledgeMs: 1000,
  electionMs: 5000,
  abandonMs: 10_000,
  challengeMs: 750,
  unresponsiveMs: 1500,
  suspectMs: 500,
  settleMs: 250,
  backOffMs: 5000,
};

/** What a peer is started with, for life. */
export interface Config {
  readonly role: Role;
  readonly priority: number;
  readonly version: number;
  /** The largest epoch that is known from before. */
  readonly epoch: number;
  /** Names that may lead, best first, and names that may not; `null` is open membership. */
  readonly lists: { readonly candidates: readonly string[]; readonly workers: readonly string[] } | null;
  readonly limits: Limits;
  /** Broadcasts kept for peers that missed some. */
  readonly historyLimit: number;
  /** Whether the medium has a fence. */
  readonly fenced: boolean;
  /** Whether the behaviour can make a sync of a follower's state. */
  readonly snapshots: boolean;
}

/** What is known of another peer that is believed to be up. */
export interface Known {
  /** `null` for a peer that only the census has named. */
  readonly member: Member | null;
  /** How far it was when it last said so. */
  readonly position: Position;
}

/** A peer that is not up any more. */
export interface Gone {
  readonly id: PeerId;
  readonly reason: DownReason;
}

/** What a contender is at. */
export type Stage =
  /** Waits for the fence. */
  | { readonly type: "fencing" }
  /** Waits for acknowledgements. */
  | { readonly type: "halting"; readonly waiting: ReadonlySet<PeerId>; readonly since: number }
  /** Waits for broadcasts that it missed. */
  | { readonly type: "catching-up"; readonly source: PeerId; readonly excluded: ReadonlySet<PeerId> }
  /** Waits for the callback `elected`. */
  | { readonly type: "electing"; readonly token: Token };

export type Phase =
  /** Suspended, ended, or not begun. */
  | { readonly type: "away" }
  /** Looks for a leader; if none turns up, contends. */
  | { readonly type: "joining" }
  | {
      readonly type: "contending";
      readonly campaign: Token;
      readonly stage: Stage;
      /** Who acknowledged, and from where. */
      readonly acknowledged: ReadonlyMap<PeerId, Position>;
      /** The largest epoch that anybody who acknowledged knew of, won or promised. */
      readonly floor: number;
      /** Whether somebody who had got farther could not be asked for that. */
      readonly mayHaveLost: boolean;
    }
  | { readonly type: "halted"; readonly contender: PeerId; readonly campaign: Token }
  | { readonly type: "following"; readonly leader: PeerId }
  | { readonly type: "leading" };

/** What only a leader keeps. */
export interface Tenure {
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

export interface HandOver {
  readonly successor: PeerId;
  readonly backOffMs: number;
  /** `draining`: callbacks and answers are still owed; `settling`: everyone is to report the last position. */
  readonly stage: "draining" | "settling";
}

/** A call of this peer's user that waits for its reply. */
export interface PendingCall {
  readonly request: unknown;
  readonly retry: boolean;
  /** The tenure it was sent to, or `null` while it waits for a leader. */
  readonly sent: Token | null;
  /** The number it was sent under; 0 if it was not sent, or to this very peer. */
  readonly serial: number;
  readonly sentAt: number;
  /** The reply, if it came before the broadcasts that it follows. */
  readonly withheld: { readonly after: number; readonly result: Result; readonly from: PeerId } | null;
}

/** A peer that is suspected to hang: challenged, then robbed of the fence. */
export interface Suspicion {
  readonly accused: PeerId;
  readonly nonce: number;
  readonly stage:
    | "challenged"
    /** It has had its time; what has arrived of it is still to be read. */
    | "overdue"
    | "asking"
    | "stealing";
  /** It was challenged before, and not accused, because this peer looked at the time too late. */
  readonly again: boolean;
}

/** A question to the fence that is under way, and what its answer is for. */
export interface Query {
  readonly number: number;
  /** When it was asked: an answer that comes much later tells of then, not of now. */
  readonly at: number;
  /** `inbox`: whether the head of the inbox may be obeyed; `doubt`: whether this leader or contender still holds it; `steal`: whether the accused still holds it; `who`: whom to wait for. */
  readonly purpose: "inbox" | "doubt" | "steal" | "who";
}

export interface PeerState {
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
  readonly sync: { readonly payload: unknown } | null;
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
  readonly backOff: { readonly peer: PeerId; readonly until: number } | null;
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
  readonly casts: readonly { readonly payload: unknown; readonly after: number }[];
  /** Whether calls are held back although a leader is known: it is handing over, or sent one back. */
  readonly holding: boolean;
  /** Calls of this peer to single peers. */
  readonly peerCalls: ReadonlyMap<number, { readonly to: PeerId; readonly serial: number }>;
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
export function initialState(config: Config, self: PeerId, preference = 0): PeerState {
  return {
    config,
    self,
    formerSelves: [],
    preference,
    now: 0,
    wallOffset: 0,
    phase: { type: "away" },
    peers: new Map(),
    hasCensus: true,
    gone: [],
    members: new Map(),
    token: null,
    highestEpoch: config.epoch,
    promisedEpoch: 0,
    promisedTo: null,
    position: blank,
    base: blank,
    sync: null,
    entries: [],
    past: [],
    unsent: [],
    ancestry: [],
    early: new Map(),
    earlyToken: null,
    resyncing: false,
    probed: null,
    tenure: null,
    taken: new Map(),
    overtaken: false,
    passedOver: new Set(),
    withdrawn: null,
    deposed: false,
    farewell: null,
    successor: null,
    backOff: null,
    fallen: null,
    holder: null,
    suspicion: null,
    queries: [],
    inbox: [],
    active: 0,
    calls: new Map(),
    withheld: 0,
    casts: [],
    holding: false,
    peerCalls: new Map(),
    peerSerials: new Map(),
    deadlines: {},
    monitored: new Set(),
    counter: 0,
    attempts: 0,
  };
}
