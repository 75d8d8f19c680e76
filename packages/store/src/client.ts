/**
 * Who asks the leader to run commands, and asks again when it dies.
 *
 * @module
 */
import { CallFailedError, CallTimeoutError, LeaderDiedError, type Outcome, type PeerId, type Server, ServerEndedError } from "gen-leader";
import { cloned } from "./cloned.js";
import type { Step } from "./commands.js";
import { type ErrorClass, receiveError } from "./error-transfer.js";
import { CommandAbortedError, CommandFailedError, CommandLostError, CommandTimeoutError, StoreClosedError } from "./errors.js";
import type { Mark } from "./lineage.js";
import type { Durability } from "./replica.js";
import type { CommandOptions } from "./store.js";
import type { Answered, RunAnswer, StoreTypes } from "./store-types.js";

export interface ClientOptions<S> {
  readonly store: string;
  readonly server: Server<StoreTypes<S>>;
  readonly durability: Durability;
  /** The classes of errors that the leader knows as well. */
  readonly errors: readonly ErrorClass[];
  /** Whether the server has not ended. */
  readonly isOpen: () => boolean;
  /** What this peer's copy holds. */
  readonly seen: () => Mark;
  /** Resolves when this peer's copy has what an answer tells of, or the store is closed; `null` if it has. */
  readonly reached: (answered: Answered<unknown>) => Promise<void> | null;
}

export interface Client {
  /** Resolves to what each step returned. */
  run(steps: readonly Step[], options: CommandOptions): Promise<readonly unknown[]>;
  sync(options: CommandOptions): Promise<void>;
}

/** As that of calls. */
const defaultTimeoutMs = 5000;

/** The client of one opening of a store. */
export function createClient<S>({ store, server, durability, errors, isOpen, seen, reached }: ClientOptions<S>): Client {
  // Ids of peers are never used again, so neither is that of a client.
  const client: PeerId = server.election.self;
  let last = 0;
  /** Numbers of commands that nobody has answered. */
  const open = new Set<number>();

  /** Asks the leader, and the next one when it dies. Resolves to its answer when this peer has what that tells of. */
  async function persist<A>(what: string, options: CommandOptions, call: (isRepeated: boolean) => Promise<Answered<A>>): Promise<A> {
    const answered = await askUntilAnswered(what, options, call);
    const arrival = reached(answered);
    if (arrival === null) return answered.answer;
    await within(arrival, what, options);
    if (!isOpen()) throw new StoreClosedError(store, "unknown");
    return answered.answer;
  }

  async function askUntilAnswered<V>(what: string, options: CommandOptions, call: (isRepeated: boolean) => Promise<V>): Promise<V> {
    if (!isOpen()) throw new StoreClosedError(store, "not-started");
    if (options.signal?.aborted === true) throw new CommandAbortedError(what, "not-started", { cause: options.signal.reason });
    let outcome: Outcome = "not-started";
    for (;;) {
      try {
        return await call(outcome === "unknown");
      } catch (error) {
        if (!(error instanceof LeaderDiedError)) throw explain(error, what, outcome, options);
        if (error.outcome === "unknown") outcome = "unknown";
      }
    }
  }

  function explain(error: unknown, what: string, before: Outcome, { signal }: CommandOptions): unknown {
    const after = (outcome: Outcome): Outcome => (before === "unknown" ? "unknown" : outcome);
    if (error instanceof CallTimeoutError) return new CommandTimeoutError(what, error.timeoutMs, after(error.outcome));
    if (error instanceof CallFailedError) return new CommandFailedError(what, after(error.outcome), { cause: error });
    if (error instanceof ServerEndedError) return new StoreClosedError(store, "unknown", { cause: error });
    if (signal?.aborted === true) return new CommandAbortedError(what, "unknown", { cause: error });
    return error;
  }

  return {
    async run(given, options) {
      const what = describe(given);
      const args = given.map((step) => step.args);
      // As they are now: a later attempt asks for the same.
      const steps = cloned(given, `An argument of ${what}`, args.length === 1 ? args[0] : args);
      last += 1;
      const number = last;
      open.add(number);
      const origin = { client, number, seen: seen() };
      const level = options.durability ?? durability;
      try {
        const answer = await persist<RunAnswer>(what, options, (isRepeated) => {
          const [answered = number] = open;
          return server.leaderCall(
            { type: "run", origin: { ...origin, answered }, isRepeated, steps, durability: level },
            limitsOf(options),
          );
        });
        if (answer.type === "refused") throw receiveError(answer.error, errors);
        if (answer.type === "forgotten") throw new CommandLostError(what);
        return answer.values;
      } finally {
        open.delete(number);
      }
    },
    async sync(options) {
      await persist("sync", options, () => server.leaderCall({ type: "barrier" }, limitsOf(options)));
    },
  };
}

/** Waits for this peer's copy, as long as for an answer. */
async function within(arrival: Promise<void>, what: string, { timeoutMs = defaultTimeoutMs, signal }: CommandOptions): Promise<void> {
  let end = (): void => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    const abort = (): void => reject(new CommandAbortedError(what, "unknown", { cause: signal?.reason }));
    const timer = Number.isFinite(timeoutMs)
      ? setTimeout(() => reject(new CommandTimeoutError(what, timeoutMs, "unknown")), timeoutMs)
      : undefined;
    signal?.addEventListener("abort", abort);
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    };
    if (signal?.aborted === true) abort();
  });
  try {
    await Promise.race([arrival, givenUp]);
  } finally {
    end();
  }
}

function limitsOf({ timeoutMs, signal }: CommandOptions): { readonly timeoutMs?: number; readonly signal?: AbortSignal } {
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal === undefined ? {} : { signal }) };
}

function describe(steps: readonly Step[]): string {
  const names = steps.map(({ name }) => `"${name}"`);
  return names.length === 1 ? `the command ${names[0]}` : `the transaction of ${names.join(", ")}`;
}
