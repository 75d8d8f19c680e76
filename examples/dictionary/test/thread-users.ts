/**
 * The users of the dictionary's threads: each asks for one thing after another, and what came of it is written down.
 *
 * They ask from the main thread, so that no request of a thread that is killed is unknown: a write that reached the leader
 * while the message that tells of it was lost would look like a write by nobody.
 *
 * @module
 */
import type { Operation, SeededRandom } from "@gen-leader/testing";
import { nowMs } from "../demo/clock.js";
import type { PeerThread, ReportOf } from "../demo/peer-thread.js";
import type { DictionaryRequest } from "../src/dictionary-model.js";
import { randomRequest } from "../src/random-request.js";

/** What one of the users saw of a call. */
export type Call = Operation<DictionaryRequest, unknown>;

export interface ThreadUsers {
  /** So many more calls are made, about these keys. When they are used up, users wait for the next turn. */
  turnTo(keys: readonly string[], calls: number): void;
  /** Several users begin to ask the peer of this thread, as soon as it is their turn. */
  join(thread: PeerThread): void;
  /** A call has come to an end: its user makes the next. */
  returned(report: ReportOf<"returned">): void;
  /** The thread was killed: nobody will know what became of the calls that it had. */
  abandon(thread: PeerThread): void;
  /** One more call through this thread: what is there at a key. */
  lookUp(thread: PeerThread, key: string): void;
  /** How many calls are under way. */
  readonly underWay: number;
  /** How many calls were answered. */
  readonly answered: number;
  /** How many calls ended without an answer, so that nobody knows whether they took effect. */
  readonly cutShort: number;
  /** All calls that may have taken effect. */
  readonly history: readonly Call[];
}

interface User {
  readonly thread: PeerThread;
  readonly client: string;
}

interface OpenCall extends User {
  readonly input: DictionaryRequest;
  /** When the thread was told to make it: not after it did. */
  readonly askedAt: number;
}

export function createThreadUsers(usersPerThread: number, random: SeededRandom): ThreadUsers {
  const open = new Map<number, OpenCall>();
  const history: Call[] = [];
  let asked = 0;
  let answered = 0;
  let cutShort = 0;
  let idle: readonly User[] = [];
  let keys: readonly string[] = [];
  let callsLeft = 0;

  function goOn(user: User): void {
    if (callsLeft === 0) {
      idle = [...idle, user];
      return;
    }
    callsLeft -= 1;
    ask(user, randomRequest(random, `value-${asked}`, keys));
  }

  function ask({ thread, client }: User, input: DictionaryRequest): void {
    asked += 1;
    open.set(asked, { thread, client, input, askedAt: nowMs() });
    thread.tell({ type: "call", number: asked, request: input });
  }

  /** A call has come to an end that nobody can tell. A lookup of which nothing is known says nothing. */
  function lose(client: string, input: DictionaryRequest, calledAt: number): void {
    cutShort += 1;
    if (input.type !== "lookup") history.push({ client, input, calledAt, returned: null });
  }

  return {
    turnTo(next, calls) {
      keys = next;
      callsLeft = calls;
      const waiting = idle;
      idle = [];
      for (const user of waiting) goOn(user);
    },
    join(thread) {
      for (let user = 1; user <= usersPerThread; user += 1) goOn({ thread, client: `${thread.name}/${user}` });
    },
    returned({ number, calledAtMs: calledAt, returnedAtMs: at, result }) {
      const call = open.get(number);
      if (call === undefined) throw new Error(`Call ${number} ended, and was not under way.`);
      open.delete(number);
      const { thread, client, input } = call;
      if (result.type === "answered") {
        answered += 1;
        history.push({ client, input, calledAt, returned: { at, output: result.output } });
      } else if (result.outcome === "unknown") lose(client, input, calledAt);
      if (client !== thread.name) goOn({ thread, client });
    },
    abandon(thread) {
      idle = idle.filter((user) => user.thread !== thread);
      for (const [number, { thread: own, client, input, askedAt }] of open) {
        if (own !== thread) continue;
        open.delete(number);
        lose(client, input, askedAt);
      }
    },
    lookUp(thread, key) {
      ask({ thread, client: thread.name }, { type: "lookup", key });
    },
    get underWay() {
      return open.size;
    },
    get answered() {
      return answered;
    },
    get cutShort() {
      return cutShort;
    },
    history,
  };
}
