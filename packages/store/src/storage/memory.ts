/**
 * A storage in this realm's memory: for tests, and for programs that open and close a store many times.
 *
 * @module
 */
import { compareTokens, type Token } from "gen-leader";
import { createPersistence } from "./keeper.js";
import type { Persistence } from "./persistence.js";
import type { Kept, RecordStorage } from "./port.js";

/** Keeps stores as long as what it returns is there, in this realm alone: every peer that uses it must be in this realm. */
export function memory(): Persistence {
  return createPersistence(createMemoryStorages());
}

/** The storages of all names; see {@link memory}. */
export function createMemoryStorages(): (name: string) => RecordStorage {
  const places = new Map<string, Place>();
  return (name) => {
    const place = places.get(name) ?? { token: null, note: null, base: [], log: [] };
    places.set(name, place);
    return createMemoryStorage(place);
  };
}

interface Place extends Kept {
  token: Token | null;
  note: unknown;
  base: unknown[];
  log: unknown[];
}

function createMemoryStorage(place: Place): RecordStorage {
  /** Whether who has this token may write. */
  function enter(token: Token): boolean {
    if (compareTokens(token, place.token) < 0) return false;
    place.token = token;
    return true;
  }

  return {
    async read(part) {
      const { token, note, base, log } = place;
      return structuredClone({ token, note, base: part === "all" ? base : [], log });
    },
    async claim(token) {
      return enter(token) ? { note: structuredClone(place.note), isDamaged: false } : null;
    },
    async append(token, record, note) {
      const [keptRecord, keptNote] = structuredClone([record, note]);
      if (!enter(token)) return false;
      place.log.push(keptRecord);
      place.note = keptNote;
      return true;
    },
    async replace(token, base, note) {
      const { length } = place.log;
      const kept: unknown[] = [];
      for (const record of base) {
        kept.push(structuredClone(record));
        await Promise.resolve();
      }
      if (!enter(token)) return false;
      place.base = kept;
      place.log = place.log.slice(length);
      if (note !== null) place.note = structuredClone(note);
      return true;
    },
    loss: () => null,
    close: () => Promise.resolve(),
  };
}
