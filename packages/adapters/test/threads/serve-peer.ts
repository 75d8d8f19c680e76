/**
 * Runs a peer in a worker thread: does what the test commands, and dies in the ways that a thread can.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { MediumFactory } from "@gen-leader/protocol";
import { createPortAgent } from "@gen-leader/testing/contracts/port-agent";
import type { FromWorker, ToWorker, WorkerPeer } from "./protocol.js";

export function servePeer(medium: MediumFactory): void {
  const port = parentPort;
  if (port === null) throw new Error("This runs in a worker thread.");
  const tell = (message: FromWorker): void => port.postMessage(message);
  const { cluster, id } = workerData as WorkerPeer;
  const agent = createPortAgent(medium(cluster), id, (event) => tell({ type: "event", event }));

  port.on("message", (message: ToWorker) => {
    if (message.type === "exit") process.exit(0);
    if (message.type === "throw") throw new Error("This thread was told to throw.");
    void agent.run(message.command).then((outcome) => tell({ type: "outcome", call: message.call, outcome }));
  });
}
