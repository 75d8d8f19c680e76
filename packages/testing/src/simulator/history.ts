/**
 * What was seen of a simulated run: one list of plain observations in order of time, which every checker reads.
 *
 * @module
 */
import type { PeerId, Token } from "@gen-leader/protocol";

/** A broadcast, named by its tenure and its number there: `"7@a#1/3"`. */
export type BroadcastId = string;

/** What is seen of one server: `server` is the number of its start, so that a restarted peer is another one. */
interface Seen {
  readonly atMs: number;
  readonly server: number;
}

/** A server has joined. */
export interface ServerStarted extends Seen {
  readonly type: "started";
  readonly peer: string;
}

/** Where the election stands at a peer has changed. */
export interface StatusSeen extends Seen {
  readonly type: "status";
  readonly self: PeerId;
  readonly phase: string;
  readonly token: Token | null;
  readonly epoch: number;
}

/** A callback begins, or has ended. */
export interface CallbackSeen extends Seen {
  readonly type: "callback";
  readonly name: string;
  readonly edge: "begin" | "end";
  /** The tenure that it belongs to, where it belongs to one. */
  readonly token: Token | null;
}

/** `elected` begins on winning, with everything that this peer has applied. */
export interface ElectedSeen extends Seen {
  readonly type: "elected";
  readonly token: Token;
  readonly log: readonly BroadcastId[];
  /** The logs of all other servers that run then and have spoken with the leader, by the number of the server. */
  readonly others: ReadonlyMap<number, readonly BroadcastId[]>;
}

/** `surrendered` begins: what this peer had applied gives way to what its leader has. */
export interface SurrenderedSeen extends Seen {
  readonly type: "surrendered";
  readonly token: Token;
  readonly before: readonly BroadcastId[];
  readonly after: readonly BroadcastId[];
  /** What the callback is told to be lost. */
  readonly told: readonly BroadcastId[];
}

/** `fromLeader` begins with a numbered broadcast. */
export interface AppliedSeen extends Seen {
  readonly type: "applied";
  readonly id: BroadcastId;
  /** The broadcast of that tenure that this peer had applied before it; 0 for none. */
  readonly after: { readonly token: Token | null; readonly number: number };
}

/** A leader call is executed. */
export interface ExecutedSeen extends Seen {
  readonly type: "executed";
  readonly token: Token | null;
  readonly call: number;
}

/** What executing a leader call has broadcast. */
export interface BroadcastSeen extends Seen {
  readonly type: "broadcast";
  readonly id: BroadcastId;
  readonly call: number | null;
}

/** A user makes a call. */
export interface CallMade extends Seen {
  readonly type: "call";
  readonly call: number;
  readonly kind: "leader" | "peer";
  readonly request: unknown;
  readonly retry: boolean;
}

/** A call is over. */
export interface CallSettled extends Seen {
  readonly type: "settled";
  readonly call: number;
  readonly outcome:
    | { readonly type: "value"; readonly value: unknown }
    /** `code` is that of the error, `effect` what is known of the call's effect. */
    | { readonly type: "error"; readonly code: string; readonly effect: "not-started" | "unknown" | null; readonly message: string }
    /** The realm that made it has ended. */
    | { readonly type: "died" };
  /** Everything that the caller's own peer has applied by then. */
  readonly log: readonly BroadcastId[];
}

/** A frame that only a leader sends, from a peer that has not held the fence for a while. */
export interface UnfencedAct extends Seen {
  readonly type: "unfenced-act";
  readonly self: PeerId;
  readonly act: string;
  readonly lostForMs: number;
}

/** A transaction of the simulated storage has written something, whether or not its realm is still there. */
export interface CommittedSeen extends Seen {
  readonly type: "committed";
  /** The fencing token under which it was made, if its behaviour has named one. */
  readonly token: Token | null;
  /** What it has written by key; `undefined` stands for what it has removed. */
  readonly writes: ReadonlyMap<string, unknown>;
}

/** A server is over: its realm ended, it was stopped, or it ended by itself. */
export interface ServerEnded extends Seen {
  readonly type: "ended";
  readonly how: "crashed" | "stopped" | "by-itself";
  readonly reason: string;
}

/** Something was thrown that nobody caught. */
export interface ThrownSeen extends Seen {
  readonly type: "thrown";
  readonly error: string;
}

/** The faults are over, and everything is mended. */
export interface PeaceSeen {
  readonly type: "peace";
  readonly atMs: number;
}

/** What a server was like when all was quiet. */
export interface Resting {
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
export interface RestSeen {
  readonly type: "rest";
  readonly atMs: number;
  readonly isQuiet: boolean;
  readonly servers: readonly Resting[];
  /** The calls that nobody has answered yet. */
  readonly waiting: readonly number[];
  /** What is still there although those who needed it are gone. */
  readonly leftovers: readonly string[];
}

export type Observation =
  | ServerStarted
  | StatusSeen
  | CallbackSeen
  | ElectedSeen
  | SurrenderedSeen
  | AppliedSeen
  | ExecutedSeen
  | BroadcastSeen
  | CallMade
  | CallSettled
  | UnfencedAct
  | CommittedSeen
  | ServerEnded
  | ThrownSeen
  | PeaceSeen
  | RestSeen;

/** What was seen, in order. */
export type History = readonly Observation[];

/** The observations of one type. */
export function observed<Type extends Observation["type"]>(history: History, type: Type): readonly Extract<Observation, { type: Type }>[] {
  const found: Extract<Observation, { type: Type }>[] = [];
  for (const observation of history) if (isOf(observation, type)) found.push(observation);
  return found;
}

function isOf<Type extends Observation["type"]>(observation: Observation, type: Type): observation is Extract<Observation, { type: Type }> {
  return observation.type === type;
}
