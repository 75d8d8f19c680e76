/**
 * A realm of the conformance tests in a worker thread.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import { createRealm } from "gen-leader";
import { createWorkerThreadsMedium } from "gen-leader/worker-threads";
import { createHost } from "./host.js";
import type { FromThread, ThreadData, ToThread } from "./thread-messages.js";

const port = parentPort;
if (port === null) throw new Error("This runs in a worker thread.");
const tell = (message: FromThread) => port.postMessage(message);
const { namespace }: ThreadData = workerData;

const host = createHost({
  realm: createRealm(createWorkerThreadsMedium()),
  namespace,
  report: (report) => tell({ type: "report", report }),
});

port.on("message", (message: ToThread) => {
  if (message.type === "order") return host.obey(message.order);
  tell({ type: "frozen" });
  Atomics.wait(message.cell, 0, 0);
});
tell({ type: "report", report: { type: "ready" } });
