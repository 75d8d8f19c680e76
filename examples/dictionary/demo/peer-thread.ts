/**
 * A worker thread of the demo as the main thread sees it.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import type { Command, Report } from "./messages.js";

/** A report of the given type. */
export type ReportOf<Type extends Report["type"]> = Extract<Report, { readonly type: Type }>;

/** One worker thread and what is known of it. */
export interface PeerThread {
  readonly name: string;
  /** The newest report of that type; `undefined` before the first. */
  last<Type extends Report["type"]>(type: Type): ReportOf<Type> | undefined;
  /** Gives an order. Forgets the last report of type `answer`, so that the next one is the answer. */
  tell(command: Command, answer?: Report["type"]): void;
  /** Ends the thread at once, whatever it is doing. */
  kill(): void;
}

/** Starts a thread from the bundled worker entry `code`, which then waits for orders. `heard` is called after each report, `broken` if the thread ends by itself. */
export function createPeerThread(name: string, code: URL, heard: (report: Report) => void, broken: (reason: string) => void): PeerThread {
  const worker = new Worker(code, {
    name,
    // Without the loader that this process itself runs under: an app's threads have none.
    execArgv: [],
    // A thread that ends gives its heap back page by page, on a core that the others need to elect. These threads need little.
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
  });
  const latest = new Map<Report["type"], Report>();
  let expectedToEnd = false;

  worker.on("message", (report: Report) => {
    if (expectedToEnd) return;
    latest.set(report.type, report);
    heard(report);
  });
  worker.on("error", (error: unknown) => broken(`${name} threw: ${error instanceof Error ? error.stack : String(error)}`));
  worker.on("exit", () => {
    if (!expectedToEnd) broken(`${name} ended by itself`);
  });

  return {
    name,
    last<Type extends Report["type"]>(type: Type) {
      const report = latest.get(type);
      return isOfType(report, type) ? report : undefined;
    },
    tell(command, answer) {
      if (answer !== undefined) latest.delete(answer);
      if (command.type === "stop") expectedToEnd = true;
      worker.postMessage(command);
    },
    kill() {
      expectedToEnd = true;
      void worker.terminate();
    },
  };
}

function isOfType<Type extends Report["type"]>(report: Report | undefined, type: Type): report is ReportOf<Type> {
  return report?.type === type;
}
