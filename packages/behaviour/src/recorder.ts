/**
 * What a server remembers of itself for `server.sys`: the last events, counters, and who is listening.
 *
 * @module
 */
import { type Logger, type Note, type PeerId, printDelivery, printEvent } from "@gen-leader/protocol";
import type { Traced, Traffic } from "./driver.js";
import { callListener } from "./listeners.js";
import type { StartOptions } from "./server.js";
import type { ServerEvent } from "./server-event.js";
import type { Statistics } from "./statistics.js";

/** How many events are kept for `sys.log()`. */
const logLimit = 200;

export class Recorder {
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  readonly #log: ServerEvent[] = [];
  readonly #keepsLog: boolean;
  readonly #wall: () => number;
  readonly #startedAt: number;
  readonly #logger: Logger | undefined;
  callbacks = 0;
  elections = 0;

  constructor(debug: StartOptions["debug"], wall: () => number, logger: Logger | undefined) {
    this.#keepsLog = debug?.includes("log") ?? false;
    this.#wall = wall;
    this.#startedAt = wall();
    this.#logger = logger;
    if (debug?.includes("trace")) this.#listeners.add((event) => logger?.debug(`${event.peer} ${event.text}`));
  }

  /** Records one event; its text is made only if somebody reads it. */
  record(peer: PeerId, type: string, text: () => string): void {
    if (!this.#keepsLog && this.#listeners.size === 0) return;
    const event: ServerEvent = { at: this.#wall(), peer, type, text: text() };
    if (this.#keepsLog) {
      this.#log.push(event);
      if (this.#log.length > logLimit) this.#log.shift();
    }
    for (const listener of this.#listeners) callListener(() => listener(event), this.#logger);
  }

  /** Records what the driver says has happened. */
  traced(peer: PeerId, happened: Traced): void {
    switch (happened.type) {
      case "event":
        return this.record(peer, happened.event.type, () => printEvent(happened.event));
      case "delivery":
        return this.record(peer, happened.delivery.type, () => printDelivery(happened.delivery));
      case "dropped":
        return this.record(peer, "dropped", () => `dropped ${happened.reason} from ${happened.from ?? "?"}`);
    }
  }

  /** Reports what is unusual, though handled, to the logger as well. */
  note(peer: PeerId, note: Note): void {
    this.record(peer, note.type, () => JSON.stringify(note));
    if (note.type === "lists-differ")
      this.#logger?.warn(
        `gen-leader: ${note.peer} was started with other candidates or workers than ${peer}. Give every peer the same lists.`,
      );
    else this.#logger?.info(`gen-leader: ${JSON.stringify(note)}`);
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
