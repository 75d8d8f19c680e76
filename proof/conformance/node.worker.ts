/**
 * A node of a replay in a worker thread.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { createRealm } from "gen-leader";
import { createWorkerThreadsMedium } from "gen-leader/worker-threads";
import { createNodeHost, type NodeHost } from "./node-host.js";
import type { FromNode, ToNode } from "./node-messages.js";

const port = parentPort;
if (port === null) throw new Error("This runs in a worker thread.");
const tell = (message: FromNode) => port.postMessage(message);
let host: NodeHost | null = null;

port.on("message", (message: ToNode) => {
  switch (message.type) {
    case "be":
      host = createNodeHost({
        node: message.node,
        namespace: message.namespace,
        realm: createRealm(createWorkerThreadsMedium()),
        // Whoever failed to lead steps back for a moment only: the recorded tests did not wait for it. Machines of tests are busy, so
        // that a newcomer needs longer to be sure that nobody answers.
        limits: { backOffMs: 250, discoveryMs: 400 },
        schedule: (callback, delayMs) => void setTimeout(callback, delayMs),
        report: (report) => tell({ type: "report", report }),
      });
      break;
    case "order":
      host?.obey(message.order);
      break;
    case "freeze":
      tell({ type: "frozen" });
      Atomics.wait(message.cell, 0, 0);
      break;
    case "standings":
      tell({ type: "standings", standings: host?.standings() ?? [] });
      break;
  }
});
tell({ type: "ready" });
