/**
 * Calls that were handed to a callback and are not answered: each is answered once, by a result, later by `replyTo`, or by
 * the end of its tenure or of its server.
 *
 * @module
 */
import { type Caller, type Result, sameToken, type Token } from "@gen-leader/protocol";
import type { From } from "./behaviour.js";
import { failedResult } from "./outcome.js";

/** Who waits, and in which tenure it has to be answered; `null` for a call to this very peer. */
export interface OpenCall {
  readonly caller: Caller;
  readonly tenure: Token | null;
}

/** Who answers a `From` in this realm. */
const answerers = new WeakMap<From, OpenCalls>();

/**
 * Answers a call that a callback left open with `noreply`, from anywhere in the realm that handled it. A second
 * answer, and one after the tenure has ended, are counted and do nothing. Erlang's `reply/2`.
 */
export function replyTo<R>(from: From<R>, value: R): void {
  answerers.get(from)?.reply(from, value);
}

/** Whether two callers are one: the same call of the same peer, sent once. What this peer asks of itself is its own under whatever id it had. */
export function sameCaller(a: Caller | null, b: Caller): boolean {
  return a !== null && a.call === b.call && a.serial === b.serial && (a.serial === 0 || a.peer === b.peer);
}

export class OpenCalls {
  readonly #open = new Map<From, OpenCall>();
  readonly #answer: (call: OpenCall, result: Result) => void;
  readonly #clone: (value: unknown) => unknown;
  readonly #onLate: (from: From) => void;

  constructor(answer: (call: OpenCall, result: Result) => void, clone: (value: unknown) => unknown, onLate: (from: From) => void) {
    this.#answer = answer;
    this.#clone = clone;
    this.#onLate = onLate;
  }

  /** Opens a call: what this returns goes to the callback. */
  open(call: OpenCall): From {
    const from: From = { peer: call.caller.peer, call: call.caller.call };
    this.#open.set(from, call);
    answerers.set(from, this);
    return from;
  }

  reply(from: From, value: unknown): void {
    const call = this.#take(from);
    if (call === undefined) return this.#onLate(from);
    let result: Result;
    try {
      result = { type: "value", value: this.#clone(value) };
    } catch (error) {
      result = failedResult(error, this.#clone);
    }
    this.#answer(call, result);
  }

  /** Tells the caller that what handled its call has ended. */
  fail(from: From, reason: unknown): void {
    const call = this.#take(from);
    if (call !== undefined) this.#answer(call, failedResult(reason, this.#clone));
  }

  failAll(reason: unknown): void {
    for (const from of [...this.#open.keys()]) this.fail(from, reason);
  }

  /** A caller that does not wait is not owed an answer. */
  cancel(caller: Caller): void {
    for (const [from, call] of this.#open) if (sameCaller(call.caller, caller)) this.#open.delete(from);
  }

  /** The tenure is over: nobody answers its calls any more. Returns who waited. */
  endTenure(token: Token): Caller[] {
    const waited: Caller[] = [];
    for (const [from, { caller, tenure }] of this.#open) {
      if (tenure === null || !sameToken(tenure, token)) continue;
      this.#open.delete(from);
      waited.push(caller);
    }
    return waited;
  }

  /** Whether a leader still owes anybody an answer. */
  get owesLeaderReplies(): boolean {
    return [...this.#open.values()].some(({ tenure }) => tenure !== null);
  }

  has(fits: (call: OpenCall) => boolean): boolean {
    return [...this.#open.values()].some(fits);
  }

  clear(): void {
    this.#open.clear();
  }

  #take(from: From): OpenCall | undefined {
    const call = this.#open.get(from);
    this.#open.delete(from);
    return call;
  }
}
