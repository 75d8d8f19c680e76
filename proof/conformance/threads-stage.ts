/**
 * Nodes that are worker threads: killed by `terminate()`, frozen by a thread that blocks. A pause ends when the servers agree on a leader
 * and nothing has happened between several looks at them, or when it has lasted as long as the recorded one.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import type { Standing } from "./node-host.js";
import type { FromNode, ToNode } from "./node-messages.js";
import type { Report } from "./records.js";
import type { Stage, StageFactory } from "./stage.js";

/** Long enough for an election by timers; a pause that ends by agreement is much shorter. */
const leastPauseMs = 1500;
const longestPauseMs = 15_000;
/** How many looks in a row must show the same. */
const quietLooks = 4;
const betweenLooksMs = 5;
/** For a frame to arrive on threads that may be busy. */
const arrivalMs = 100;

type Placed = Standing & { readonly node: string };

interface Thread {
  readonly worker: Worker;
  node: string;
  hear: ((report: Report) => void) | null;
  frozen: Int32Array | null;
  onFrozen: (() => void) | null;
  onStandings: ((standings: readonly Standing[]) => void) | null;
}

let stages = 0;

export const createThreadsStage: StageFactory = async ({ nodes, apart, hear, fail }) => {
  const bundle = await bundleWorker(new URL("./node.worker.ts", import.meta.url));
  stages += 1;
  const namespace = `conform ${process.pid} ${stages}`;
  const threads = new Map<string, Thread>();
  const retired = new Set<string>();
  const dying: Thread[] = [];
  const watchers = new Set<() => void>();
  let spare: Promise<Thread> | null = null;

  const keyOf = (node: string, name: string) => (apart.has(name) ? `${node} ${name}` : node);
  const of = (node: string) => [...threads].filter(([, thread]) => thread.node === node);

  function spawn(): Promise<Thread> {
    const worker = new Worker(bundle);
    const thread: Thread = { worker, node: "", hear: null, frozen: null, onFrozen: null, onStandings: null };
    return new Promise((resolve, reject) => {
      worker.on("error", (error) => {
        // Such a thread answers nothing any more.
        fail(thread.node, error);
        reject(error);
      });
      worker.on("exit", () => {
        thread.frozen ??= new Int32Array(1);
        thread.onFrozen?.();
        thread.onStandings?.([]);
        for (const look of [...watchers]) look();
      });
      worker.on("message", (message: FromNode) => {
        if (message.type === "ready") resolve(thread);
        else if (message.type === "frozen") thread.onFrozen?.();
        else if (message.type === "standings") thread.onStandings?.(message.standings);
        else thread.hear?.(message.report);
        for (const look of [...watchers]) look();
      });
    });
  }

  function tell(thread: Thread, message: ToNode): void {
    thread.worker.postMessage(message);
  }

  async function threadOf(node: string, name: string): Promise<Thread> {
    const key = keyOf(node, name);
    const known = threads.get(key);
    if (known !== undefined) return known;
    const thread = await (spare ?? spawn());
    // A restart at once needs a thread that is there.
    spare = apart.size > 0 ? spawn() : null;
    return settleIn(thread, node, key);
  }

  function settleIn(thread: Thread, node: string, key: string): Thread {
    thread.node = node;
    thread.hear = (report) => hear(node, report);
    threads.set(key, thread);
    tell(thread, { type: "be", node, namespace });
    return thread;
  }

  function block(thread: Thread): Promise<void> {
    if (thread.frozen !== null) return Promise.resolve();
    const cell = new Int32Array(new SharedArrayBuffer(4));
    thread.frozen = cell;
    return new Promise((resolve) => {
      thread.onFrozen = resolve;
      tell(thread, { type: "freeze", cell });
    });
  }

  async function end(thread: Thread): Promise<void> {
    thread.hear = null;
    await thread.worker.terminate();
  }

  /** What the servers of interest look like now, on the threads that run. */
  async function look(): Promise<readonly Placed[]> {
    const running = [...threads.values()].filter(({ frozen }) => frozen === null);
    const all = await Promise.all(
      running.map(
        (thread) =>
          new Promise<Placed[]>((resolve) => {
            thread.onStandings = (standings) => resolve(standings.map((standing) => ({ ...standing, node: thread.node })));
            tell(thread, { type: "standings" });
          }),
      ),
    );
    return all.flat().filter(({ name }) => !retired.has(name));
  }

  /** Resolves once nothing happens any more and it is as it should be, or after so long. */
  async function quiet(limitMs: number, fits: (standings: readonly Placed[]) => boolean): Promise<void> {
    const endMs = performance.now() + limitMs;
    let [last, looks] = ["", 0];
    while (performance.now() < endMs) {
      const standings = await look();
      const now = JSON.stringify(standings);
      looks = now === last ? looks + 1 : 0;
      last = now;
      if (looks >= quietLooks && fits(standings)) return;
      await new Promise((resolve) => setTimeout(resolve, betweenLooksMs));
    }
  }

  // All are there before the first start, so that starts at one time are at one time.
  for (const [node, thread] of await Promise.all(nodes.map(async (name) => [name, await spawn()] as const))) settleIn(thread, node, node);

  const stage: Stage = {
    name: "threads",
    splits: false,
    async order(order) {
      const thread = await threadOf(order.node, order.name);
      tell(thread, { type: "order", order });
    },
    // It stops dead first, and is gone a moment later: as with a process, the others hear of it only then.
    async kill(node) {
      for (const [key, thread] of of(node)) {
        threads.delete(key);
        thread.hear = null;
        await block(thread);
        dying.push(thread);
      }
    },
    async killProcess(node, name) {
      const key = keyOf(node, name);
      const thread = threads.get(key);
      threads.delete(key);
      if (thread !== undefined) await end(thread);
    },
    async freeze(node) {
      await Promise.all(of(node).map(([, thread]) => block(thread)));
    },
    thaw(node) {
      for (const [, thread] of of(node)) {
        if (thread.frozen === null) continue;
        Atomics.store(thread.frozen, 0, 1);
        Atomics.notify(thread.frozen, 0);
        thread.frozen = null;
      }
    },
    network() {},
    arrive: () => quiet(arrivalMs, () => true),
    async pause(ms) {
      await Promise.all(dying.splice(0).map(end));
      await quiet(Math.min(Math.max(ms, leastPauseMs), longestPauseMs), agreed);
    },
    async until(holds, limitMs) {
      if (holds()) return;
      // Whoever waits for an answer from the dead has to hear that they are.
      await Promise.all(dying.splice(0).map(end));
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          watchers.delete(look);
          resolve();
        };
        const look = () => holds() && done();
        const timer = setTimeout(done, limitMs);
        watchers.add(look);
      });
    },
    retire(name) {
      retired.add(name);
      for (const [key, thread] of [...threads]) {
        if (!key.endsWith(` ${name}`)) continue;
        threads.delete(key);
        void end(thread);
      }
    },
    async close() {
      const rest = [...threads.values(), ...dying];
      if (spare !== null) rest.push(await spare);
      await Promise.all(rest.map(end));
    },
  };
  return stage;
};

/** Whether the servers of each name have one leader among them, that counts on exactly them. */
function agreed(standings: readonly Placed[]): boolean {
  const names = new Set(standings.map(({ name }) => name));
  return [...names].every((name) => {
    const peers = standings.filter((standing) => standing.name === name);
    const [first] = peers;
    return peers.every(
      ({ leader, epoch, inStep }) =>
        leader !== null &&
        leader === first?.leader &&
        epoch === first.epoch &&
        inStep.length === peers.length &&
        peers.some(({ node }) => node === leader),
    );
  });
}
