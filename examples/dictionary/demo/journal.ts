/**
 * The demo's own record of what was acknowledged, kept outside of the cluster and compared with what the peers have.
 *
 * @module
 */

/** The writes to one list. */
export interface Writes {
  readonly key: string;
  /** The numbers whose append was answered. */
  readonly acknowledged: ReadonlySet<number>;
  /** How many calls were refused, by what is known of them. */
  readonly refused: { readonly notStarted: number; readonly unknown: number };
  /** When the first acknowledgement after that time came. */
  firstAcknowledgedAfter(timeMs: number): number | undefined;
}

/** The record. */
export interface Journal {
  /** Begins the list that acknowledgements go to from now on. */
  open(key: string): Writes;
  acknowledge(value: number, atMs: number): void;
  refuse(value: number, outcome: "not-started" | "unknown"): void;
  /** Looks for every acknowledged write in one peer's copy, and for writes that took effect twice or although they had not started. */
  compare(peer: string, copy: ReadonlyMap<string, unknown>): void;
  /** How many writes were acknowledged in all. */
  readonly acknowledged: number;
  /** How many acknowledged writes at least one peer lacks. */
  readonly lost: number;
  /** What is wrong, in sentences; empty if nothing. */
  readonly faults: readonly string[];
}

interface OpenWrites {
  readonly acknowledgedAtMs: Map<number, number>;
  readonly notStarted: Set<number>;
  readonly unknown: Set<number>;
}

/** An empty record. */
export function createJournal(): Journal {
  const lists = new Map<string, OpenWrites>();
  const lost = new Set<string>();
  const faults: string[] = [];
  let current: OpenWrites | undefined;

  return {
    open(key) {
      const writes: OpenWrites = { acknowledgedAtMs: new Map(), notStarted: new Set(), unknown: new Set() };
      lists.set(key, writes);
      current = writes;
      return {
        key,
        get acknowledged() {
          return new Set(writes.acknowledgedAtMs.keys());
        },
        get refused() {
          return { notStarted: writes.notStarted.size, unknown: writes.unknown.size };
        },
        firstAcknowledgedAfter: (timeMs) => [...writes.acknowledgedAtMs.values()].find((atMs) => atMs > timeMs),
      };
    },
    acknowledge(value, atMs) {
      current?.acknowledgedAtMs.set(value, atMs);
    },
    refuse(value, outcome) {
      (outcome === "unknown" ? current?.unknown : current?.notStarted)?.add(value);
    },
    compare(peer, copy) {
      for (const [key, writes] of lists) {
        const list: unknown = copy.get(key);
        const values: readonly unknown[] = Array.isArray(list) ? list : [];
        const present = new Set(values);
        for (const value of writes.acknowledgedAtMs.keys()) {
          if (present.has(value)) continue;
          lost.add(`${key}/${value}`);
          faults.push(`${peer} lacks ${key}/${value}, which was acknowledged`);
        }
        for (const value of writes.notStarted)
          if (present.has(value)) faults.push(`${peer} has ${key}/${value}, which was said not to have started`);
        if (present.size < values.length) faults.push(`${peer} has ${values.length - present.size} writes of ${key} twice`);
      }
    },
    get acknowledged() {
      return [...lists.values()].reduce((sum, writes) => sum + writes.acknowledgedAtMs.size, 0);
    },
    get lost() {
      return lost.size;
    },
    faults,
  };
}
