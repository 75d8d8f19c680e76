/**
 * The simulated storage of one origin: a database that all realms share, and that outlives them.
 *
 * @module
 */
import type { Token } from "@gen-leader/protocol";
import type { Agenda } from "../simulation/agenda.js";
import type { SeededRandom } from "../simulation/random.js";
import type { PlatformDelays, StorageFaults } from "./faults.js";
import type { Site } from "./site.js";
import { type SimulatedStorage, type SimulatedTransaction, StorageFailedError, type TransactOptions } from "./storage.js";

/** Is told of every transaction of one realm that has written something: `undefined` stands for what was removed. */
export type CommitListener = (token: Token | null, writes: ReadonlyMap<string, unknown>) => void;

/** Probability that what a realm has asked for before it ended is lost with it. */
const lostShare = 0.5;

export class Database {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #faults: () => PlatformDelays & StorageFaults;
  readonly #whenAwake: (run: () => void) => void;
  /** What was written last under each key: `undefined` where it was removed. */
  readonly #stored = new Map<string, unknown>();
  #open = 0;

  /** `whenAwake` runs something at once, or when the machine wakes. */
  constructor(agenda: Agenda, random: SeededRandom, faults: () => PlatformDelays & StorageFaults, whenAwake: (run: () => void) => void) {
    this.#agenda = agenda;
    this.#random = random;
    this.#faults = faults;
    this.#whenAwake = whenAwake;
  }

  /** How many transactions are under way. */
  get handles(): number {
    return this.#open;
  }

  createStorage(site: Site, committed: CommitListener): SimulatedStorage {
    let lastAt = 0;
    let isCut = false;
    // A realm that goes on may be entered before what waited for it: its answers come in order all the same.
    const answers: (() => void)[] = [];
    const answer = (settle: () => void): void => {
      answers.push(settle);
      site.enter(() => answers.shift()?.());
    };
    const transact = <R>(run: (transaction: SimulatedTransaction) => R, { token = null }: TransactOptions = {}): Promise<R> =>
      new Promise((resolve, reject) => {
        // What is left of a realm's code once that has ended asks for nothing any more.
        if (site.life === "gone") return;
        this.#open += 1;
        lastAt = Math.max(this.#agenda.now + this.#random.between(...this.#faults().storageMs), lastAt);
        const commit = (): void => {
          this.#open -= 1;
          // Of what is under way when a realm ends, everything after the first that is lost is lost too.
          isCut ||= site.life === "gone" && this.#random.chance(lostShare);
          if (isCut) return;
          try {
            const result = this.#run(run, (writes) => committed(token, writes));
            answer(() => resolve(result));
          } catch (error) {
            answer(() => reject(error));
          }
        };
        this.#agenda.plan(lastAt, () => this.#whenAwake(commit));
      });
    return {
      read: (key) => transact((transaction) => transaction.get(key)),
      entries: () => transact((transaction) => transaction.entries()),
      transact,
    };
  }

  /** Runs one transaction, and writes what it wrote: all of it, or nothing if it throws. */
  #run<R>(run: (transaction: SimulatedTransaction) => R, committed: (writes: ReadonlyMap<string, unknown>) => void): R {
    const writes = new Map<string, unknown>();
    let isOver = false;
    const whileOpen = <V>(act: () => V): V => {
      if (isOver) throw new TypeError("A transaction is over once its function has returned.");
      return act();
    };
    const write = (key: string, value: unknown): void => whileOpen(() => void writes.set(key, structuredClone(value)));
    let result: R;
    try {
      result = run({
        get: (key) => whileOpen(() => structuredClone(writes.has(key) ? writes.get(key) : this.#stored.get(key))),
        set: write,
        delete: (key) => write(key, undefined),
        entries: () => whileOpen(() => structuredClone(inOrder(new Map([...this.#stored, ...writes])))),
      });
    } finally {
      isOver = true;
    }
    if (this.#random.chance(this.#faults().storageFailure))
      throw new StorageFailedError(writes.size > 0 && this.#random.chance(0.5) ? "quota" : "closing");
    for (const [key, value] of writes) this.#stored.set(key, value);
    if (writes.size > 0) committed(structuredClone(writes));
    return result;
  }
}

/** What is there, by key. */
function inOrder(entries: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map([...entries].filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)));
}
