/**
 * Where a simulated peer lives: a realm that runs, hangs, is put away or is gone, and its own sense of time.
 *
 * @module
 */
import type { Clock, Lifecycle } from "@gen-leader/protocol";
import type { Agenda } from "../simulation/agenda.js";

/** What a realm is doing. */
export type SiteLife =
  | "running"
  /** Busy, or frozen without having been told: what comes in waits. */
  | "hung"
  /** Frozen or cached, and told so: what comes in waits. */
  | "away"
  | "gone";

/** What a page tells its peers. */
type LifecycleListener = Parameters<Lifecycle["watch"]>[0];

/** Timers of a hidden page run on whole seconds. */
const throttledMs = 1000;

export class Site {
  readonly name: string;
  readonly clock: Clock;
  readonly lifecycle: Lifecycle;
  readonly #agenda: Agenda;
  readonly #listeners = new Set<LifecycleListener>();
  readonly #timers = new Set<() => void>();
  /** Each realm counts its time from another moment. */
  readonly #epochMs: number;
  #backlog: (() => void)[] = [];
  #life: SiteLife = "running";
  isThrottled = false;

  constructor(name: string, agenda: Agenda, epochMs: number, wall: () => number) {
    this.name = name;
    this.#agenda = agenda;
    this.#epochMs = epochMs;
    this.clock = {
      now: () => agenda.now + this.#epochMs,
      wall,
      schedule: (callback, delayMs) => this.#schedule(callback, delayMs),
    };
    this.lifecycle = {
      visible: true,
      watch: (listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
    };
  }

  get life(): SiteLife {
    return this.#life;
  }

  /** How many timers and listeners of this realm stand. */
  get handles(): number {
    return this.#timers.size + this.#listeners.size;
  }

  /** Runs something in this realm: now, or when it runs again, or never. */
  enter(run: () => void): void {
    if (this.#life === "gone") return;
    if (this.#life === "running") run();
    else this.#backlog.push(run);
  }

  hang(): void {
    if (this.#life === "running") this.#life = "hung";
  }

  /** The page is put away: its peers hear so first. */
  suspend(): void {
    if (this.#life !== "running") return;
    for (const listener of [...this.#listeners]) listener.suspend();
    this.#life = "away";
  }

  /** Whatever kept the realm from running is over. */
  wake(): void {
    if (this.#life !== "hung" && this.#life !== "away") return;
    const wasAway = this.#life === "away";
    this.#life = "running";
    if (wasAway) for (const listener of [...this.#listeners]) listener.resume();
    const backlog = this.#backlog;
    this.#backlog = [];
    // One task at a time, as from a queue: promises run between two.
    for (const run of backlog) this.#agenda.plan(this.#agenda.now, () => this.enter(run));
  }

  end(): void {
    this.#life = "gone";
    this.#backlog = [];
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#listeners.clear();
  }

  #schedule(callback: () => void, delayMs: number): () => void {
    const due = this.#agenda.now + Math.max(delayMs, 0);
    const at = this.isThrottled ? Math.ceil(due / throttledMs) * throttledMs : due;
    let isCancelled = false;
    const unplan = this.#agenda.plan(at, () =>
      this.enter(() => {
        // It may have been cancelled while it waited for the realm to run again.
        if (isCancelled) return;
        this.#timers.delete(cancel);
        callback();
      }),
    );
    const cancel = (): void => {
      isCancelled = true;
      this.#timers.delete(cancel);
      unplan();
    };
    this.#timers.add(cancel);
    return cancel;
  }
}
