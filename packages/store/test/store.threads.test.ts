/**
 * A store of real threads: whoever leads is ended in the middle of everything, and nothing that was acknowledged is lost, or there twice.
 */
import { Worker } from "node:worker_threads";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import { expect, test } from "vitest";
import type { Told } from "./writer.worker.js";

const deaths = 10;
const writesBetween = 50;

test("nothing that was acknowledged is lost with its leader, and nothing is there twice", async () => {
  const code = await bundleWorker(new URL("./writer.worker.ts", import.meta.url));
  const threads = new Map<string, Worker>();
  const acknowledged = new Set<string>();
  const inStep = new Set<string>();
  let leader = "";
  let read: readonly string[] = [];
  let wake = (): void => undefined;

  function start(name: string): void {
    const thread = new Worker(code, { workerData: name, execArgv: [] });
    threads.set(name, thread);
    thread.on("message", (told: Told) => {
      if (threads.get(name) !== thread) return;
      if (told.type === "acknowledged") acknowledged.add(told.value);
      else if (told.type === "leads") leader = told.thread;
      else if (told.type === "in step") inStep.add(name);
      else read = told.values;
      wake();
    });
    thread.on("error", (error) => {
      throw error;
    });
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  for (let number = 1; number <= 4; number += 1) start(`thread-${number}`);
  for (let death = 1; death <= deaths; death += 1) {
    const enough = acknowledged.size + writesBetween;
    // Whoever has just come has nothing yet: of those who have all that was acknowledged, one has to be left.
    await until(() => acknowledged.size >= enough && threads.has(leader) && [...threads.keys()].every((name) => inStep.has(name)));
    const victim = threads.get(leader);
    threads.delete(leader);
    void victim?.terminate();
    start(`thread-${4 + death}`);
  }
  const enough = acknowledged.size + writesBetween;
  await until(() => acknowledged.size >= enough);

  const known = [...acknowledged];
  const [survivor] = threads.values();
  survivor?.postMessage("read");
  await until(() => read.length > 0);
  expect(known.filter((value) => !read.includes(value))).toEqual([]);
  expect(new Set(read).size).toBe(read.length);
  await Promise.all([...threads.values()].map((thread) => thread.terminate()));
});
