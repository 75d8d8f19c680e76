import { a as CommandTimeoutError, c as OutdatedReleaseError, d as StoreError, f as StoreErrorCode, g as Durability, h as UnsupportedStateError, i as CommandLostError, l as StorageFailedError, m as UncloneableValueError, n as CommandAbortedError, o as MissingCommandError, p as StoreOverloadedError, r as CommandFailedError, s as NotPersistedError, t as Persistence, u as StoreClosedError } from "./shared/persistence.js";
import { PeerId, PeerOptions, Realm } from "gen-leader";
import { Draft, Immutable, Patches } from "mutative";

//#region src/commands.d.ts
/**
 * Changes a draft of the state, and may return a value for the caller. Runs on whoever leads, one command at a time; while an asynchronous one
 * waits, everything waits that the leader is asked. A throw refuses the command: nothing changes, and the caller gets the error.
 */
type Command<S> = (draft: Draft<S>, ...args: never[]) => unknown;
/** The commands of a store, by name. */
type Commands<S> = Readonly<Record<string, Command<S>>>;
/** What a caller passes to a command: all but the draft. */
type ArgsOf<C> = C extends ((draft: never, ...args: infer Args) => unknown) ? Args : never;
/** What a command returns to its caller. */
type ValueOf<C> = C extends ((...args: never) => infer Value) ? Awaited<Value> : never;
//#endregion
//#region src/error-transfer.d.ts
/** A class of errors that a store's commands throw, so that callers get instances of it. */
type ErrorClass = abstract new (...args: never) => Error;
//#endregion
//#region src/store.d.ts
/** Options of `openStore`: what a store is made of, and those of every peer. */
interface StoreOptions<S extends object, C extends Commands<S>> extends PeerOptions {
  /** The state of a store that nobody has written to. The same in every peer. */
  readonly initial: S;
  /** What may be done to it; see {@link Command}. The same in every peer. */
  readonly commands: C;
  /** When commands are answered, unless they are asked for otherwise. @default "replicated" */
  readonly durability?: Durability;
  /** Classes of errors that commands throw: callers in other realms get instances of them. The same on every peer, in the same order. @default none but those of the language */
  readonly errors?: readonly ErrorClass[];
  /** What keeps the store while nobody has it open: `idb()`, `files()`, `memory()`. The same on every peer. @default nothing: it ends with the last peer */
  readonly persistence?: Persistence;
  /**
   * Makes of what an older release has stored a state of this one. Runs where the store is opened, and on whoever wins an election, when what is
   * stored was written with another `version` than this peer's. @default the state stays as it is
   */
  readonly migrate?: (state: unknown, fromVersion: number) => S;
}
/** How one command is asked for. */
interface CommandOptions {
  /** When it is answered. @default that of the store */
  readonly durability?: Durability;
  /** How long a leader may take to answer, in milliseconds; it begins anew if that one dies. @default 5000; `Infinity` waits until the store is closed */
  readonly timeoutMs?: number;
  /** Frees the caller when it aborts. */
  readonly signal?: AbortSignal;
}
/** The commands as callers see them. Rejects with what the command threw, with a {@link StoreError}, or with a `BadArgumentError` for options that cannot work. */
type Do<C> = { readonly [K in keyof C]: (...args: ArgsOf<C[K]>) => Promise<ValueOf<C[K]>> };
/** A command within a transaction: what it returns is known when the transaction has been run. */
interface PlannedStep<V> {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Never present: carries the value's type. */
  value?(value: V): void;
}
/** The commands as a transaction plans them. */
type Plan<C> = { readonly [K in keyof C]: (...args: ArgsOf<C[K]>) => PlannedStep<ValueOf<C[K]>> };
/** What each planned command returned. */
type ValuesOf<Steps extends readonly PlannedStep<unknown>[]> = { -readonly [I in keyof Steps]: Steps[I] extends PlannedStep<infer V> ? V : never };
/** How this peer's copy has changed. */
type Change = {
  readonly type: "committed";
  readonly position: number; /** The commands that made it: several in a transaction. */
  readonly commands: readonly string[];
  readonly patches: Patches;
} | {
  /** This peer has taken over a leader's copy. */readonly type: "replaced";
  readonly position: number; /** Whether this copy has shown commits that the leader does not have. */
  readonly hasLost: boolean; /** The commands of those, oldest first, as far as they are known here; empty as a rule. */
  readonly lost: readonly string[];
} | {
  /** A reader of `changes` was so slow that it was spared some: this is the position of the last. */readonly type: "skipped";
  readonly position: number;
};
/** Where a store stands on this peer. */
interface StoreStatus {
  /**
   * `"offline"`: it knows of no leader, and its copy is what it was left with, or what is stored. `"catching-up"`: it knows of one, and has not got all of
   * its copy.
   */
  readonly phase: "leading" | "following" | "catching-up" | "offline" | "closed";
  readonly leader: PeerId | null;
  /** How many commits have made this peer's copy. */
  readonly position: number;
}
/** A part of the state. */
interface Selection<V> {
  /** What it is in this peer's copy, now. The same object while it is equal. */
  get(): V;
  /** Calls `listener` when it is not equal any more to what it was. Returns what ends it. */
  subscribe(listener: (value: V, before: V) => void): () => void;
}
/** An opened store on this peer. */
interface Store<S extends object, C extends Commands<S>> {
  readonly name: string;
  /** The commands: each runs on whoever leads, once, in one order for everybody. */
  readonly do: Do<C>;
  /** The commands with other options than the store's. */
  doWith(options: CommandOptions): Do<C>;
  /**
   * Runs several commands on one draft: all take effect, or none. Resolves to what each returned.
   *
   * @example
   * ```ts
   * const [from, to] = await accounts.transaction((plan) => [plan.take("a", 5), plan.give("b", 5)]);
   * ```
   */
  transaction<const Steps extends readonly PlannedStep<unknown>[]>(choose: (plan: Plan<C>) => Steps, options?: CommandOptions): Promise<ValuesOf<Steps>>;
  /** This peer's copy, now: immutable, and the same object until it changes. May be called without its store. */
  readonly get: () => Immutable<S>;
  /** Calls `listener` after each change of this peer's copy. Returns what ends it. May be called without its store. */
  readonly subscribe: (listener: (state: Immutable<S>, change: Change) => void) => () => void;
  /** A part of the state, with what counts as equal. @param equals default `Object.is` */
  select<V>(selector: (state: Immutable<S>) => V, equals?: (a: V, b: V) => boolean): Selection<V>;
  /** Every change from the call on, for one reader, until `signal` aborts, the store is closed, or the loop is left. */
  changes(options?: {
    readonly signal?: AbortSignal;
  }): AsyncIterableIterator<Change>;
  /** Resolves when this peer has applied everything that was committed before the call: a linearizable read may follow. */
  sync(options?: Pick<CommandOptions, "timeoutMs" | "signal">): Promise<void>;
  readonly status: StoreStatus;
  /** Hands leadership over without dropping a command, if this peer leads; as that of a server. */
  stepDown(options?: {
    readonly to?: string;
    readonly backOffMs?: number;
  }): Promise<void>;
  /** Closes the store on this peer; the others go on. Idempotent. */
  close(): Promise<void>;
}
//#endregion
//#region src/open-store.d.ts
/** Opens stores in one realm: a tab, a worker, a thread. */
interface StoreRealm {
  /**
   * Opens the store of this name on this peer: joins the others that have it open, and takes over what they have. Resolves once the others can
   * hear this peer; until a leader is known it holds what is stored, or else what it is made of.
   *
   * @throws StorageFailedError if what is stored cannot be read: it can be opened without `persistence`, and then keeps nothing
   * @throws AlreadyStartedError if it is open in this realm and namespace
   * @throws BadArgumentError, NameTakenError, UnsupportedRuntimeError as `start`
   */
  openStore<S extends object, C extends Commands<S>>(name: string, options: StoreOptions<S, C>): Promise<Store<S, C>>;
}
/** Stores over the servers of a realm. Programs use that of `@gen-leader/store`; tests make several to have several peers in one thread. */
declare function createStoreRealm({
  start
}: Pick<Realm, "start">): StoreRealm;
//#endregion
//#region src/index.d.ts
/** Opens a store in this realm; see {@link StoreRealm.openStore}. */
declare const openStore: StoreRealm["openStore"];
//#endregion
export { type ArgsOf, Change, type Command, CommandAbortedError, CommandFailedError, CommandLostError, CommandOptions, CommandTimeoutError, type Commands, Do, type Durability, type ErrorClass, MissingCommandError, NotPersistedError, OutdatedReleaseError, type Persistence, Plan, PlannedStep, Selection, StorageFailedError, Store, StoreClosedError, StoreError, StoreErrorCode, StoreOptions, StoreOverloadedError, type StoreRealm, StoreStatus, UncloneableValueError, UnsupportedStateError, type ValueOf, ValuesOf, createStoreRealm, openStore };