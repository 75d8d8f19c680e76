/**
 * Gives the event loop its turns while a peer answers its own calls.
 *
 * Such an answer comes without a task in between: who makes the next call as soon as the last is answered would never
 * let the event loop turn, so that no other peer is heard.
 *
 * @module
 */
import type { Medium } from "@gen-leader/protocol";

/** How long a peer may go on by itself: less than a frame of a screen. */
const turnMs = 10;

/** What is held back until the event loop has turned. */
export interface Pausable {
  pause(): void;
  goOn(): void;
}

export class FairTurns {
  readonly #medium: Pick<Medium, "clock" | "defer">;
  readonly #mailbox: Pausable;
  /** When the event loop was last seen to turn; infinite while that is waited for. */
  #turnedAt = 0;

  constructor(medium: Pick<Medium, "clock" | "defer">, mailbox: Pausable) {
    this.#medium = medium;
    this.#mailbox = mailbox;
  }

  /** This peer has answered a call of its own user. */
  answered(): void {
    const { clock } = this.#medium;
    if (clock.now() - this.#turnedAt < turnMs) return;
    this.#turnedAt = Infinity;
    this.#mailbox.pause();
    this.#medium.defer(() => {
      this.#turnedAt = clock.now();
      this.#mailbox.goOn();
    });
  }
}
