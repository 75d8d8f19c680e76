/**
 * Slots that are kept twice, so that all is there although a platform throws one copy away. Chromium does: a database whose log was torn when
 * the browser was killed, and that is written on after the torn place, is taken for corrupt the next time, and removed as a whole.
 *
 * Nothing is mended in place. What is read is what either has; whoever leads next writes everything anew, into both.
 *
 * @module
 */
import type { Slots } from "./slots.js";

/** `first` decides who has a number. Where `second` fails, `first` has to do. */
export function mirrored(first: Slots, second: Slots): Slots {
  let hasFailed = false;

  /** Does it in the second as well, if that works. */
  async function alsoInSecond<R>(run: () => Promise<R>, otherwise: R): Promise<R> {
    if (hasFailed) return otherwise;
    try {
      return await run();
    } catch {
      hasFailed = true;
      return otherwise;
    }
  }

  return {
    async write(number, value) {
      const outcome = await first.write(number, value);
      if (outcome !== "taken") await alsoInSecond(() => second.write(number, value), outcome);
      return outcome;
    },
    async read(from) {
      const [ofFirst, ofSecond] = [await first.read(from), await alsoInSecond(() => second.read(from), [])];
      return [...new Map([...ofSecond, ...ofFirst])].sort(([one], [other]) => one - other);
    },
    async last() {
      const [ofFirst, ofSecond] = [await first.last(), await alsoInSecond<Awaited<ReturnType<Slots["last"]>>>(() => second.last(), null)];
      return (ofSecond?.number ?? 0) > (ofFirst?.number ?? 0) ? ofSecond : ofFirst;
    },
    async writeBase(number, records) {
      await first.writeBase(number, records);
      await alsoInSecond(() => second.writeBase(number, records), undefined);
    },
    async readBase(number) {
      const records = await first.readBase(number);
      return records.length > 0 ? records : alsoInSecond(() => second.readBase(number), records);
    },
    async sweep(below) {
      await first.sweep(below);
      await alsoInSecond(() => second.sweep(below), undefined);
    },
    async removeBase(number) {
      await first.removeBase(number);
      await alsoInSecond(() => second.removeBase(number), undefined);
    },
    async has(number) {
      return (await first.has(number)) && (await alsoInSecond(() => second.has(number), true));
    },
    loss: () => first.loss() ?? second.loss(),
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
  };
}
