/**
 * The demo: several worker threads share a dictionary; leaders are killed, and nothing that was acknowledged is
 * lost. Exits 0 if so, 1 if anything was lost, happened twice or got stuck.
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import { createCluster, StuckError } from "./cluster.js";
import { createJournal } from "./journal.js";
import { type DemoOptions, parseOptions, usage } from "./options.js";
import { createNarrator, summarize } from "./report.js";
import { playRound, type RoundResult, startAll } from "./round.js";

/** How long the demo waits for any one thing: far beyond what anything takes, since only a fault reaches it. */
const stuckMs = 30_000;

/**
 * Has each thread compile its code when it loads it. By default V8 compiles a function when it is first called: then a third
 * of the failover is the compiler's, in threads that live for a second, and says nothing of those that live for days.
 */
setFlagsFromString("--no-lazy");

async function runDemo({ threads, rounds, json }: DemoOptions): Promise<boolean> {
  const colour = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
  const narrator = createNarrator(json ? () => undefined : console.log, colour);
  const journal = createJournal();
  const cluster = createCluster({
    code: await bundleWorker(new URL("./peer.worker.ts", import.meta.url)),
    stuckMs,
    heard: (_thread, report) => {
      if (report.type === "acknowledged") journal.acknowledge(report.value, report.atMs);
      if (report.type === "refused") journal.refuse(report.value, report.outcome);
    },
  });

  narrator.begin(threads);
  for (let index = 0; index < threads; index += 1) cluster.spawn();
  const first = await startAll(cluster);
  narrator.firstElection(first.leader.name, first.token, first.electedMs, first.agreedMs, threads);

  const results: RoundResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const result = await playRound(cluster, journal, round);
    results.push(result);
    narrator.round(round, result, journal);
  }
  cluster.close();

  const summary = summarize(threads, first.leader.name, results, journal);
  narrator.end(summary, journal.faults);
  if (json) {
    for (const fault of journal.faults) console.error(fault);
    console.log(JSON.stringify(summary));
  }
  return journal.faults.length === 0;
}

async function main(): Promise<number> {
  let options: DemoOptions;
  try {
    options = parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 1;
  }
  if (options.help) {
    console.log(usage);
    return 0;
  }
  try {
    return (await runDemo(options)) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof StuckError ? `Stuck. ${error.message}` : error);
    return 1;
  }
}

// Ends the threads that are still up, which otherwise keep the process alive; output to a pipe is written first.
main().then(
  (code) => process.stdout.write("", () => process.exit(code)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
