/**
 * The callback interface: what a user writes. One record of types is annotated once; every callback,
 * request, reply and broadcast is checked against it.
 *
 * @module
 */
import type { DownReason, PeerId, Token } from "@gen-leader/protocol";
import type { Election } from "./election.js";
import type { Ignore, NoReply, Ok, Reply, Stop, Stopped, Sync } from "./results.js";

/**
 * The types of one behaviour. `state` and `sync` are required; what is left out cannot be used.
 *
 * `leaderCalls` and `calls` are written as methods: the name becomes the request's `type`, the parameter
 * its other fields, the return type the reply.
 *
 * @example
 * ```ts
 * type Counter = {
 *   state: number;
 *   sync: number;
 *   broadcast: { type: "added"; by: number };
 *   leaderCalls: { add(request: { by: number }): number; read(): number };
 * };
 * ```
 */
export interface BehaviourTypes {
  readonly args?: unknown;
  readonly state: unknown;
  readonly sync: unknown;
  readonly broadcast?: unknown;
  readonly leaderCalls?: object;
  readonly leaderCasts?: unknown;
  readonly calls?: object;
  readonly casts?: unknown;
  readonly infos?: unknown;
}

/** What a callback may return: the result, or a promise of it. While the promise is pending the next message waits. */
export type Async<T> = T | Promise<T>;

/** A field of the types record, or `never` where it was left out. */
type Field<T, K extends PropertyKey> = K extends keyof T ? Exclude<T[K], undefined> : never;

/** The call methods in a field: none where it was left out, so that no name is one of them. */
type CallField<T, K extends PropertyKey> = K extends keyof T ? Exclude<T[K], undefined> : Record<never, never>;

export type ArgsOf<T extends BehaviourTypes> = "args" extends keyof T ? T["args"] : void;
export type BroadcastOf<T extends BehaviourTypes> = Field<T, "broadcast">;
export type LeaderCallsOf<T extends BehaviourTypes> = CallField<T, "leaderCalls">;
export type CallsOf<T extends BehaviourTypes> = CallField<T, "calls">;
export type LeaderCastOf<T extends BehaviourTypes> = Field<T, "leaderCasts">;
export type CastOf<T extends BehaviourTypes> = Field<T, "casts">;
export type InfoOf<T extends BehaviourTypes> = Field<T, "infos">;

/** The request that goes with one method of `leaderCalls` or `calls`; the union of them for several names. */
export type RequestOf<Calls, K extends keyof Calls> = K extends keyof Calls
  ? Calls[K] extends () => unknown
    ? { readonly type: K }
    : Calls[K] extends (request: infer Request) => unknown
      ? { readonly type: K } & Request
      : never
  : never;

/** Every request that a record of call methods describes: a union told apart by `type`. */
export type AnyRequest<Calls> = { [K in keyof Calls]: RequestOf<Calls, K> }[keyof Calls];

/** The reply to one method of `leaderCalls` or `calls`. */
export type ReplyOf<Calls, K extends keyof Calls> = Calls[K] extends (...request: never) => infer R ? R : never;

/** Every reply that a record of call methods describes. */
export type AnyReply<Calls> = { [K in keyof Calls]: ReplyOf<Calls, K> }[keyof Calls];

/**
 * Who waits for a reply: handed to `handleCall` and `handleLeaderCall` as `ctx.from`, and to `replyTo`.
 * Opaque; valid in this realm, during the tenure in which it was handed out.
 */
export interface From<R = unknown> {
  /** The peer on which the call was made. */
  readonly peer: PeerId;
  /** The number of the call among those of that peer. */
  readonly call: number;
  /** Never present: carries the reply's type. */
  reply?(value: R): void;
}

/** What every callback gets last. */
export interface Context<T extends BehaviourTypes> {
  /** This peer. */
  readonly self: PeerId;
  /** The cluster as this peer knows it: live, read-only. */
  readonly election: Election;
  /** Aborts when the tenure in which the callback was started ends on this peer, or the server does. Then what the callback returns is discarded. */
  readonly signal: AbortSignal;
  /**
   * On the leader: sends `message` to every follower, where `fromLeader` runs with it. Numbered, ordered and
   * kept for catch-up, unless `to` names single peers; then it is neither. Prefer the `broadcast` field of a
   * result, which belongs to the transition. After the tenure has ended, and on a follower, a counted no-op.
   */
  broadcast(message: BroadcastOf<T>, options?: { readonly to?: PeerId | readonly PeerId[] }): void;
}

/** The context of `elected`. */
export interface ElectedContext<T extends BehaviourTypes> extends Context<T> {
  /** The fencing token of this tenure: `(epoch, leader)`. */
  readonly token: Token;
  /** True when a peer that may have known more stayed silent past `abandonMs` and this one led without it. */
  readonly mayHaveLost: boolean;
}

/** The context of `surrendered`. */
export interface SurrenderedContext<T extends BehaviourTypes> extends Context<T> {
  /** The fencing token of the leader that is surrendered to. */
  readonly token: Token;
  /** The leader's version of the behaviour. */
  readonly version: number;
  /** Broadcasts that this peer had applied and that the new leader does not have, oldest first; empty as a rule. */
  readonly lost: readonly BroadcastOf<T>[];
  /** Whether this peer led until now and lost leadership to the new one. */
  readonly deposed: boolean;
}

/** The context of `fromLeader`. */
export interface FromLeaderContext<T extends BehaviourTypes> extends Context<T> {
  readonly token: Token;
  /** The leader's version of the behaviour. */
  readonly version: number;
}

/** The context of `handleLeaderCall` and `handleCall`. */
export interface CallContext<T extends BehaviourTypes, R> extends Context<T> {
  /** Who waits for the reply: to be answered by the result, or later with `replyTo`. */
  readonly from: From<R>;
}

/**
 * A leader-elected server, as in Erlang's `gen_leader`: callbacks that run one at a time on each peer. State
 * comes first, then the payload, then the context. A callback that throws, rejects or returns anything else
 * than the listed results ends this peer's server with that reason, after `terminate`.
 */
export interface Behaviour<T extends BehaviourTypes> {
  /** Runs first, once, on every peer, before it joins. `stop` makes `start` reject, `ignore` makes it resolve to an ended server. */
  init(args: ArgsOf<T>): Async<Ok<T["state"]> | Stop<null> | Ignore>;
  /**
   * Runs on the leader: when it has won (`joiner` is null), before any `handleLeader*`; and once for every peer
   * that joins later. The sync goes to the peers that surrender: all of them, or the joiner.
   */
  elected(state: T["state"], joiner: PeerId | null, ctx: ElectedContext<T>): Async<Sync<T["state"], T["sync"]> | Stop<T["state"]>>;
  /** Runs on a follower when it accepts a leader, or is brought back in step, before any `fromLeader` of that token. */
  surrendered(state: T["state"], sync: T["sync"], ctx: SurrenderedContext<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on every follower with each broadcast: in order, once, without a gap. Default: ignored. */
  fromLeader?(state: T["state"], message: BroadcastOf<T>, ctx: FromLeaderContext<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on the leader for every `leaderCall`. Default: the call rejects with `NotImplementedError`. */
  handleLeaderCall?(
    state: T["state"],
    request: AnyRequest<LeaderCallsOf<T>>,
    ctx: CallContext<T, AnyReply<LeaderCallsOf<T>>>,
  ): Async<
    | Reply<T["state"], AnyReply<LeaderCallsOf<T>>, BroadcastOf<T>>
    | NoReply<T["state"], BroadcastOf<T>>
    | Stop<T["state"], AnyReply<LeaderCallsOf<T>>, BroadcastOf<T>>
  >;
  /** Runs on the leader for every `leaderCast`. Default: ignored. */
  handleLeaderCast?(
    state: T["state"],
    message: LeaderCastOf<T>,
    ctx: Context<T>,
  ): Async<Ok<T["state"], BroadcastOf<T>> | Stop<T["state"], never, BroadcastOf<T>>>;
  /** Runs on the leader when a follower is gone, and after `elected` for the leader before. Default: ignored. */
  handleDown?(
    state: T["state"],
    peer: PeerId,
    ctx: Context<T> & { readonly reason: DownReason },
  ): Async<Ok<T["state"], BroadcastOf<T>> | Stop<T["state"], never, BroadcastOf<T>>>;
  /** Runs on the peer asked for every `call`. Default: the call rejects with `NotImplementedError`. */
  handleCall?(
    state: T["state"],
    request: AnyRequest<CallsOf<T>>,
    ctx: CallContext<T, AnyReply<CallsOf<T>>>,
  ): Async<Reply<T["state"], AnyReply<CallsOf<T>>> | NoReply<T["state"]> | Stop<T["state"], AnyReply<CallsOf<T>>>>;
  /** Runs on the peer asked for every `cast`. Default: ignored. */
  handleCast?(state: T["state"], message: CastOf<T>, ctx: Context<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs on this peer for every `info`. Default: ignored. */
  handleInfo?(state: T["state"], message: InfoOf<T>, ctx: Context<T>): Async<Ok<T["state"]> | Stop<T["state"]>>;
  /** Runs last, on every peer on which `init` made a state, before its server ends in a controlled way. What it returns is ignored; a throw is logged. */
  terminate?(state: T["state"], reason: unknown): Async<unknown>;
  /** Runs when the behaviour's code was replaced (hot reload, `server.sys.replaceBehaviour`). Default: the state stays. */
  codeChange?(state: T["state"], fromVersion: number, ctx: Context<T>): Async<Ok<T["state"]>>;
  /**
   * Makes a sync of a follower's state, so that a peer may bring another up to date although it no longer
   * keeps all broadcasts since the last sync. Default: such a peer is caught up by electing its source.
   */
  snapshot?(state: T["state"]): Async<T["sync"]>;
}

export type { Stopped };
