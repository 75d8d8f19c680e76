/**
 * What peers of a store say to one another.
 *
 * @module
 */
import type { PeerId, Token } from "gen-leader";
import type { Step } from "./commands.js";
import type { SentError } from "./error-transfer.js";
import type { Ledger, SentLedger } from "./ledger.js";
import type { Mark } from "./lineage.js";
import type { Offer } from "./offer.js";
import type { Piece } from "./pieces.js";
import type { Origin } from "./remembered-results.js";
import type { Commit, Durability } from "./replica.js";
import type { StorageReport } from "./storage/persistence.js";

/** What a client asks of the leader. */
export interface RunRequest {
  readonly origin: Origin;
  /** Whether it may have been asked for before, of a leader that died. */
  readonly isRepeated: boolean;
  readonly steps: readonly Step[];
  readonly durability: Durability;
}

/** What the leader says to it, or to whoever asks where it is. */
export type RunAnswer =
  | { readonly type: "done"; readonly values: readonly unknown[] }
  | { readonly type: "refused"; readonly error: SentError }
  /** It may have taken effect; nobody remembers. */
  | { readonly type: "forgotten" };

/** What callers get. Who has it may still be behind: what it tells of has made the copy at this position, of the leader with this token. */
export interface Answered<A> {
  readonly position: number;
  readonly token: Token | null;
  readonly answer: A;
}

export type Answer = Answered<RunAnswer | null>;

/** A peer has applied all commits up to `position` of the leader with this token. */
export interface Acknowledgement {
  readonly peer: PeerId;
  readonly token: Token;
  readonly position: number;
}

/** What the leader broadcasts. */
export type Entry =
  | { readonly type: "made"; readonly commit: Commit }
  /** Everything up to there is committed. */
  | { readonly type: "committed"; readonly position: number }
  /** A leader that was behind has all that there is. */
  | { readonly type: "offered"; readonly offer: Offer };

/** What peers tell each other beside that, in one tenure. */
export type Notice = { readonly token: Token } & (
  | ({ readonly type: "applied" } & Acknowledgement)
  /** The leader to itself. */
  | ({ readonly type: "stored" } & StorageReport)
  /** To a leader that is behind: how far this peer is, and whether it had everything under the last leader. */
  | { readonly type: "has"; readonly peer: PeerId; readonly mark: Mark; readonly wasInStep: boolean }
  /** The answer of one that is not. */
  | { readonly type: "offered"; readonly offer: Offer }
  /** What a peer lacks that has committed up to the mark. */
  | { readonly type: "wants"; readonly peer: PeerId; readonly mark: Mark; readonly request: number }
  /** Of what was asked for in that request. */
  | { readonly type: "pieces"; readonly request: number; readonly pieces: readonly Piece[] }
  /** The last ones have come. */
  | { readonly type: "goes on"; readonly peer: PeerId }
);

/** What is sent in pieces. */
export type Parcel<S> =
  | { readonly type: "ledger"; readonly ledger: SentLedger<S> }
  | { readonly type: "commits"; readonly commits: readonly Commit[]; readonly committed: number };

export interface StoreTypes<S> {
  readonly state: Ledger<S>;
  /** `null` of a peer that is itself behind. */
  readonly sync: Offer | null;
  readonly broadcast: Entry;
  readonly leaderCalls: {
    run(request: RunRequest): Answered<RunAnswer>;
    /** Answered when all that the leader has is committed. */
    barrier(): Answered<null>;
  };
  /** To single peers. Casts to the leader would wait while it hands over, and it waits for these. */
  readonly casts: Notice;
}
