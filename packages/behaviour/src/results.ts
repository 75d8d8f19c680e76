/**
 * What callbacks return, a union told apart by `type`: one tagged object per outcome (`Ok`, `Reply`, `NoReply`, `Stop`, `Sync`,
 * `Ignore`), each made by a helper (`ok`, `reply`, `noreply`, `stop`, `sync`, `ignore`), so that a state is never taken for a reply.
 *
 * @module
 */
/** Go on with `state`. Returned by every callback but the call handlers and `elected`. */
export interface Ok<S, B = never> {
  readonly type: "ok";
  readonly state: S;
  readonly broadcast?: B;
}

/** Answer the caller and go on with `state`. The broadcast is posted first. */
export interface Reply<S, R, B = never> {
  readonly type: "reply";
  readonly state: S;
  readonly reply: R;
  readonly broadcast?: B;
}

/** Go on with `state` and answer later, with `replyTo`. Returned by call handlers only. */
export interface NoReply<S, B = never> {
  readonly type: "noreply";
  readonly state: S;
  readonly broadcast?: B;
}

/** End this peer's server with `reason`, after `terminate`. A call handler may answer its caller first. */
export interface Stop<S, R = never, B = never> {
  readonly type: "stop";
  readonly state: S;
  readonly reason: unknown;
  readonly options?: { readonly reply?: R; readonly broadcast?: B };
}

/** A `stop` of any callback, as the driver sees it. */
export type Stopped = Stop<unknown, unknown, unknown>;

/** Hand `sync` to the peers that surrender and go on with `state`. Returned by `elected` only. */
export interface Sync<S, Y> {
  readonly type: "sync";
  readonly state: S;
  readonly sync: Y;
  /** For a joiner: whether the others get the sync too, through `fromLeader`. */
  readonly to: "joiner" | "all";
}

/** Do not start here: `start` resolves to a server that has already ended with reason `"ignored"`. Returned by `init` only. */
export interface Ignore {
  readonly type: "ignore";
}

/** {@link Ok}: go on with `state`, and on the leader broadcast. */
export function ok<S>(state: S): Ok<S>;
export function ok<S, B>(state: S, options: { readonly broadcast?: B }): Ok<S, B>;
export function ok<S, B>(state: S, options?: { readonly broadcast?: B }): Ok<S, B> {
  return { type: "ok", state, ...options };
}

/** {@link Reply}: answer the caller with `value`. */
export function reply<S, R>(state: S, value: R): Reply<S, R>;
export function reply<S, R, B>(state: S, value: R, options: { readonly broadcast?: B }): Reply<S, R, B>;
export function reply<S, R, B>(state: S, value: R, options?: { readonly broadcast?: B }): Reply<S, R, B> {
  return { type: "reply", state, reply: value, ...options };
}

/** {@link NoReply}: the caller waits for `replyTo`. */
export function noreply<S>(state: S): NoReply<S>;
export function noreply<S, B>(state: S, options: { readonly broadcast?: B }): NoReply<S, B>;
export function noreply<S, B>(state: S, options?: { readonly broadcast?: B }): NoReply<S, B> {
  return { type: "noreply", state, ...options };
}

/** {@link Stop}: end this server with `reason`. In `init` the state is `null`. */
export function stop<S>(state: S, reason: unknown): Stop<S>;
export function stop<S, R = never, B = never>(
  state: S,
  reason: unknown,
  options: { readonly reply?: R; readonly broadcast?: B },
): Stop<S, R, B>;
export function stop<S, R, B>(state: S, reason: unknown, options?: { readonly reply?: R; readonly broadcast?: B }): Stop<S, R, B> {
  return options === undefined ? { type: "stop", state, reason } : { type: "stop", state, reason, options };
}

/** {@link Sync}: hand `value` to who surrenders; `to` defaults to the joiner. */
export function sync<S, Y>(state: S, value: Y, options?: { readonly to?: "joiner" | "all" }): Sync<S, Y> {
  return { type: "sync", state, sync: value, to: options?.to ?? "joiner" };
}

/** {@link Ignore}: do not start here. */
export function ignore(): Ignore {
  return { type: "ignore" };
}
