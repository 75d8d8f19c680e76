/**
 * A peer of the contract suites in a worker thread: runs the commands that the test sends, and dies in the ways
 * that a thread can.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import { createPortAgent, type PortAgent } from "@gen-leader/testing/contracts/port-agent";
import type { FromWorker, ToWorker, WorkerPeer } from "./protocol.js";

const port = parentPort;
if (port === null) throw new Error("This runs in a worker thread.");
const tell = (message: FromWorker): void => port.postMessage(message);

const { cluster, id } = workerData as WorkerPeer;
const agent: PortAgent = createPortAgent(createWorkerThreadsMedium()(cluster), id, (event) => tell({ type: "event", event }));

port.on("message", (message: ToWorker) => {
  if (message.type === "exit") process.exit(0);
  if (message.type === "throw") throw new Error("This thread was told to throw.");
  void agent.run(message.command).then((outcome) => tell({ type: "outcome", call: message.call, outcome }));
});
