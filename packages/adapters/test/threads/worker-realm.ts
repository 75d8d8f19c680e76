/**
 * A peer under test in a worker thread of its own.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { PeerId } from "@gen-leader/protocol";
import type { Outcome, PeerRealm, PortEvent } from "@gen-leader/testing/contracts";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import type { FromWorker, ToWorker, WorkerPeer } from "./protocol.js";

/** The ways in which a thread ends without its peer's doing. */
export const threadDeaths = ["terminate", "process.exit", "uncaught error", "terminate in a busy loop"] as const;

/** Starts peers in threads, their ports not open yet. */
export type StartInThread = (cluster: string, id: PeerId, report: (event: PortEvent) => void) => Promise<PeerRealm>;

/** Starts peers that run `entry`, a module that serves one. */
export function createThreadStarter(entry: URL): StartInThread {
  const script = bundleWorker(entry);
  return async (cluster, id, report) => startInThread(await script, cluster, id, report);
}

async function startInThread(script: URL, cluster: string, id: PeerId, report: (event: PortEvent) => void): Promise<PeerRealm> {
  const worker = new Worker(script, { workerData: { cluster, id } satisfies WorkerPeer });
  const outcomes = new Map<number, (outcome: Outcome) => void>();
  let calls = 0;
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", () => resolve());
  });
  const tell = (message: ToWorker): void => worker.postMessage(message);

  worker.on("message", (message: FromWorker) => {
    if (message.type === "event") report(message.event);
    else outcomes.get(message.call)?.(message.outcome);
  });
  // What a thread was told to throw arrives here; anything else shows in the test that waits for the thread.
  worker.on("error", () => undefined);
  await once(worker, "online");

  return {
    run: (command) =>
      new Promise((resolve) => {
        calls += 1;
        outcomes.set(calls, resolve);
        tell({ type: "run", call: calls, command });
      }),
    async die(death) {
      if (death === "process.exit") tell({ type: "exit" });
      else if (death === "uncaught error") tell({ type: "throw" });
      else {
        if (death === "terminate in a busy loop") tell({ type: "run", call: 0, command: { type: "spin", durationMs: 60_000 } });
        await worker.terminate();
      }
      await exited;
    },
    async end() {
      await worker.terminate();
    },
  };
}
