/**
 * A site of worker threads: every realm is a thread, and dies by `terminate()`.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import type { Report } from "./messages.js";
import { createSite, type Line, type Site } from "./site.js";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.js";

let sites = 0;

export function createThreadSite(): Site {
  const bundle = bundleWorker(new URL("./peer.worker.ts", import.meta.url));
  sites += 1;
  const namespace = `conformance ${process.pid} ${sites}`;
  return createSite({
    name: "worker threads",
    limits: {},
    network: null,
    async open(_name, report) {
      const worker = new Worker(await bundle, { workerData: { namespace } satisfies ThreadData });
      return connect(worker, report);
    },
  });
}

/** Resolves once the thread has loaded. */
function connect(worker: Worker, report: (report: Report) => void): Promise<Line> {
  return new Promise((resolve, reject) => {
    let cell: Int32Array | null = null;
    let frozen: (() => void) | null = null;
    let dead = false;
    const tell = (message: ToThread) => worker.postMessage(message);

    const line: Line = {
      order: (order) => tell({ type: "order", order }),
      kill() {
        dead = true;
        void worker.terminate();
      },
      freeze() {
        const made = new Int32Array(new SharedArrayBuffer(4));
        cell = made;
        return new Promise((done) => {
          frozen = done;
          tell({ type: "freeze", cell: made });
        });
      },
      thaw() {
        if (cell === null) return;
        Atomics.store(cell, 0, 1);
        Atomics.notify(cell, 0);
        cell = null;
      },
      async close() {
        dead = true;
        line.thaw();
        await worker.terminate();
      },
    };

    worker.on("message", (message: FromThread) => {
      // What was on its way when the realm died counts as unsaid.
      if (dead) return;
      if (message.type === "frozen") return frozen?.();
      report(message.report);
      if (message.report.type === "ready") resolve(line);
    });
    worker.on("error", (error) => {
      if (!dead) reject(error);
    });
  });
}
