/**
 * What a server remembers of itself for `server.sys`: the last events, counters, and who is listening.
 *
 * @module
 */
import type { PeerId } from "@gen-leader/protocol";
import type { Traffic } from "./driver.js";
import type { ServerEvent, StartOptions, Statistics } from "./server.js";

/** How many events are kept for `sys.log()`. */
const logLimit = 200;

export class Recorder {
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #log: ServerEvent[] = [];
  readonly #keepsLog: boolean;
  readonly #wall: () => number;
  readonly #startedAt: number;
  callbacks = 0;
  elections = 0;

  constructor(debug: StartOptions["debug"], wall: () => number, trace: ((event: ServerEvent) => void) | null) {
    this.#keepsLog = debug?.includes("log") ?? false;
    this.#wall = wall;
    this.#startedAt = wall();
    if (trace !== null && debug?.includes("trace")) this.#listeners.add(trace);
  }

  /** Records one event; its text is made only if somebody reads it. */
  record(peer: PeerId, type: string, text: () => string): void {
    if (!this.#keepsLog && this.#listeners.size === 0) return;
    const event: ServerEvent = { at: this.#wall(), peer, type, text: text() };
    if (this.#keepsLog) {
      this.#log.push(event);
      if (this.#log.length > logLimit) this.#log.shift();
    }
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  log(): readonly ServerEvent[] {
    return [...this.#log];
  }

  statistics(traffic: Traffic, pendingCalls: number): Statistics {
    const { framesIn, framesOut, dropped } = traffic;
    return {
      startedAt: this.#startedAt,
      framesIn,
      framesOut,
      callbacks: this.callbacks,
      elections: this.elections,
      pendingCalls,
      dropped: Object.fromEntries(dropped),
    };
  }
}
