/**
 * The fence of an origin: an exclusive Web Lock.
 *
 * @module
 */
import type { Fence, FenceEvent, PeerId } from "@gen-leader/protocol";
import { holdLock } from "../web-locks/hold-lock.js";
import { holderIn } from "../web-locks/holder-in.js";
import { contenderLockName, fenceLockName, holderLockName } from "../web-locks/lock-names.js";
import type { Locks } from "../web-locks/locks.js";
import type { Watches } from "../web-locks/watches.js";

/** How often to look again when two peers of one realm, one of which is giving way to the other, cannot be told apart. */
const looks = 10;

/** A request for the fence, a steal of it, or a hold. */
interface Attempt {
  /** What gives its locks back, in the order of asking. */
  readonly locks: (() => void)[];
  /** Looking who holds it, before a steal; waiting for the lock; taking the lock that names the holder; holding. */
  state: "looking" | "waiting" | "naming" | "held";
}

interface Session {
  readonly self: PeerId;
  readonly listener: (event: FenceEvent) => void;
  attempt: Attempt | null;
}

/**
 * The fence of one peer. `holds` is what this realm knows: a holder that was stolen from while it was busy learns of it when it
 * runs again. The browser takes a lock back from the dead, so whoever is `over` and watched is merely waited for, for a moment: it may be on
 * its way into the back/forward cache.
 */
export function createWebLocksFence(cluster: string, locks: Locks, watches: Watches): Fence {
  let session: Session | null = null;
  /** Prevents the request that waits until somebody has left. */
  let prevent = (): void => undefined;

  function tell(to: Session, attempt: Attempt | null, event: FenceEvent): void {
    if (session === to && to.attempt === attempt) to.listener(event);
  }

  function end(of: Session): void {
    prevent();
    const { attempt } = of;
    of.attempt = null;
    // The latest first: the lock that names the holder, the fence, the lock that names the contender.
    for (const giveBack of attempt?.locks.reverse() ?? []) giveBack();
  }

  function fail(of: Session, attempt: Attempt, event: FenceEvent): void {
    if (session !== of || of.attempt !== attempt) return;
    end(of);
    tell(of, null, event);
  }

  function begin(of: Session): Attempt {
    end(of);
    const attempt: Attempt = { locks: [], state: "looking" };
    of.attempt = attempt;
    attempt.locks.push(holdLock(locks, contenderLockName(cluster, of.self), {}));
    return attempt;
  }

  function take(of: Session, attempt: Attempt, how: "queue" | "steal"): void {
    attempt.state = "waiting";
    const granted = (): void => {
      attempt.state = "naming";
      const name = holderLockName(cluster, Math.round(performance.now() * 1000), of.self);
      const named = (): void => {
        attempt.state = "held";
        tell(of, attempt, { type: "granted" });
      };
      attempt.locks.push(holdLock(locks, name, { granted: named, ended: () => fail(of, attempt, { type: "ended" }) }));
    };
    const ended = (): void => fail(of, attempt, { type: attempt.state === "held" ? "lost" : "ended" });
    attempt.locks.push(holdLock(locks, fenceLockName(cluster), { granted, ended }, how));
  }

  /** Says `busy` if the request of this attempt waits. */
  async function reportWaiting(of: Session, attempt: Attempt): Promise<void> {
    const { held = [], pending = [] } = await locks.query();
    if (attempt.state !== "waiting") return;
    const name = contenderLockName(cluster, of.self);
    const own = held.find((lock) => lock.name === name)?.clientId;
    const waits = pending.some((lock) => lock.name === fenceLockName(cluster) && lock.clientId === own);
    if (waits) tell(of, attempt, { type: "busy" });
  }

  async function readHolder(): Promise<PeerId | null> {
    for (let look = 1; ; look += 1) {
      const reading = holderIn(await locks.query(), cluster);
      if (reading.type === "none") return null;
      if (reading.type === "one") return reading.peer;
      // A page that stands still can stay like this; then all of its peers do, and any of them will do.
      if (look === looks) return reading.peers[0] ?? null;
    }
  }

  /** Steals for `attempt`, or ends it; a hold is kept where there is nothing to steal. */
  async function steal(of: Session, attempt: Attempt, accused: PeerId): Promise<void> {
    const holder = await readHolder().catch(() => null);
    if (session !== of || of.attempt !== attempt) return;
    const isOwn = attempt.state === "held";
    if (holder !== accused) {
      if (isOwn) tell(of, attempt, { type: "ended" });
      else fail(of, attempt, { type: "ended" });
    } else if (isOwn && accused === of.self) tell(of, attempt, { type: "granted" });
    else take(of, isOwn ? begin(of) : attempt, "steal");
  }

  function queue(of: Session): void {
    // First of all a look at the locks. Chromium keeps a lock that a page in the back/forward cache holds, and gives that page
    // up when somebody looks; a request that comes before any look makes everybody who waits wait for ever.
    // Measured: look and request in one go, the waiters go on after 20 ms; the other way round, never.
    locks.query().catch(() => undefined);
    const attempt = of.attempt === null || of.attempt.state === "looking" ? begin(of) : of.attempt;
    if (attempt.state === "looking") take(of, attempt, "queue");
    reportWaiting(of, attempt).catch(() => undefined);
  }

  return {
    open(self, listener) {
      session = { self, listener, attempt: null };
      return Promise.resolve();
    },
    request(over) {
      if (session === null) return;
      const of = session;
      if (of.attempt?.state === "held") {
        const { attempt } = of;
        queueMicrotask(() => tell(of, attempt, { type: "granted" }));
        return;
      }
      // A steal that has not begun is asked for no more.
      if (of.attempt?.state === "looking") end(of);
      prevent();
      prevent = watches.afterLeaving(() => queue(of), over);
    },
    release() {
      if (session !== null) end(session);
    },
    steal(accused) {
      if (session === null) return;
      const of = session;
      const { attempt } = of;
      void steal(of, attempt?.state === "held" ? attempt : begin(of), accused);
    },
    holder: readHolder,
    holds: () => session?.attempt?.state === "held",
    close() {
      if (session !== null) end(session);
      session = null;
    },
  };
}
