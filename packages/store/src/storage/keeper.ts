/**
 * Keeps what a leader makes: takes the storage over from the last one, and writes commits, many at once when many wait.
 *
 * @module
 */
import { compareTokens, type Token } from "gen-leader";
import { StorageFailedError, type StoreError } from "../errors.js";
import { defaultStoreLimits, type StoreLimits } from "../limits.js";
import { holds, markOf } from "../lineage.js";
import type { Commit, Replica } from "../replica.js";
import { weigh } from "../weight.js";
import { asFailure } from "./failure.js";
import type { Note } from "./note.js";
import type { Keeper, KeeperOptions, Persistence, StorageReport, Successor } from "./persistence.js";
import type { RecordStorage } from "./port.js";
import { readStored } from "./read-stored.js";
import { type Restored, restore, sealCommits, sealReplica } from "./records.js";

interface Tenure<S> {
  readonly token: Token;
  readonly report: (report: StorageReport) => void;
  waiting: Commit[];
  latest: Replica<S>;
  /** Whether all has to be written anew: what is stored is not what this leader went on from. */
  isAnew: boolean;
  baseWeight: number;
  logWeight: number;
  /** What is stored. */
  stored: Replica<S>;
  isWriting: boolean;
}

/** Storages by the names of their stores, as what keeps stores. */
export function createPersistence(createStorage: (name: string) => RecordStorage, limits = defaultStoreLimits): Persistence {
  return { open: (name, options) => createKeeper(createStorage(name), limits, options) };
}

function createKeeper<S extends object>(storage: RecordStorage, limits: StoreLimits, { release, logger }: KeeperOptions<S>): Keeper<S> {
  const { version } = release;
  let tenure: Tenure<S> | null = null;
  let idle: Promise<unknown> = Promise.resolve();
  /** As long as a base is being written beside the log. */
  let compaction: Promise<void> | null = null;
  let failure: StoreError | null = null;
  /** How often it was taken over. */
  let turns = 0;

  function noteOf({ position, lineage }: Replica<S>, { baseWeight, logWeight }: Tenure<S>): Note {
    return { position, lineage, version, baseWeight, logWeight };
  }

  async function write(own: Tenure<S>): Promise<void> {
    if (own.isWriting) return;
    own.isWriting = true;
    while (own === tenure && (own.isAnew || own.waiting.length > 0)) {
      const commits = own.waiting;
      own.waiting = [];
      const { latest, isAnew } = own;
      const { position } = latest;
      try {
        const isKept = isAnew ? await writeAnew(own, latest) : await append(own, commits, latest);
        // Somebody leads under a larger token.
        if (!isKept) return void end(own);
        if (isAnew) own.isAnew = false;
        own.stored = latest;
        failure = null;
        own.report({ token: own.token, position, isStored: true });
      } catch (error) {
        own.isAnew = true;
        failure = asFailure(error);
        logger?.error("gen-leader: a store could not be written", failure);
        own.report({ token: own.token, position, isStored: false });
        // Whoever makes the next commit tries again.
        if (own.waiting.length === 0) break;
      }
      if (compaction === null && isWorthIt(own)) compaction = compact(own);
    }
    own.isWriting = false;
  }

  function append(own: Tenure<S>, commits: readonly Commit[], latest: Replica<S>): Promise<boolean> {
    own.logWeight += weigh(commits);
    return storage.append(own.token, sealCommits(commits), noteOf(latest, own));
  }

  async function writeAnew(own: Tenure<S>, latest: Replica<S>): Promise<boolean> {
    // One base after the other: the last one that is named counts.
    await compaction;
    own.logWeight = 0;
    return storage.replace(own.token, weighed(own, latest), noteOf(latest, own));
  }

  /** The records of a copy, as often as they are gone through; its weight is known when that was done. */
  function weighed(own: Tenure<S>, replica: Replica<S>): Iterable<object> {
    return {
      *[Symbol.iterator]() {
        let weight = 0;
        for (const record of sealReplica({ replica, version }, limits.piece)) {
          weight += weigh(record);
          yield record;
        }
        own.baseWeight = weight;
      },
    };
  }

  /** Puts the copy in the place of a log that weighs more. Commits go on meanwhile. */
  async function compact(own: Tenure<S>): Promise<void> {
    own.logWeight = 0;
    try {
      if (!(await storage.replace(own.token, weighed(own, own.stored), null))) end(own);
    } catch (error) {
      // What is stored is still whole, and longer than it could be.
      logger?.warn("gen-leader: a store's log could not be compacted", asFailure(error));
    }
    compaction = null;
  }

  /** Whether the log weighs so much that the copy is less to write, and to read. */
  function isWorthIt({ isAnew, logWeight, baseWeight }: Tenure<S>): boolean {
    return !isAnew && logWeight > Math.max(limits.log, baseWeight);
  }

  function end(own: Tenure<S>): void {
    if (own === tenure) tenure = null;
  }

  function go(own: Tenure<S>): void {
    idle = write(own);
  }

  /** What this peer goes on with, and what is to be written of it. */
  async function compare(
    own: Replica<S>,
    note: Note | null,
    { after, isInStep }: Successor<S>,
  ): Promise<Pick<Tenure<S>, "latest" | "isAnew" | "waiting">> {
    const anew = { latest: own, isAnew: true, waiting: [] };
    // Even a store that nobody has changed is written whole: its next release may begin with something else.
    if (note === null) return anew;
    if (holds(own, markOf(note))) {
      const missing = note.position === own.position ? [] : after(note.position);
      return missing === null || note.version !== version ? anew : { latest: own, isAnew: false, waiting: [...missing] };
    }
    const restored = await read(own, note).catch((error: unknown) => {
      // Who was in step has all that was acknowledged, and mends what is stored.
      if (isInStep && error instanceof StorageFailedError && error.reason === "corrupt") return null;
      throw error;
    });
    // Something else is stored only if a leader could not write: then the later history counts.
    if (restored === null || !(holds(restored.replica, markOf(own)) || isLater(restored.replica, own))) return anew;
    return { latest: restored.replica, isAnew: restored.dropped > 0 || note.version !== version, waiting: [] };
  }

  async function read(own: Replica<S>, note: Note): Promise<Restored<S> | null> {
    if (note.version === version && holds(note, markOf(own))) {
      // As a rule a few commits are missing, and not the copy, which may be large.
      const near = restore({ base: [], log: (await storage.read("log")).log }, { replica: own, version });
      if (near?.replica.position === note.position) return near;
    }
    return readStored<S>(storage, release, logger).then((stored) => stored.restored);
  }

  return {
    async read() {
      try {
        const { token, restored } = await readStored(storage, release, logger);
        const loss = storage.loss();
        if (loss !== null) logger?.error(`gen-leader: the platform has thrown away what a store had stored: ${loss}`);
        return { epoch: token?.epoch ?? 0, replica: restored?.replica ?? null };
      } catch (error) {
        throw asFailure(error);
      }
    },
    async takeOver(token, successor) {
      const { own, report } = successor;
      turns += 1;
      const turn = turns;
      tenure = null;
      await idle;
      try {
        const claim = await storage.claim(token);
        // Somebody leads under a larger token: this one will hear of it, and keeps nothing.
        if (claim === null) return null;
        const note = claim.note === null ? null : (claim.note as Note);
        const { baseWeight = 0, logWeight = 0 } = note ?? {};
        const plan = await compare(own, note, successor);
        const begun: Tenure<S> = {
          ...{ token, report, baseWeight, logWeight, stored: plan.latest, isWriting: false },
          ...plan,
          isAnew: plan.isAnew || claim.isDamaged,
        };
        // Whoever asked may have been given up, and have asked again.
        if (turn !== turns) return null;
        tenure = begun;
        if (begun.isAnew || begun.waiting.length > 0) go(begun);
        else report({ token, position: begun.latest.position, isStored: true });
        failure = null;
        return begun.latest === own ? null : begun.latest;
      } catch (error) {
        failure = asFailure(error);
        throw failure;
      }
    },
    get failure() {
      return failure;
    },
    keep(commit, made) {
      if (tenure === null) return;
      tenure.waiting.push(commit);
      tenure.latest = made;
      if (!tenure.isWriting) go(tenure);
    },
    async close() {
      await idle;
      await compaction;
      tenure = null;
      await storage.close();
    },
  };
}

function isLater<S>(one: Replica<S>, other: Replica<S>): boolean {
  const [mine, theirs] = [markOf(one), markOf(other)];
  return (compareTokens(mine.token, theirs.token) || mine.position - theirs.position) > 0;
}
