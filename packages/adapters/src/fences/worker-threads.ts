/**
 * The fence among the threads of one Node process: a word in shared memory, compared and set.
 *
 * @module
 */
import type { Fence, FenceEvent, PeerId } from "@gen-leader/protocol";
import { assertFits, createFenceMemory, type FenceMemory, hashOf, openFenceMemory } from "../worker-threads/fence-memory.js";

/** What an open fence is doing. */
interface Session {
  readonly self: PeerId;
  readonly own: bigint;
  readonly listener: (event: FenceEvent) => void;
  memory: FenceMemory;
  state: "idle" | "waiting" | "held";
  /** Whether `granted` was told, so that a loss is `lost` and not `ended`. */
  knows: boolean;
  /** Peers known to be dead. */
  over: readonly PeerId[];
  /** Changes when a request or a hold ends: what was still to be told of it is not told. */
  turn: number;
}

/**
 * Has `self` take and free memory that nobody shares yet. Engines compile a function when it is first called, and these are
 * first needed when a leader has died and everybody waits.
 */
function rehearsed(memory: FenceMemory, self: PeerId): FenceMemory {
  memory.take(0n, self);
  memory.holder();
  memory.free(self);
  return memory;
}

/**
 * The fence of one peer. Every peer makes memory of its own when it opens; what the peers share with each other makes
 * them agree on one: a fence that is held goes before one that is free, then the elder before the younger.
 * The death of a holder does not free it, so a contender names the dead in `over`.
 */
export function createWorkerThreadsFence(): Fence {
  let session: Session | null = null;

  function tell(to: Session, event: FenceEvent): void {
    const { turn } = to;
    // A promise, not queueMicrotask, which in Node makes and destroys an asynchronous resource each time.
    void Promise.resolve().then(() => {
      if (session !== to || to.turn !== turn) return;
      if (event.type === "granted") {
        // Stolen before it was told: then it never was this peer's.
        if (to.state !== "held" || to.memory.word() !== to.own) return;
        to.knows = true;
      }
      to.listener(event);
    });
  }

  /**
   * Whether a word stands for one of the dead. They grow many, and hashes are slow to make: so the name behind the word is looked
   * for among them. A thread that ended while it was taking the fence has left no name.
   */
  function isOver({ memory, over }: Session, word: bigint): boolean {
    const holder = memory.holder();
    if (holder !== null && hashOf(holder) === word) return over.includes(holder);
    return over.some((id) => hashOf(id) === word);
  }

  /** Looks at the word and does what follows from it; called on a request and whenever the word has changed. */
  function look(at: Session, isFirst: boolean): void {
    const { memory, own } = at;
    if (at.state === "held") {
      if (memory.word() === own) awaitChange(at, own);
      else lose(at);
      return;
    }
    while (at.state === "waiting") {
      const word = memory.word();
      if (word !== 0n && !isOver(at, word)) {
        if (isFirst) tell(at, { type: "busy" });
        awaitChange(at, word);
        return;
      }
      if (memory.take(word, at.self)) hold(at);
    }
  }

  const awaited = new WeakSet<FenceMemory>();

  /** Looks again when the word is no longer `seen`. Of one memory one change is awaited at a time. */
  function awaitChange(at: Session, seen: bigint): void {
    const { memory } = at;
    if (awaited.has(memory)) return;
    awaited.add(memory);
    void memory.changed(seen).then(() => {
      awaited.delete(memory);
      if (session !== null && session.memory === memory) look(session, false);
    });
  }

  function hold(at: Session): void {
    at.state = "held";
    tell(at, { type: "granted" });
    awaitChange(at, at.own);
  }

  function lose(at: Session): void {
    const { knows } = at;
    stop(at);
    tell(at, { type: knows ? "lost" : "ended" });
  }

  /** Whether this peer holds the fence; notices a loss that no waiter has told yet. */
  function notice(at: Session): boolean {
    if (at.state === "held" && at.memory.word() !== at.own) lose(at);
    return at.state === "held";
  }

  /** Ends what stands, untold. */
  function stop(at: Session): void {
    at.state = "idle";
    at.knows = false;
    at.turn += 1;
    at.over = [];
    // Leaves no waiter behind; the others look at the word and wait on.
    if (awaited.has(at.memory)) at.memory.wake();
  }

  function giveBack(at: Session): void {
    stop(at);
    at.memory.free(at.self);
  }

  /** Goes over to another memory; a request goes along, a hold of the old one is lost. */
  function move(at: Session, memory: FenceMemory): void {
    if (at.state === "held") {
      at.memory.free(at.self);
      lose(at);
    } else if (awaited.has(at.memory)) at.memory.wake();
    at.memory = memory;
    look(at, false);
  }

  return {
    async open(self, listener) {
      assertFits(self);
      session = {
        self,
        own: hashOf(self),
        listener,
        memory: rehearsed(createFenceMemory(), self),
        state: "idle",
        knows: false,
        over: [],
        turn: 0,
      };
    },
    request(over) {
      if (session === null) return;
      if (notice(session)) {
        hold(session);
        return;
      }
      session.state = "waiting";
      session.over = over;
      look(session, true);
    },
    release() {
      if (session !== null) giveBack(session);
    },
    steal(accused) {
      if (session === null) return;
      if (!notice(session) && session.state === "waiting") stop(session);
      if (session.memory.take(hashOf(accused), session.self)) hold(session);
      else tell(session, { type: "ended" });
    },
    holder: () => session?.memory.holder() ?? null,
    holds: () => session !== null && session.memory.word() === session.own,
    share: () => session?.memory.buffer,
    adopt(shared, from, authority) {
      const memory = session === null ? null : openFenceMemory(shared, session.memory);
      if (session === null || memory === null) return;
      const isElder = memory.birth < session.memory.birth;
      const [isHeld, isOwnHeld] = [memory.word() !== 0n, session.memory.word() !== 0n];
      if (authority === "holder" && memory.word() !== hashOf(from)) return;
      // Two who hold a fence each: the younger fence yields, on both sides alike.
      if (
        session.state === "held" ? authority === "holder" && isElder : authority === "holder" || (isHeld === isOwnHeld ? isElder : isHeld)
      ) {
        move(session, memory);
      }
    },
    close() {
      if (session !== null) giveBack(session);
      session = null;
    },
  };
}
