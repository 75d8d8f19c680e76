/**
 * What callers were told, kept by every peer: a command that is sent again, because its leader died, takes effect once and gets its first
 * result. As in RIFL (Lee et al., 2015): results are kept by client and number until their client says that it has them.
 *
 * @see https://web.stanford.edu/~ouster/cgi-bin/papers/rifl.pdf
 * @module
 */
import { holds, type Lineage, type Mark } from "./lineage.js";

/** Whose command it is. */
export interface Origin {
  /** One opening of the store, on one peer: never used again. */
  readonly client: string;
  /** The number of the command among those of this client; the first is 1. */
  readonly number: number;
  /** Every command of this client below this number has been answered, or given up. */
  readonly answered: number;
  /** What the client's own copy held when it asked first. */
  readonly seen: Mark;
}

interface Remembered {
  /** What it did up to this position may have been forgotten before this record of it began. */
  readonly blindUpTo: number;
  /** The position after its last commit. */
  readonly last: number;
  /** What its commands returned, by number. */
  readonly results: ReadonlyMap<number, Result>;
}

/** What came of a command: what it returned, and where it stands. */
export interface Result {
  readonly position: number;
  readonly values: readonly unknown[];
}

/** Clients, the one that was heard of last at the end. */
export interface Memory {
  readonly clients: ReadonlyMap<string, Remembered>;
  /** No client was forgotten whose last commit stands after this position. */
  readonly forgotten: number;
}

/** How many clients are remembered. */
export const clientsLimit = 256;
/** How many results of one client. */
export const resultsLimit = 1024;

export const blankMemory: Memory = { clients: new Map(), forgotten: 0 };

/** The memory after a commit. */
export function remember(memory: Memory, { position, origin, values }: { readonly origin: Origin } & Result): Memory {
  const { client, number, answered } = origin;
  const clients = new Map(memory.clients);
  const known = clients.get(client);
  const oldest = Math.max(answered, number - resultsLimit + 1);
  const kept = [...(known?.results ?? [])].filter(([other]) => other >= oldest);
  clients.delete(client);
  clients.set(client, {
    blindUpTo: known?.blindUpTo ?? memory.forgotten,
    last: position,
    results: new Map([...kept, [number, { position, values }]]),
  });
  let { forgotten } = memory;
  for (const [other, { last }] of clients) {
    if (clients.size <= clientsLimit) break;
    clients.delete(other);
    forgotten = Math.max(forgotten, last);
  }
  return { clients, forgotten };
}

/** What is known of a command that comes again to a peer with this copy: its result, that it has not taken effect, or nothing. */
export function recall(
  copy: { readonly position: number; readonly lineage: Lineage; readonly memory: Memory },
  origin: Origin,
): Result | "new" | "unknown" {
  const { memory } = copy;
  const { client, number, seen } = origin;
  const known = memory.clients.get(client);
  const result = known?.results.get(number);
  if (result !== undefined) return result;
  // Had it taken effect in this history, it would stand after what its client had seen of it, and what stands there is remembered.
  const seenHere = holds(copy, seen) ? seen.position : 0;
  if (seenHere < (known?.blindUpTo ?? memory.forgotten)) return "unknown";
  return known === undefined || number > Math.max(...known.results.keys()) - resultsLimit ? "new" : "unknown";
}
