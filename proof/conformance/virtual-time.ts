/**
 * Time that goes on only when there is nothing left to do: what is due runs in order, each after everything that the one before
 * had set off. An owner of work can be frozen, and catches up when it is thawed, or die.
 *
 * @module
 */
export interface VirtualTime {
  readonly nowMs: number;
  /** Runs it so much later, unless its owner is dead. Returns what cancels it. */
  after(delayMs: number, owner: Owner, run: () => void): () => void;
  /** Goes on for so long, or until `holds`. */
  advance(ms: number, holds?: () => boolean): Promise<void>;
  thaw(owner: Owner): void;
}

/** What work belongs to: a realm. */
export interface Owner {
  frozen: boolean;
  dead: boolean;
  readonly backlog: (() => void)[];
}

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly owner: Owner;
  readonly run: () => void;
}

export function createOwner(): Owner {
  return { frozen: false, dead: false, backlog: [] };
}

/** Lets every promise that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function createVirtualTime(): VirtualTime {
  let nowMs = 0;
  let orders = 0;
  const entries = new Set<Entry>();

  function after(delayMs: number, owner: Owner, run: () => void): () => void {
    orders += 1;
    const entry = { dueMs: nowMs + Math.max(0, delayMs), order: orders, owner, run };
    if (Number.isFinite(entry.dueMs)) entries.add(entry);
    return () => {
      entries.delete(entry);
      const place = owner.backlog.indexOf(run);
      if (place >= 0) owner.backlog.splice(place, 1);
    };
  }

  function next(endMs: number): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of entries) {
      if (entry.dueMs > endMs) continue;
      if (first === undefined || entry.dueMs < first.dueMs || (entry.dueMs === first.dueMs && entry.order < first.order)) first = entry;
    }
    return first;
  }

  return {
    get nowMs() {
      return nowMs;
    },
    after,
    async advance(ms, holds) {
      const endMs = nowMs + ms;
      await settle();
      for (let entry = next(endMs); entry !== undefined && holds?.() !== true; entry = next(endMs)) {
        entries.delete(entry);
        nowMs = Math.max(nowMs, entry.dueMs);
        if (entry.owner.dead) continue;
        if (entry.owner.frozen) entry.owner.backlog.push(entry.run);
        else entry.run();
        await settle();
      }
      if (holds?.() !== true) nowMs = endMs;
    },
    thaw(owner) {
      owner.frozen = false;
      for (const run of owner.backlog.splice(0)) after(0, owner, run);
    },
  };
}
