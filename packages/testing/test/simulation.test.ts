import { expect, test } from "vitest";
import { soak } from "./soak.js";

/** More seeds, from another one on, with the last lines of what happened: SEEDS=10000 FIRST=1 SHOW=50. */
const seeds = Number(process.env.SEEDS ?? 200);
const first = Number(process.env.FIRST ?? 1);
const shown = Number(process.env.SHOW ?? 0);

for (const fenced of [true, false])
  test(`whatever ends, ${fenced ? "with a fence" : "without a fence"}: one leader in the end, all in step, every call settled, nothing acknowledged lost`, {
    timeout: 600_000,
  }, () => {
    const failures: string[] = [];
    for (let seed = first; seed < first + seeds && failures.length < 4; seed += 1) {
      const lines: string[] = [];
      const found: string[] = [];
      try {
        found.push(...soak(seed, fenced, shown > 0 ? (line) => lines.push(line) : null));
      } catch (error) {
        found.push(String(error));
      }
      if (found.length === 0) continue;
      failures.push(`seed ${seed}: ${found.join("; ")}`);
      if (shown > 0) console.info(lines.slice(-shown).join("\n"));
    }
    expect(failures).toEqual([]);
  });
