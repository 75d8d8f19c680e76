/**
 * The one log of all tabs of a scenario: what each page told, in the order in which the browser delivered it. Scenarios wait
 * for entries, never for time.
 *
 * @module
 */
import type { Observation, PageRecord, PeerStatus, Report } from "../pages/src/records.js";

/** A record with the tab that told it. */
export interface Entry {
  readonly tab: string;
  readonly record: PageRecord;
}

/** A record of one type. */
export type RecordOf<Type extends Observation["type"]> = PageRecord & { readonly type: Type };

interface Waiter {
  readonly what: string;
  /** Looks at the log, and settles if it finds what it waits for. */
  look(): void;
}

export class Journal {
  readonly #entries: Entry[] = [];
  readonly #statuses = new Map<string, PeerStatus>();
  /** Which records have been added. */
  readonly #told = new Set<string>();
  readonly #waiters = new Set<Waiter>();

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** What scenarios wait for at this moment. */
  get waitedFor(): readonly string[] {
    return [...this.#waiters].map(({ what }) => what);
  }

  /** Adds what a tab told, unless it told so before. */
  add(tab: string, { page, number, record }: Report): void {
    const key = `${tab} ${page} ${number}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#entries.push({ tab, record });
    if (record.type === "status") this.#statuses.set(statusKey(tab, record.cluster), record.status);
    this.wake();
  }

  /** Looks again, because something else has changed that somebody waits for. */
  wake(): void {
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /** The last that the peer of a cluster in this tab told of itself. */
  status(tab: string, cluster: string): PeerStatus | undefined {
    return this.#statuses.get(statusKey(tab, cluster));
  }

  /** Forgets what a tab told of its peers: it has loaded another page. */
  forget(tab: string): void {
    for (const key of [...this.#statuses.keys()]) if (key.startsWith(statusKey(tab, ""))) this.#statuses.delete(key);
  }

  /** Resolves with what `look` finds, as soon as it finds something; it is called now and at every new entry. */
  until<Found>(what: string, look: () => Found | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        what,
        look: () => {
          try {
            const found = look();
            if (found === undefined) return;
            this.#waiters.delete(waiter);
            resolve(found);
          } catch (error) {
            this.#waiters.delete(waiter);
            reject(error);
          }
        },
      };
      this.#waiters.add(waiter);
      waiter.look();
    });
  }

  /** The next record of a type that fits, from now on or from entry number `from` on. */
  untilRecord<Type extends Observation["type"]>(
    what: string,
    type: Type,
    fits: (record: RecordOf<Type>, tab: string) => boolean = () => true,
    from = this.#entries.length,
  ): Promise<RecordOf<Type>> {
    return this.untilRecords(what, 1, type, fits, from);
  }

  /** As `untilRecord`, the last of `count` such records. */
  untilRecords<Type extends Observation["type"]>(
    what: string,
    count: number,
    type: Type,
    fits: (record: RecordOf<Type>, tab: string) => boolean = () => true,
    from = this.#entries.length,
  ): Promise<RecordOf<Type>> {
    let next = from;
    let found = 0;
    return this.until(what, () => {
      for (; next < this.#entries.length; next += 1) {
        const entry = this.#entries[next];
        if (entry === undefined || !isOf(entry.record, type) || !fits(entry.record, entry.tab)) continue;
        found += 1;
        if (found === count) return entry.record;
      }
      return undefined;
    });
  }

  /** Every record of a type, with its tab. */
  recordsOf<Type extends Observation["type"]>(type: Type): readonly { readonly tab: string; readonly record: RecordOf<Type> }[] {
    const found: { tab: string; record: RecordOf<Type> }[] = [];
    for (const { tab, record } of this.#entries) if (isOf(record, type)) found.push({ tab, record });
    return found;
  }
}

function isOf<Type extends Observation["type"]>(record: PageRecord, type: Type): record is RecordOf<Type> {
  return record.type === type;
}

function statusKey(tab: string, cluster: string): string {
  return `${tab} ${cluster}`;
}
