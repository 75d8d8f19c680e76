/**
 * A store of 100 MB, and somebody who joins.
 */
import { Worker } from "node:worker_threads";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import { expect, test } from "vitest";
import type { Asked, Told } from "./large.worker.js";

const parts = 1000;
const bytes = 100_000;

test("who joins a store of 100 MB gets it in pieces, while commands go on", async () => {
  const code = await bundleWorker(new URL("./large.worker.ts", import.meta.url));
  const threads: Worker[] = [];
  let counted = 0;

  /** A thread, and what it tells next of a kind. */
  function start(name: string, role: "candidate" | "worker") {
    const thread = new Worker(code, { workerData: { name, role }, execArgv: [] });
    threads.push(thread);
    const told: Told[] = [];
    let wake = (): void => undefined;
    thread.on("message", (message: Told) => {
      if (message.type === "counted") counted += 1;
      else told.push(message);
      wake();
    });
    thread.on("error", (error) => {
      throw error;
    });
    return {
      ask: (asked: Asked) => thread.postMessage(asked),
      async next<T extends Told["type"]>(type: T): Promise<Extract<Told, { type: T }>> {
        for (;;) {
          const index = told.findIndex((message) => message.type === type);
          const [found] = index < 0 ? [] : told.splice(index, 1);
          if (found !== undefined) return found as Extract<Told, { type: T }>;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
    };
  }

  const leader = start("leader", "candidate");
  await leader.next("caught up");
  leader.ask({ type: "fill", parts, bytes });
  await leader.next("filled");
  const writer = start("writer", "worker");
  await writer.next("caught up");
  writer.ask({ type: "count" });

  leader.ask({ type: "measure" });
  const before = counted;
  const joiner = start("joiner", "candidate");
  await joiner.next("open");
  const atOpen = counted;
  const { parts: got, bytes: gotBytes } = await joiner.next("caught up");
  const during = counted - atOpen;
  for (const one of [leader, joiner]) one.ask({ type: "report" });
  const [ofLeader, ofJoiner] = [await leader.next("delay"), await joiner.next("delay")];
  console.log(
    `a joiner of ${gotBytes / 1e6} MB: ${during} commands meanwhile (${atOpen - before} while it started); event loops stood still for at most ${ofLeader.longestMs.toFixed(1)} ms (leader) and ${ofJoiner.longestMs.toFixed(1)} ms (joiner)`,
  );
  expect([got, gotBytes]).toEqual([parts, parts * bytes]);
  expect(during).toBeGreaterThan(20);
  await Promise.all(threads.map((thread) => thread.terminate()));
});
