/**
 * A thread of `npm run sim`: runs its share of the seeds.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { runSeeds, type Seeds } from "./run-seeds.js";

const share: Seeds = workerData;
const tally = await runSeeds(share, (message) => parentPort?.postMessage({ type: "found", message }));
parentPort?.postMessage({ type: "done", tally });
