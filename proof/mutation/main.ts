/**
 * `npm run mutate`: breaks the protocol in every way that the table knows, one at a time, and says which checker noticed.
 *
 * `--list` prints the table, `--only ID` runs one mutant (or several, separated by commas), `--seeds N` that many seeds of random
 * weather, `--verbose` what the checkers said.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { defaultSeeds, huntsOf } from "./hunts.js";
import { editsOf, type Mutant } from "./mutants/mutant.js";
import { mutants } from "./mutants.js";
import { runMutant } from "./run-mutant.js";

/** As many as the machine that this is made for has cores. */
const atATime = 2;

const { values } = parseArgs({
  options: {
    list: { type: "boolean", default: false },
    only: { type: "string" },
    seeds: { type: "string", default: String(defaultSeeds) },
    verbose: { type: "boolean", default: false },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const ids = values.only?.split(",");
  const chosen = ids === undefined ? mutants : mutants.filter(({ id }) => ids.includes(id));
  if (chosen.length === 0) throw new Error(`There is no mutant ${values.only}.`);
  if (values.list) {
    for (const { id, rule, says } of chosen) console.log(`${id} [${rule}] ${says}`);
    return 0;
  }
  const hunts = huntsOf(Number(values.seeds));
  const startedAt = Date.now();
  const control = await runMutant("control", [], hunts);
  if (control !== null) {
    console.log(`control: ${control.checker} complains at seed ${control.seed} of ${control.hunt}: ${control.detail}`);
    console.log(JSON.stringify({ mutants: 0, caught: 0 }));
    return 1;
  }
  console.log(`control clean ${seconds(startedAt)}`);
  const survivors: Mutant[] = [];
  const waiting = [...chosen];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift())
      if (!(await isCaught(mutant))) survivors.push(mutant);
  };
  await Promise.all(Array.from({ length: atATime }, work));
  for (const { id, rule, says } of survivors) console.log(`SURVIVED ${id} [${rule}] ${says}`);
  console.log(JSON.stringify({ mutants: chosen.length, caught: chosen.length - survivors.length }));
  return survivors.length === 0 ? 0 : 1;

  async function isCaught(mutant: Mutant): Promise<boolean> {
    const since = Date.now();
    const caught = await runMutant(mutant.id, editsOf(mutant), hunts).catch((error: unknown) => {
      // The source has changed under it: that is to be seen, but the others can go on.
      console.log(`${mutant.id}: CANNOT BE MADE: ${String(error)}`);
      return null;
    });
    if (caught === null) console.log(`${mutant.id}: SURVIVED ${seconds(since)}`);
    else console.log(`${mutant.id}: caught by ${caught.checker}, ${caught.hunt} seed ${caught.seed} ${seconds(since)}`);
    if (caught !== null && values.verbose) console.log(`    ${caught.detail}`);
    return caught !== null;
  }
}

function seconds(since: number): string {
  return `(${((Date.now() - since) / 1000).toFixed(1)} s)`;
}
