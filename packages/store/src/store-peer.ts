/**
 * A store on one peer: its behaviour before the peer is started, and what users get when it is.
 *
 * @module
 */
import { type Behaviour, type Logger, replyTo, type Server, type Token } from "gen-leader";
import { type Immutable, isDraftable } from "mutative";
import { createArrivals } from "./arrivals.js";
import { streamChanges } from "./change-stream.js";
import { createClient } from "./client.js";
import { cloned } from "./cloned.js";
import type { Commands, Step } from "./commands.js";
import { createCopy } from "./copy.js";
import type { ErrorClass } from "./error-transfer.js";
import {
  MissingCommandError,
  NotPersistedError,
  StorageFailedError,
  StoreOverloadedError,
  UncloneableValueError,
  UnsupportedStateError,
} from "./errors.js";
import type { StoreLimits } from "./limits.js";
import { markOf } from "./lineage.js";
import { createOutbox } from "./outbox.js";
import { blankReplica, type Durability, type Replica } from "./replica.js";
import { createSelection } from "./selection.js";
import type { Keeper } from "./storage/persistence.js";
import type { CommandOptions, Do, Plan, PlannedStep, Store, StoreStatus, ValuesOf } from "./store.js";
import { createStoreBehaviour } from "./store-behaviour.js";
import type { StoreHost } from "./store-host.js";
import type { StoreTypes } from "./store-types.js";

export interface StorePeerOptions<S extends object, C extends Commands<S>> {
  readonly initial: S;
  readonly commands: C;
  readonly durability: Durability;
  readonly errors: readonly ErrorClass[];
  readonly logger?: Logger | undefined;
  readonly limits?: StoreLimits;
  /** What keeps it; `null` if nothing does. */
  readonly keeper: Keeper<S> | null;
  /** What was kept when this peer was opened; `null` if nothing was. */
  readonly restored: Replica<S> | null;
}

export interface StorePeer<S extends object, C extends Commands<S>> {
  readonly behaviour: Behaviour<StoreTypes<S>>;
  /** The store over the server that runs the behaviour. Once. */
  attach(name: string, server: Server<StoreTypes<S>>): Store<S, C>;
}

/** What a store itself refuses commands with. */
const ownErrors: readonly ErrorClass[] = [
  MissingCommandError,
  NotPersistedError,
  StorageFailedError,
  StoreOverloadedError,
  UncloneableValueError,
  UnsupportedStateError,
];

/** @throws UncloneableValueError, UnsupportedStateError if the peers cannot have the same of `initial` */
export function createStorePeer<S extends object, C extends Commands<S>>(options: StorePeerOptions<S, C>): StorePeer<S, C> {
  const { commands, durability, logger, keeper, restored } = options;
  const errors = [...options.errors, ...ownErrors];
  const blank = blankReplica(plain(options.initial));
  const copy = createCopy<S>(restored ?? blank, logger);
  const outbox = createOutbox();
  /** The leader that this peer's copy has all of. */
  let inStepWith: Token | null = null;
  let whenInStep = (): void => undefined;
  const host: StoreHost<S> = {
    showCommits: copy.showCommits,
    showTakenOver: copy.showTakenOver,
    showInStep(token) {
      inStepWith = token;
      whenInStep();
    },
    send: outbox.put,
    keeper,
    answer: replyTo,
  };
  const behaviour = createStoreBehaviour(copy.current, commands, errors, host, options.limits);

  return {
    behaviour,
    attach(name, server) {
      outbox.open((to, notice) => server.cast(notice, { to }));
      const closing = new Set<() => void>();
      let isOpen = true;
      void server.exited.then(() => {
        isOpen = false;
        arrivals.end();
        for (const listener of [...closing]) listener();
      });
      const arrivals = createArrivals(() => ({ position: copy.current.position, token: inStepWith }));
      copy.subscribe(arrivals.check);
      whenInStep = arrivals.check;
      const client = createClient({
        store: name,
        server,
        durability,
        errors,
        isOpen: () => isOpen,
        seen: () => markOf(copy.current),
        reached: (answered) => (isOpen ? arrivals.reached(answered) : null),
      });

      function commandsWith(commandOptions: CommandOptions): Do<C> {
        return everyCommand<Do<C>>(commands, (step) => client.run([step], commandOptions).then(([value]) => value));
      }

      const source = {
        // Nobody changes it: what is shared with other readers is typed as what it is.
        get: () => copy.current.state as Immutable<S>,
        subscribe: copy.subscribe as Store<S, C>["subscribe"],
        whenClosed(listener: () => void) {
          closing.add(listener);
          return () => void closing.delete(listener);
        },
      };

      return {
        name,
        do: commandsWith({}),
        doWith: commandsWith,
        async transaction<const Steps extends readonly PlannedStep<unknown>[]>(
          choose: (plan: Plan<C>) => Steps,
          commandOptions: CommandOptions = {},
        ) {
          const chosen = choose(everyCommand<Plan<C>>(commands, (step) => step));
          const steps = chosen.map(({ name: command, args }) => ({ name: command, args }));
          return (await client.run(steps, commandOptions)) as ValuesOf<Steps>;
        },
        get: source.get,
        subscribe: source.subscribe,
        select: (selector, equals = Object.is) => createSelection(source, selector, equals),
        changes: ({ signal } = {}) => streamChanges(source, signal),
        sync: (syncOptions = {}) => client.sync(syncOptions),
        get status(): StoreStatus {
          const { leader, phase } = server.election;
          const { position } = copy.current;
          if (!isOpen) return { phase: "closed", leader: null, position };
          if (leader === null) return { phase: "offline", leader, position };
          const isInStep = inStepWith !== null && (phase === "leading" || phase === "following");
          return { phase: isInStep ? phase : "catching-up", leader, position };
        },
        stepDown: (stepDownOptions) => server.stepDown(stepDownOptions),
        async close() {
          await server.stop();
        },
      };
    },
  };
}

/** The state as every other peer has it that gets it: of plain parts, shared with nobody. */
function plain<S extends object>(initial: S): S {
  const state = cloned(initial, "The initial state");
  if (!isDraftable(state)) throw new UnsupportedStateError("A store", "a state that is no plain object, list, Map or Set");
  return state;
}

/** One function for each command. That the types fit is what `Do` and `Plan` say of the commands that they are made for. */
function everyCommand<Functions extends object>(commands: object, make: (step: Step) => unknown): Functions {
  return Object.fromEntries(
    Object.keys(commands).map((name) => [name, (...args: readonly unknown[]) => make({ name, args })]),
  ) as Functions;
}
