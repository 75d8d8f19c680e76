/**
 * A storage of a store over the simulated one that all realms share: several transactions for a base, as in IndexedDB.
 */
import type { SimulatedStorage, SimulatedTransaction } from "@gen-leader/testing";
import { compareTokens, type Token } from "gen-leader";
import type { RecordStorage } from "../../src/storage/port.js";

interface Head {
  readonly token: Token;
  readonly note: unknown;
  readonly base: number;
  readonly nextBase: number;
  readonly next: number;
}

/** Records of a base that are written in one transaction. */
const batch = 4;

export function overSimulated(storage: SimulatedStorage): RecordStorage {
  function write<R>(token: Token, run: (transaction: SimulatedTransaction, head: Head) => [Head, R]): Promise<R | null> {
    return storage.transact(
      (transaction) => {
        const known = headOf(transaction);
        if (compareTokens(token, known?.token ?? null) < 0) return null;
        const [head, result] = run(transaction, known ?? { token, note: null, base: 0, nextBase: 1, next: 0 });
        transaction.set("head", { ...head, token });
        return result;
      },
      { token },
    );
  }

  return {
    read: (part) =>
      storage.transact((transaction) => {
        const head = headOf(transaction);
        const below = (prefix: string): readonly unknown[] =>
          [...transaction.entries()].flatMap(([key, value]) => (key.startsWith(prefix) ? [value] : []));
        const base = part === "all" && head !== null ? below(keyOf("base", head.base)) : [];
        return { token: head?.token ?? null, note: head?.note ?? null, base, log: below("log") };
      }),
    claim: (token) => write(token, (_transaction, head) => [head, { note: head.note }]),
    async append(token, record, note) {
      const isOurs = await write(token, (transaction, head) => {
        transaction.set(keyOf("log", head.next), record);
        return [{ ...head, note, next: head.next + 1 }, true];
      });
      return isOurs ?? false;
    },
    async replace(token, base, note) {
      const begun = await write(token, (_transaction, head) => [{ ...head, nextBase: head.nextBase + 1 }, head]);
      if (begun === null) return false;
      const all = [...base];
      for (let from = 0; from < all.length; from += batch) {
        const isOurs = await write(token, (transaction, head) => {
          for (const [index, record] of all.slice(from, from + batch).entries())
            transaction.set(`${keyOf("base", begun.nextBase)}${keyOf("", from + index)}`, record);
          return [head, true];
        });
        if (isOurs === null) return false;
      }
      const isOurs = await write(token, (transaction, head) => {
        for (const key of transaction.entries().keys()) {
          const isOldBase = key.startsWith("base") && !key.startsWith(keyOf("base", begun.nextBase));
          if (isOldBase || (key.startsWith("log") && key < keyOf("log", begun.next))) transaction.delete(key);
        }
        return [{ ...head, note: note ?? head.note, base: begun.nextBase }, true];
      });
      return isOurs ?? false;
    },
    close: () => Promise.resolve(),
  };
}

function headOf(transaction: SimulatedTransaction): Head | null {
  return (transaction.get("head") as Head | undefined) ?? null;
}

function keyOf(kind: string, number: number): string {
  return `${kind}/${String(number).padStart(9, "0")}`;
}
