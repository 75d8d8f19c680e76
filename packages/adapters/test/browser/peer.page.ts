/**
 * What a page of the browser tests runs: peers of the contract suites, in the page itself or in dedicated workers
 * of it. The script is its own worker.
 */
import { createBrowserMedium } from "@gen-leader/adapters/browser";
import type { PeerId } from "@gen-leader/protocol";
import type { Command, Outcome, PortEvent } from "@gen-leader/testing/contracts";
import { createPortAgent, type PortAgent } from "@gen-leader/testing/contracts/port-agent";

interface WorkerCommand {
  readonly call: number;
  readonly cluster: string;
  readonly id: PeerId;
  readonly command: Command | null;
}

type WorkerAnswer = { readonly call: number; readonly outcome: Outcome } | { readonly event: PortEvent };

/** Where a peer runs: in the page, in the page without keeping it awake, or in a dedicated worker of it. */
export type Place = "page" | "sleepy page" | "worker";

/** What the test calls. */
export interface PeerPage {
  start(key: string, cluster: string, id: PeerId, where: Place): Promise<void>;
  run(key: string, command: Command): Promise<Outcome>;
  /** Ends the worker that a peer runs in. */
  terminate(key: string): void;
  /** The locks that the page itself holds or awaits. */
  ownLocks(): Promise<readonly string[]>;
  /** From now on a peer gives everything back when the page is about to stand still, as a server does. */
  closeOnSuspend(key: string): void;
  /** What the page's lifecycle has told, and what the page itself was told, in order. */
  readonly lifecycle: readonly string[];
}

declare global {
  interface Window {
    peers: PeerPage;
    /** Put there by the test. */
    reportEvent(key: string, event: PortEvent): Promise<void>;
  }
}

interface Runner {
  run(command: Command): Promise<Outcome>;
  terminate(): void;
}

const script = import.meta.url;
const medium = createBrowserMedium();

function startHere(cluster: string, id: PeerId, report: (event: PortEvent) => void, keepAwake: boolean): Runner {
  const agent = createPortAgent(medium(cluster, { keepAwake }), id, report);
  return { run: (command) => agent.run(command), terminate: () => undefined };
}

async function startInWorker(cluster: string, id: PeerId, report: (event: PortEvent) => void): Promise<Runner> {
  const worker = new Worker(script, { type: "module" });
  const outcomes: ((outcome: Outcome) => void)[] = [];
  const ask = (command: Command | null): Promise<Outcome> =>
    new Promise((resolve) => {
      const call = outcomes.push(resolve) - 1;
      worker.postMessage({ call, cluster, id, command } satisfies WorkerCommand);
    });
  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
    if ("event" in data) report(data.event);
    else outcomes[data.call]?.(data.outcome);
  };
  await ask(null);
  return { run: ask, terminate: () => worker.terminate() };
}

function servePage(): void {
  const runners = new Map<string, Runner>();
  const lifecycle: string[] = [];
  const closing = new Set<Runner>();
  medium("lifecycle").lifecycle?.watch({
    suspend() {
      lifecycle.push("suspend");
      for (const runner of closing) void runner.run({ type: "close", port: "fence" });
    },
    resume: () => lifecycle.push("resume"),
    visible: (visible) => lifecycle.push(visible ? "visible" : "hidden"),
  });
  for (const name of ["pagehide", "pageshow"] as const) {
    window.addEventListener(name, ({ persisted }) => lifecycle.push(`${name} ${persisted ? "cached" : "for good"}`));
  }
  for (const name of ["freeze", "resume"]) document.addEventListener(name, () => lifecycle.push(`${name} event`));
  window.peers = {
    lifecycle,
    closeOnSuspend(key) {
      const runner = runners.get(key);
      if (runner !== undefined) closing.add(runner);
    },
    ownLocks: () =>
      navigator.locks.request("which client is this", async () => {
        const { held = [], pending = [] } = await navigator.locks.query();
        const own = held.find(({ name }) => name === "which client is this")?.clientId;
        return [...held, ...pending].flatMap(({ name = "", clientId }) =>
          clientId === own && name !== "which client is this" ? [name] : [],
        );
      }),
    async start(key, cluster, id, where) {
      const report = (event: PortEvent): void => void window.reportEvent(key, event);
      runners.set(key, where === "worker" ? await startInWorker(cluster, id, report) : startHere(cluster, id, report, where === "page"));
    },
    run(key, command) {
      const runner = runners.get(key);
      if (runner === undefined) throw new Error(`There is no peer ${key}.`);
      return runner.run(command);
    },
    terminate: (key) => runners.get(key)?.terminate(),
  };
}

function serveWorker(): void {
  const answer = (message: WorkerAnswer): void => self.postMessage(message);
  let agent: PortAgent | null = null;
  self.onmessage = async ({ data: { call, cluster, id, command } }: MessageEvent<WorkerCommand>) => {
    agent ??= createPortAgent(medium(cluster), id, (event) => answer({ event }));
    answer({ call, outcome: command === null ? { threw: null, value: null } : await agent.run(command) });
  };
}

if (typeof document === "undefined") serveWorker();
else servePage();
