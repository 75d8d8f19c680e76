/**
 * A storage over numbered slots, each of which is written once: of two that want one number the second is told, and looks who was first. This is
 * how a leader that was deposed is kept out, although nothing is read before it is written: a tab that hangs in the middle of a write holds up
 * nobody.
 *
 * @module
 */
import { compareTokens, type Token } from "gen-leader";
import type { RecordStorage } from "./port.js";

/** What a platform keeps: slots by number from 1 on, and bases, each by the number of the first slot that comes after it. */
export interface Slots {
  /**
   * Writes a slot, all at once, if there is none of this number; resolves to `"taken"` if there is. To `"last"` when it is kept and the last one, to
   * `"overtaken"` if there is a larger one by then.
   */
  write(number: number, value: Write): Promise<"last" | "overtaken" | "taken">;
  /** All slots from a number on, in order; `null` in the place of one that is torn. */
  read(from: number): Promise<readonly (readonly [number: number, value: unknown])[]>;
  /** The largest number, and what its slot holds, or the last that can be read. */
  last(): Promise<{ readonly number: number; readonly write: Write } | null>;
  /** Writes a base. Nobody else writes one of this number. */
  writeBase(number: number, records: Iterable<object>): Promise<void>;
  /** The records of a base, in order; `null` in the place of one that is torn, and nothing after it. */
  readBase(number: number): Promise<readonly unknown[]>;
  /** Removes the slots and bases below a number, the smallest first. */
  sweep(below: number): Promise<void>;
  removeBase(number: number): Promise<void>;
  /** Whether the slot of a number is there, as often as slots are kept. */
  has(number: number): Promise<boolean>;
  /** What the platform says that it has thrown away, in its own words; `null` if it says nothing. */
  loss(): string | null;
  close(): Promise<void>;
}

/** What a slot holds. */
export interface Write {
  readonly token: Token;
  readonly note: unknown;
  readonly record: object | null;
  /** The number of the base that counts, 0 if there is none: records of slots from there on come after it. */
  readonly base: number;
}

export function createSlotStorage(slots: Slots): RecordStorage {
  /** The number that is free, as far as is known. */
  let next: number | null = null;
  let base = 0;
  /** What was asked for last, when it is done. */
  let last: Promise<unknown> = Promise.resolve();

  /** Does one thing after the other. */
  function inTurn<R>(run: () => Promise<R>): Promise<R> {
    const result = last.then(run);
    last = result.catch(() => undefined);
    return result;
  }

  /** Writes the next slot, unless somebody has written under a larger token. Resolves to its number, and what the one before holds. */
  async function add(
    token: Token,
    make: (before: Write | null) => Pick<Write, "note" | "record" | "base">,
    isBlind: boolean,
  ): Promise<{ readonly number: number; readonly before: Write | null } | null> {
    for (;;) {
      let before: Write | null = null;
      if (next === null || !isBlind) {
        const found = await slots.last();
        if (found !== null && compareTokens(token, found.write.token) < 0) return null;
        before = found?.write ?? null;
        base = before?.base ?? 0;
        next = (found?.number ?? 0) + 1;
      }
      const number = next;
      next = null;
      const outcome = await slots.write(number, { token, ...make(before) });
      if (outcome === "taken") continue;
      // A number may be free because what had it was swept away: then it does not count.
      if (outcome === "overtaken" && number < ((await slots.last())?.write.base ?? 0)) continue;
      if (outcome === "last") next = number + 1;
      return { number, before };
    }
  }

  return {
    read: (part) =>
      inTurn(async () => {
        for (;;) {
          const found = await slots.last();
          const number = found?.write.base ?? 0;
          const written = await slots.read(number);
          const records = part === "all" && number > 0 ? await slots.readBase(number) : [];
          // Somebody else may have put another base in its place meanwhile, and swept this one away.
          if (((await slots.last())?.write.base ?? 0) !== number) continue;
          const log = written.flatMap(([, value]) => {
            const write = value as Write | null;
            // In the place of a torn write stands something that nobody can read: what comes after it is of no use.
            if (write === null) return [null];
            return write.record === null ? [] : [write.record];
          });
          const { token = null, note = null } = found?.write ?? {};
          return { token, note, base: records, log };
        }
      }),
    async claim(token) {
      return inTurn(async () => {
        const added = await add(token, (before) => ({ note: before?.note ?? null, record: null, base }), false);
        if (added === null) return null;
        // What counts goes from the slot of its base to the last one: where one of these is missing, something was lost, or torn.
        const ends = [base, added.number - 1].filter((number) => number > 0);
        const areThere = await Promise.all(ends.map((number) => slots.has(number)));
        return { note: added.before?.note ?? null, isDamaged: areThere.includes(false) };
      });
    },
    async append(token, record, note) {
      return (await inTurn(() => add(token, () => ({ note, record, base }), true))) !== null;
    },
    async replace(token, records, note) {
      // A write of its own, so that it is known from where on appends stay.
      const begun = await inTurn(() => add(token, (before) => ({ note: before?.note ?? null, record: null, base }), false));
      if (begun === null) return false;
      const written = begun.number;
      try {
        await slots.writeBase(written, records);
      } catch (error) {
        await slots.removeBase(written);
        throw error;
      }
      const isOurs = await inTurn(async () => {
        // Of two that this peer wrote at once, the later one stands for more.
        if (base > written) throw new Error("A later base has taken its place.");
        const added = await add(token, (before) => ({ note: note ?? before?.note ?? null, record: null, base: written }), false);
        if (added !== null) base = written;
        return added !== null;
      });
      if (!isOurs) await slots.removeBase(written);
      // What the next leader may be writing by now has a larger number.
      if (isOurs) await inTurn(() => slots.sweep(written));
      return isOurs;
    },
    loss: slots.loss,
    async close() {
      await inTurn(() => slots.close());
    },
  };
}
