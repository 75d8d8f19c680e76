/**
 * Storages in memory that fail when a test says so, and that a test may look into.
 */
import { createPersistence } from "../src/storage/keeper.js";
import { createMemoryStorages } from "../src/storage/memory.js";
import type { Persistence } from "../src/storage/persistence.js";
import type { Kept, RecordStorage } from "../src/storage/port.js";

export interface FailingStorages {
  readonly persistence: Persistence;
  /** What fails from now on, with what; `null` mends it. */
  fails: { readonly error: Error; readonly at: readonly (keyof RecordStorage)[] } | null;
  /** While it is true, writes are begun and not done. */
  isHeld: boolean;
  /** Resolves when a write is held. */
  held(): Promise<void>;
  /** Lets what was held go on. */
  release(): void;
  /** How many writes were done. */
  readonly writes: number;
  /** Resolves when a base has taken the place of what was there before. */
  replaced(): Promise<void>;
  /** What the store of this name has kept. */
  kept(name: string): Promise<Kept>;
  /** Changes what is kept of the store of this name, as a disk that rots does. */
  spoil(name: string, change: (kept: { base: unknown[]; log: unknown[] }) => void): Promise<void>;
}

export function createFailingStorages(): FailingStorages {
  const storages = createMemoryStorages();
  const spoiled = new Map<string, Pick<Kept, "base" | "log">>();
  let held: (() => void)[] = [];
  const waiting: (() => void)[] = [];
  const replacing: (() => void)[] = [];
  let writes = 0;

  async function enter(at: keyof RecordStorage): Promise<void> {
    if (made.isHeld)
      await new Promise<void>((resolve) => {
        held.push(resolve);
        for (const tell of waiting.splice(0)) tell();
      });
    if (made.fails?.at.includes(at) === true) throw made.fails.error;
  }

  function over(name: string): RecordStorage {
    const storage = storages(`@${name}`);
    return {
      async read(part) {
        if (made.fails?.at.includes("read") === true) throw made.fails.error;
        return { ...(await storage.read(part)), ...spoiled.get(name) };
      },
      async claim(token) {
        if (made.fails?.at.includes("claim") === true) throw made.fails.error;
        return storage.claim(token);
      },
      async append(...given) {
        await enter("append");
        const isDone = await storage.append(...given);
        if (isDone) writes += 1;
        return isDone;
      },
      async replace(...given) {
        await enter("replace");
        spoiled.delete(name);
        const isDone = await storage.replace(...given);
        if (isDone) writes += 1;
        for (const tell of replacing.splice(0)) tell();
        return isDone;
      },
      loss: () => null,
      close: () => storage.close(),
    };
  }

  const made: FailingStorages = {
    persistence: createPersistence((name) => over(name.replace(/^@/, ""))),
    fails: null,
    isHeld: false,
    held: () => (held.length > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    release() {
      made.isHeld = false;
      for (const go of held) go();
      held = [];
    },
    replaced: () => new Promise((resolve) => replacing.push(resolve)),
    get writes() {
      return writes;
    },
    kept: (name) => over(name).read("all"),
    async spoil(name, change) {
      const { base, log } = await storages(`@${name}`).read("all");
      const kept = { base: [...base], log: [...log] };
      change(kept);
      spoiled.set(name, kept);
    },
  };
  return made;
}
