/**
 * Who waits for another peer to lead.
 *
 * @module
 */
import { type PeerId, type PeerState, sameToken, type Token } from "@gen-leader/protocol";
import { NoSuccessorError, PeerDownError } from "./errors.js";
import { deferred } from "./promises.js";

interface Waiting {
  /** The tenure that is to end. */
  readonly token: Token | null;
  readonly to: string | undefined;
  resolve(): void;
  reject(error: unknown): void;
}

export class StepDowns {
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** Waits for the end of the tenure of `token`, after `begin` has asked for it under a number of its own. */
  open(token: Token | null, to: string | undefined, begin: (request: number) => void): Promise<void> {
    const { promise, resolve, reject } = deferred<void>();
    this.#requests += 1;
    this.#waiting.set(this.#requests, { token, to, resolve, reject });
    begin(this.#requests);
    return promise;
  }

  /** That request cannot be met. Others may be. */
  refuse(request: number): void {
    const waiting = this.#waiting.get(request);
    this.#waiting.delete(request);
    waiting?.reject(refusal(waiting.to));
  }

  /** The hand-over to `successor` is off. */
  abandon(successor: PeerId): void {
    this.end(({ reject }) => reject(new PeerDownError(successor, "not-started")));
  }

  /** Something has happened to this peer: another leads, or this one does again. */
  look({ phase, token }: PeerState): void {
    if (phase.type === "following") this.end(({ resolve }) => resolve());
    else if (phase.type === "leading")
      this.end(
        ({ reject, to }) => reject(refusal(to)),
        (waiting) => !sameToken(waiting.token, token),
      );
  }

  /** Settles those that fit; all, if it is not said which. */
  end(settle: (waiting: Waiting) => void, fits: (waiting: Waiting) => boolean = () => true): void {
    for (const [request, waiting] of this.#waiting) {
      if (!fits(waiting)) continue;
      this.#waiting.delete(request);
      settle(waiting);
    }
  }
}

function refusal(to: string | undefined): Error {
  return to === undefined ? new NoSuccessorError() : new PeerDownError(to, "not-started");
}
