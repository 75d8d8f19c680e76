/**
 * A server under observation, as a scenario gets it: every call goes into the history, and whatever is asked of it happens
 * in its realm, when that runs.
 *
 * @module
 */
import type { Behaviour, BehaviourTypes, CallOptions, LeaderCallOptions, Server } from "gen-leader";
import type { CallMade, CallSettled } from "./history.js";
import { type AnyCallbacks, innerState, type NumberedRequest, withInnerState } from "./observed-behaviour.js";
import type { Site } from "./site.js";

/** Calls made on a realm that has ended: whoever made them has ended with it. */
export class RealmEndedError extends Error {
  readonly code = "realm-ended";
  constructor(readonly peer: string) {
    super(`The realm of ${peer} has ended in the simulation, and with it whoever made this call.`);
    this.name = "RealmEndedError";
  }
}

/** What a server of any behaviour can do. */
export interface AnyServer extends Omit<Server<BehaviourTypes>, "leaderCall" | "call" | "sys"> {
  leaderCall(request: object, options?: LeaderCallOptions): Promise<unknown>;
  call(request: object, options?: CallOptions & { readonly to?: string }): Promise<unknown>;
  readonly sys: Omit<Server<BehaviourTypes>["sys"], "replaceBehaviour"> & {
    replaceBehaviour(behaviour: AnyCallbacks, version?: number): Promise<void>;
  };
}

/** What is told of the calls of one server. */
export interface ServerObserver {
  /** Puts a call into the books; returns its number. */
  made(kind: CallMade["kind"], request: unknown, retry: boolean): number;
  settled(call: number, outcome: CallSettled["outcome"]): void;
  observe(behaviour: AnyCallbacks): AnyCallbacks;
  /** Its user stops the server. */
  stopping(): void;
}

/** The server that a scenario gets, and what ends what it still waits for. */
export interface ObservedServer<T extends BehaviourTypes> {
  readonly server: Server<T>;
  /** The realm has ended: nothing is answered any more. */
  died(): void;
}

/** The border between the types of the user's behaviour and the untyped core of the simulator. */
function typed<T extends BehaviourTypes>(server: AnyServer): Server<T>;
function typed(server: AnyServer): unknown {
  return server;
}

/** Puts a server under observation. */
export function observeServer<T extends BehaviourTypes>(server: AnyServer, site: Site, observer: ServerObserver): ObservedServer<T> {
  const waiting = new Set<(error: RealmEndedError) => void>();
  let hasDied = false;

  /** Runs something in the realm; rejects if that ends before it is done. */
  function within<R>(run: () => Promise<R>): Promise<R> {
    if (hasDied) return Promise.reject(new RealmEndedError(site.name));
    return new Promise<R>((resolve, reject) => {
      waiting.add(reject);
      const done = (settle: () => void) => {
        if (waiting.delete(reject)) settle();
      };
      site.enter(() => {
        run().then(
          (value) => done(() => resolve(value)),
          (error: unknown) => done(() => reject(error)),
        );
      });
    });
  }

  /** The user's signal is heard in the realm, when that runs. */
  function inRealm<Options extends CallOptions>(options: Options | undefined): Options | undefined {
    const outer = options?.signal;
    if (options === undefined || outer === undefined) return options;
    const inner = new AbortController();
    const abort = () => site.enter(() => inner.abort(outer.reason));
    if (outer.aborted) abort();
    else outer.addEventListener("abort", abort, { once: true });
    return { ...options, signal: inner.signal };
  }

  async function observe(kind: CallMade["kind"], request: object, retry: boolean, run: (numbered: NumberedRequest) => Promise<unknown>) {
    const call = observer.made(kind, request, retry);
    try {
      const value = await within(() => run({ simulatedCall: call, request }));
      observer.settled(call, { type: "value", value });
      return value;
    } catch (error) {
      observer.settled(call, outcomeOf(error));
      throw error;
    }
  }

  const observed: AnyServer = {
    name: server.name,
    election: server.election,
    guarantees: server.guarantees,
    exited: server.exited,
    leaderCall: (request, options) =>
      observe("leader", request, options?.retry ?? false, (numbered) => server.leaderCall(numbered, inRealm(options))),
    call: (request, options) => observe("peer", request, false, (numbered) => server.call(numbered, inRealm(options))),
    leaderCast: (message) => site.enter(() => server.leaderCast(message)),
    cast: (message, options) => site.enter(() => server.cast(message, options)),
    info: (message) => site.enter(() => server.info(message)),
    stepDown: (options) => within(() => server.stepDown(options)),
    stop: (reason) =>
      within(() => {
        observer.stopping();
        return server.stop(reason);
      }),
    subscribe: (listener) => server.subscribe(listener),
    diagnostics: () => server.diagnostics(),
    sys: {
      ...server.sys,
      suspend: () => within(() => server.sys.suspend()),
      resume: () => site.enter(() => server.sys.resume()),
      getState: async () => innerState(await within(() => server.sys.getState())),
      replaceState: async (change) =>
        innerState(await within(() => server.sys.replaceState((state) => withInnerState(state, change(innerState(state)))))),
      replaceBehaviour: (behaviour, version) => within(() => server.sys.replaceBehaviour(observer.observe(behaviour), version)),
    },
  };

  return {
    server: typed<T>(observed),
    died() {
      hasDied = true;
      for (const reject of [...waiting]) {
        waiting.delete(reject);
        reject(new RealmEndedError(site.name));
      }
    },
  };
}

/** The callbacks of a behaviour, whose types are forgotten here. */
export function callbacksOf<T extends BehaviourTypes>(behaviour: Behaviour<T>): AnyCallbacks {
  return behaviour;
}

function outcomeOf(error: unknown): CallSettled["outcome"] {
  if (error instanceof RealmEndedError) return { type: "died" };
  const message = error instanceof Error ? error.message : String(error);
  // An abort's own code is a number of old.
  const own = typeof error === "object" && error !== null && "code" in error ? error.code : null;
  const code = typeof own === "string" ? own : error instanceof Error ? error.name : "";
  const effect = typeof error === "object" && error !== null && "outcome" in error ? error.outcome : null;
  return { type: "error", code, message, effect: effect === "not-started" || effect === "unknown" ? effect : null };
}
