/**
 * One state of a whole cluster, as an immutable value: every realm with its core's state, what is on its way, and the fence.
 *
 * @module
 */
import type { FenceEvent, Message, PeerId, PeerState, Token } from "gen-leader/protocol";
import type { Budget } from "./options.js";
import type { RealmMemo } from "./realm-sketch.js";
import type { Sketch } from "./sketch.js";

/** How a realm is. */
export type Life =
  /** Has not started. */
  | "unborn"
  /** Opens its media under its next incarnation. */
  | "opening"
  | "up"
  /** Stands still, and will go on. */
  | "hung"
  /** Stands still for good; to the platform it looks alive. */
  | "corpse"
  | "gone";

/** A place in the broadcasts of one tenure. */
export interface Cursor {
  readonly token: Token | null;
  readonly sequence: number;
}

/** An answer of the fence that is on its way: any of those who held it since the question may be named. */
export interface PendingAnswer {
  readonly query: number;
  readonly holders: readonly (PeerId | null)[];
}

/** One realm, from its start to its end, under one incarnation after the other. */
export interface Realm {
  readonly slot: number;
  readonly name: string;
  readonly life: Life;
  readonly state: PeerState;
  /** What its callbacks have applied. */
  readonly log: readonly string[];
  /** How far its callbacks are, as the checkers see it. */
  readonly cursor: Cursor;
  readonly fenceEvents: readonly FenceEvent["type"][];
  readonly answers: readonly PendingAnswer[];
  /** Watched peers whose end it was told: a watch tells once. */
  readonly told: readonly PeerId[];
  /** Living peers that it was told are silent, while the network is cut. */
  readonly missed: readonly PeerId[];
  /** Peers that a mended network is about to make it hear again. */
  readonly heard: readonly PeerId[];
  /** Whether the fence was taken from it while it stood still: then nothing may get out when it goes on. */
  readonly robbedAsleep: boolean;
  /** Whether it stood still and has not yet taken in all that waited for it. */
  readonly hasBacklog: boolean;
  /** Calls that its user has made, and those that were answered. */
  readonly callsMade: number;
  readonly answered: readonly string[];
  /** Remembers the sketch; no part of the value. */
  memo: RealmMemo | null;
}

/** A message on its way. */
export interface Frame {
  readonly message: Message;
  readonly sketch: Sketch;
}

export interface FenceState {
  readonly holder: PeerId | null;
  /** Who waits for it, in line. */
  readonly queue: readonly PeerId[];
}

export interface World {
  readonly realms: readonly Realm[];
  /** Messages on their way, first in first out, by `pathIndex`. */
  readonly paths: readonly (readonly Frame[])[];
  readonly fence: FenceState;
  readonly budget: Budget;
  /** Which realms, as a bit mask, are cut off from the others; 0 while the network is whole. */
  readonly island: number;
  /** The largest epoch that was ever spoken of: what the wall clock is beyond. */
  readonly epochTop: number;
  readonly incarnationTop: number;
  /** The last election that was won. */
  readonly won: Token | null;
  /** Elections won, where they are bounded; else 0. */
  readonly elections: number;
}

/** A world that is being changed: its collections are its own, what is in them is replaced and never changed. */
export interface Draft {
  realms: Realm[];
  paths: (readonly Frame[])[];
  fence: FenceState;
  budget: Budget;
  island: number;
  epochTop: number;
  incarnationTop: number;
  won: Token | null;
  elections: number;
}

export function draftOf(world: World): Draft {
  return { ...world, realms: [...world.realms], paths: [...world.paths] };
}

/** Where the messages of one method from one realm to another wait. */
export function pathIndex(count: number, source: number, target: number, method: 0 | 1): number {
  return (source * count + target) * 2 + method;
}

/** Whether the platform shows this realm's present incarnation as alive. */
export function isPresent({ life }: Realm): boolean {
  return life === "up" || life === "hung" || life === "corpse";
}

/** The realm that bears an id now, or `undefined` if nobody does. */
export function bearerOf(realms: readonly Realm[], id: PeerId): Realm | undefined {
  for (const realm of realms) if (realm.state.self === id && isPresent(realm)) return realm;
  return undefined;
}

/** Whether frames and signs of life of one realm reach the other. */
export function hears(island: number, one: number, other: number): boolean {
  return ((island >> one) & 1) === ((island >> other) & 1);
}

/** The realm in a slot. @throws RangeError if there is none */
export function realmAt(realms: readonly Realm[], slot: number): Realm {
  const realm = realms[slot];
  if (realm === undefined) throw new RangeError(`There is no realm ${slot}.`);
  return realm;
}
