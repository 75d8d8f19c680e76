/**
 * What a page under test tells the test: one record for everything that a scenario waits for or checks.
 *
 * @module
 */
import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
import type { ElectionPhase, PeerId, Token } from "gen-leader";

/** A peer's view of its cluster at one moment. */
export interface PeerStatus {
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  readonly leader: PeerId | null;
  readonly token: Token | null;
  /** Every peer that is up, in order of rank. */
  readonly alive: readonly PeerId[];
  readonly workers: readonly PeerId[];
  readonly inStep: readonly PeerId[];
  /** How many keys this peer's copy of the dictionary has. */
  readonly keys: number;
  readonly running: boolean;
}

/** What happened to a page. */
export type PageEvent = "pagehide" | "pageshow" | "freeze" | "resume" | "visible" | "hidden";

/** How a call that a test looks at ended. */
export type CallEnd =
  | { readonly type: "reply"; readonly value: unknown; readonly epoch: number }
  | { readonly type: "error"; readonly code: string; readonly outcome: string | null; readonly message: string };

/** What a page saw. */
export type Observation =
  /** `elected` ran on this peer: it leads, under `token`. */
  | { readonly type: "elected"; readonly cluster: string; readonly peer: PeerId; readonly token: Token }
  /** `surrendered` ran on this peer: it follows the leader in `token`, whose page is of the release `version`. */
  | {
      readonly type: "surrendered";
      readonly cluster: string;
      readonly peer: PeerId;
      readonly token: Token;
      readonly deposed: boolean;
      readonly version: number;
    }
  /** A call made on this peer was answered, by the leader under `token`. */
  | { readonly type: "accepted"; readonly cluster: string; readonly peer: PeerId; readonly token: Token }
  /** A call begins whose history is kept, under the name that the test gave to it. */
  | {
      readonly type: "called";
      readonly cluster: string;
      readonly peer: PeerId;
      readonly call: string;
      readonly request: DictionaryRequest;
    }
  /** The call of that name has ended. */
  | { readonly type: "returned"; readonly cluster: string; readonly peer: PeerId; readonly call: string; readonly end: CallEnd }
  /** The peer's view has changed. */
  | { readonly type: "status"; readonly cluster: string; readonly status: PeerStatus }
  /** The server on this peer has ended. */
  | { readonly type: "ended"; readonly cluster: string; readonly reason: string }
  /** Something happened to the page. `persisted` says whether the back/forward cache had a part in it. */
  | { readonly type: "page"; readonly event: PageEvent; readonly persisted: boolean }
  /** A busy loop begins, or has ended. */
  | { readonly type: "hang"; readonly edge: "begin" | "end" }
  /** The page's timers were seen to lag behind those of its worker. */
  | { readonly type: "throttled"; readonly gapMs: number }
  /** The worker's timer has run this many times since the last of these. */
  | { readonly type: "pulse"; readonly beats: number }
  /** An error that nobody caught. */
  | { readonly type: "error"; readonly message: string };

/** An observation with the time at which it was made, in milliseconds since 1970. */
export type PageRecord = Observation & { readonly at: number };

/** A record on its way to the test. It may come twice; page and number tell. */
export interface Report {
  readonly page: string;
  readonly number: number;
  /** It is of the peer that the page has besides its own, in its second copy of the library. */
  readonly ofCopy?: true;
  readonly record: PageRecord;
}

/** Takes what a page saw. */
export type Observe = (observation: Observation) => void;

/** The name of the function that the driver puts on the page's global object to be told of records. */
export const bindingName = "reportRecord";

/** How the log knows a cluster that peers out of the others' reach have under the same name. */
export function apartFrom(cluster: string): string {
  return `${cluster} apart`;
}

/** How tests name what a page has in its second copy of the library, besides what it has itself. */
export function copyOf(name: string): string {
  return `${name} copy`;
}

/** The time of a record: of one clock in all processes of a machine. */
export function wallTime(): number {
  return performance.timeOrigin + performance.now();
}
