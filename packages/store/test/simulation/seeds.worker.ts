/**
 * A thread of `npm run sim -- --scenario store`: runs its share of the seeds, every `stride`th from `first` on.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { problemsOf } from "./judge.js";
import { simulateUsers } from "./users.js";
import { runOf } from "./weathers.js";

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
  const { name, mayLose, users } = runOf(seed);
  const seen = await simulateUsers({ seed, ...users });
  tally.steps += seen.steps;
  tally.elections += seen.elections;
  for (const [type, times] of Object.entries(seen.befallen)) faults[type] = (faults[type] ?? 0) + times;
  const problems = problemsOf(seen, mayLose);
  if (problems.length === 0) continue;
  tally.violations += 1;
  parentPort?.postMessage({ type: "found", message: [`seed ${seed}, ${name}:`, ...problems].join("\n  ") });
}
parentPort?.postMessage({ type: "done", tally });
