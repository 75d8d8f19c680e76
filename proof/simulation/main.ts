/**
 * `npm run sim`: many seeds, many faults, every promise checked. `--seeds` says how many, `--first` from which on; `--seed`
 * runs a single one and prints what it finds. `--scenario` says whose users there are: those of the dictionary, or of a store.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import { addTallies, emptyTally, type Tally } from "./tally.js";

type Report = { readonly type: "found"; readonly message: string } | { readonly type: "done"; readonly tally: Tally };

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1000" },
    first: { type: "string", default: "1" },
    seed: { type: "string" },
    scenario: { type: "string", default: "dictionary" },
  },
});
const first = Number(values.seed ?? values.first);
const seeds = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(seeds) || seeds < 1)
  throw new Error("--seeds, --first and --seed take whole numbers.");
const threads = Math.min(availableParallelism(), seeds);
const workers = new Map([
  ["dictionary", new URL("./seeds.worker.ts", import.meta.url)],
  ["store", new URL("../../packages/store/test/simulation/seeds.worker.ts", import.meta.url)],
]);
const workerUrl = workers.get(values.scenario);
if (workerUrl === undefined) throw new Error(`--scenario takes ${[...workers.keys()].join(" or ")}, not "${values.scenario}".`);
const code = await bundleWorker(workerUrl);

/** The commit that was tested, where there is one. */
function commit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
}

function runShare(index: number): Promise<Tally> {
  const count = Math.floor(seeds / threads) + (index < seeds % threads ? 1 : 0);
  const worker = new Worker(code, { workerData: { first: first + index, count, stride: threads } });
  return new Promise((resolve, reject) => {
    worker.on("message", (report: Report) => {
      if (report.type === "done") resolve(report.tally);
      else console.log(`commit ${commit()}\n${report.message}\n`);
    });
    worker.on("error", reject);
  });
}

const tallies = await Promise.all(Array.from({ length: threads }, (_, index) => runShare(index)));
const tally = tallies.reduce(addTallies, emptyTally);
console.log(JSON.stringify(tally));
process.exit(tally.violations === 0 ? 0 : 1);
