/**
 * One run: writers of a store are started, killed all at once at some moment, and started again on what they have left.
 *
 * @module
 */
import { createRandom, type SeededRandom } from "@gen-leader/testing";
import { wallTime } from "../../pages/src/records.js";
import type { Lanes } from "./lanes.js";
import { type Faults, Ledger } from "./ledger.js";
import type { Place } from "./place.js";

/** What a run came to. */
export interface StoreChaosResult {
  readonly restarts: number;
  /** Commands that were acknowledged. */
  readonly commands: number;
  /** Acknowledged commands without an effect. */
  readonly lost: number;
  /** Effects beyond one of a command. */
  readonly twice: number;
  /** Commands that were not acknowledged although their writer was alive. */
  readonly refused: number;
}

/** How many acknowledgements one life sees: from and to. */
const answers = [20, 400] as const;

/** Lets it happen for so long. `note` is told of every life. */
export async function runStoreChaos(place: Place, seed: number, ms: number, note: (line: string) => void): Promise<StoreChaosResult> {
  const random = createRandom(seed);
  const ledger = new Ledger();
  const end = wallTime() + ms;
  let [lost, twice, refused, restarts] = [0, 0, 0, 0];
  for (let life = 1; ; life += 1) {
    const isLast = wallTime() >= end;
    const begun = await live(place, life, ledger, isLast ? null : random);
    const { faults } = begun;
    [lost, twice, refused] = [Math.max(lost, faults.lost), Math.max(twice, faults.twice), refused + begun.refusals.length];
    note(`life ${life}: ${JSON.stringify({ ...faults, commands: ledger.commands })} ${[...new Set(begun.refusals)].join("; ")}`);
    if (isLast) return { restarts, commands: ledger.commands, lost, twice, refused };
    restarts += 1;
  }
}

interface Lived {
  /** What was wrong at its beginning. */
  readonly faults: Faults;
  readonly refusals: readonly string[];
}

/** One life, up to its violent end; without `random` it ends as soon as it has looked. */
async function live(place: Place, number: number, ledger: Ledger, random: SeededRandom | null): Promise<Lived> {
  const refusals: string[] = [];
  const before = ledger.known();
  const seen: { found: Lanes | null; answers: number; wake: () => void } = { found: null, answers: 0, wake: () => undefined };
  const begun = await place.begin(number, (told) => {
    if (told.type === "found") seen.found ??= told.lanes;
    else if (told.type === "refused") refusals.push(told.error);
    else {
      ledger.answered(told.lane, told.number);
      seen.answers += 1;
    }
    seen.wake();
  });
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo())
      await new Promise<void>((resolve) => {
        seen.wake = resolve;
      });
  };
  await until(() => seen.found !== null);
  const faults = before.compare(seen.found ?? {});
  if (random !== null) {
    const enough = random.between(...answers);
    if (random.chance(0.5)) {
      await until(() => seen.answers >= enough / 2);
      await begun.endOne();
    }
    await until(() => seen.answers >= enough);
  }
  await begun.kill();
  return { faults, refusals };
}
