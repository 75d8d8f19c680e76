/**
 * Starting servers in a realm, and finding them again.
 *
 * @module
 */
import type { MediumFactory } from "@gen-leader/protocol";
import type { ArgsOf, Behaviour, BehaviourTypes } from "./behaviour.js";
import { type Callbacks, checkResult } from "./callbacks.js";
import { checkServerOptions, clusterKey, configure } from "./configure.js";
import { AlreadyStartedError, StartTimeoutError } from "./errors.js";
import { ignore } from "./results.js";
import { RunningServer } from "./running-server.js";
import type { Server, StartOptions } from "./server.js";

/** Options of `start`, with `args` required where `init` takes any. */
export type OptionsOf<T extends BehaviourTypes> = [ArgsOf<T>] extends [void]
  ? [options?: StartOptions<T>]
  : [options: StartOptions<T> & { readonly args: ArgsOf<T> }];

/** A link to a parent: when its signal aborts, the server ends. The other way round, `exited` tells. */
export interface Link {
  readonly signal: AbortSignal;
}

/** The doors of one realm: a tab, a worker, a thread. Names are unique within it. */
export interface Realm {
  /**
   * Starts a server under `name` on this peer. Resolves once `init` has run and the others can hear this peer; there
   * need not be a leader yet. Erlang's `start/6`.
   *
   * @throws AlreadyStartedError if the name runs in this realm and namespace
   * @throws NameTakenError if another live peer has the name given in `peer`
   * @throws BadArgumentError, StartTimeoutError, UnsupportedRuntimeError
   * @throws the reason that `init` stopped with or threw
   */
  start<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, ...options: OptionsOf<T>): Promise<Server<T>>;
  /** As `start`, linked to its parent: the server ends with the signal's reason when it aborts. Its own end is told by `exited`. Erlang's `start_link/6`. */
  startLink<T extends BehaviourTypes>(name: string, behaviour: Behaviour<T>, options: StartOptions<T> & Link): Promise<Server<T>>;
  /** The server that runs under this name in this realm, if one does. */
  whereis(name: string, options?: { readonly namespace?: string }): Server<BehaviourTypes> | undefined;
}

/**
 * The border between what a behaviour declares and what the core carries as unknown values: whoever calls this server
 * was checked against `T`, and so were the callbacks that answer.
 */
function typed<T extends BehaviourTypes>(server: RunningServer): Server<T>;
function typed(server: RunningServer): unknown {
  return server;
}

/** A realm of its own, on a platform. Programs use the one of `gen-leader`; tests make several to have several peers in one thread. */
export function createRealm(defaultMedium: MediumFactory | null): Realm {
  const servers = new Map<string, RunningServer | null>();

  async function begin<T extends BehaviourTypes>(name: string, callbacks: Callbacks, options: StartOptions<T>): Promise<Server<T>> {
    checkServerOptions(options);
    const key = clusterKey(name, options.namespace);
    const configured = configure(key, options, defaultMedium, callbacks.snapshot !== undefined);
    if (servers.has(key)) throw new AlreadyStartedError(name);
    servers.set(key, null);
    let server: RunningServer | null = null;
    const isOwn = () => servers.get(key) === server;
    // Whoever awaits the start of a server wants to see it started.
    const release = configured.medium.hold?.();
    try {
      // A peer that no list names takes no part, so there is nothing to initialise.
      const result = configured.listed
        ? checkResult("init", await initialise(name, callbacks, options, configured.medium.clock))
        : ignore();
      if (result.type === "stop") throw result.reason;
      const begun = new RunningServer(name, callbacks, configured, options);
      server = begun;
      servers.set(key, begun);
      void begun.exited.then(() => isOwn() && servers.delete(key));
      if (result.type === "ignore") await begun.stop("ignored");
      else await begun.join(result.state);
      return typed<T>(begun);
    } catch (error) {
      // What had begun is ended in order: it has closed its media and run terminate when the caller hears of the failure.
      await server?.stop(error);
      if (isOwn()) servers.delete(key);
      throw error;
    } finally {
      release?.();
    }
  }

  return {
    start: (name, behaviour, ...[options]) => begin(name, behaviour, options ?? {}),
    async startLink(name, behaviour, options) {
      const { signal, ...rest } = options;
      signal.throwIfAborted();
      const server = await begin(name, behaviour, rest);
      const stop = () => void server.stop(signal.reason);
      if (signal.aborted) stop();
      else {
        signal.addEventListener("abort", stop, { once: true });
        void server.exited.then(() => signal.removeEventListener("abort", stop));
      }
      return server;
    },
    whereis(name, options = {}) {
      const server = servers.get(clusterKey(name, options.namespace));
      return server ? typed<BehaviourTypes>(server) : undefined;
    },
  };
}

/** Runs `init`, within its time. */
async function initialise(
  name: string,
  callbacks: Callbacks,
  options: Pick<StartOptions, "args" | "initTimeoutMs">,
  clock: { schedule(callback: () => void, delayMs: number): () => void },
): Promise<unknown> {
  const { initTimeoutMs = Infinity } = options;
  const running = Promise.resolve(callbacks.init(options.args));
  if (initTimeoutMs === Infinity) return running;
  let cancel = () => {};
  const timeout = new Promise<never>((_, reject) => {
    cancel = clock.schedule(() => reject(new StartTimeoutError(name, initTimeoutMs)), initTimeoutMs);
  });
  return Promise.race([running, timeout]).finally(cancel);
}
