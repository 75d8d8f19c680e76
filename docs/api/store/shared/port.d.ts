import { Token } from "gen-leader";

//#region src/storage/port.d.ts
/** What is kept: records that stand for everything before, and what was appended since, each in the order in which it was written. */
interface Kept {
  /** Of who wrote last, or took the storage over; `null` if nobody did. */
  readonly token: Token | null;
  /** What whoever wrote last has noted; `null` if nobody has. */
  readonly note: unknown;
  readonly base: readonly unknown[];
  readonly log: readonly unknown[];
}
/**
 * Keeps records and a note, all structured-cloneable. Under a smaller token than somebody has written under nothing is written, whoever was first to
 * ask; it resolves to `null` or `false`. A write that resolves is kept, whatever ends then; one that rejects may
 * be kept or not. Writes of one storage are done in the order in which they were asked for, except that appends overtake a `replace` that
 * is under way. A platform that loses its connection is asked once more.
 */
interface RecordStorage {
  /** What is kept. `"log"` leaves the base out, which may be large. */
  read(part: "all" | "log"): Promise<Kept>;
  /** From now on nobody writes under a smaller token. Resolves to the note, and whether what is kept should be written anew although it can be read. */
  claim(token: Token): Promise<{
    readonly note: unknown;
    readonly isDamaged: boolean;
  } | null>;
  /** Appends one record to the log. */
  append(token: Token, record: object, note: object): Promise<boolean>;
  /**
   * Puts `base` in the place of all that was there when it was asked for: all at once, when the last of it is written. What is appended
   * meanwhile stays behind it. `note` goes with it; `null` leaves the note as it is. `base` may be gone through more than once.
   */
  replace(token: Token, base: Iterable<object>, note: object | null): Promise<boolean>;
  /** What the platform says that it has thrown away since it was opened last, in its own words; `null` if it says nothing. */
  loss(): string | null;
  /** Frees what is open, when what was asked for is done. Idempotent; nothing is asked for afterwards. */
  close(): Promise<void>;
}
//#endregion
export { RecordStorage as n, Kept as t };