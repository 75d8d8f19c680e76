/**
 * The process of the chaos runs of a store on Node: three threads that count in one store, kept in files. It tells what is acknowledged, a
 * line each, before anything else happens.
 *
 * @module
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { isMainThread, threadId, Worker, workerData } from "node:worker_threads";
import { openStore } from "@gen-leader/store";
import { files } from "@gen-leader/store/files";
import { keepCounting, lanesStore, type Told } from "./lanes.js";

const [directory = "", life = ""]: readonly string[] = isMainThread ? process.argv.slice(2) : workerData;
const others = 2;

/** Straight to the output of the process, from whichever thread. */
function tell(told: Told): void {
  writeSync(1, `${JSON.stringify(told)}\n`);
}

const store = await openStore("lanes", { ...lanesStore, persistence: files(directory), keepProcessAlive: true });
if (isMainThread) {
  const threads = Array.from({ length: others }, () => new Worker(new URL(import.meta.url), { workerData: [directory, life] }));
  createInterface(process.stdin).on("line", () => void threads.pop()?.terminate());
}
await keepCounting(store, `${life}-${threadId}`, tell);
