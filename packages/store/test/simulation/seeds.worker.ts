/**
 * A thread of `npm run sim -- --scenario store`: runs its share of the seeds, every `stride`th from `first` on.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { problemsOf } from "./judge.js";
import { simulateUsers } from "./users.js";
import { weatherOf } from "./weathers.js";

interface Share {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
}

const { first, count, stride }: Share = workerData;
const faults: Record<string, number> = {};
const tally = { seeds: count, steps: 0, elections: 0, faults, violations: 0 };

for (let index = 0; index < count; index += 1) {
  const seed = first + index * stride;
  const weather = weatherOf(seed);
  const seen = await simulateUsers({ seed, ...weather, rounds: 40 });
  tally.steps += seen.steps;
  tally.elections += seen.elections;
  for (const [type, times] of Object.entries(seen.befallen)) faults[type] = (faults[type] ?? 0) + times;
  const problems = problemsOf(seen, weather.mayLose);
  if (problems.length === 0) continue;
  tally.violations += 1;
  parentPort?.postMessage({ type: "found", message: [`seed ${seed}, ${weather.name}:`, ...problems].join("\n  ") });
}
parentPort?.postMessage({ type: "done", tally });
