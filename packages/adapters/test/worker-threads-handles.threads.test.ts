/**
 * The medium of worker threads and the process that it runs in: what keeps it alive, what is left, and who else is there.
 */
import { once } from "node:events";
import { BroadcastChannel, MessageChannel, postMessageToThread, threadId, Worker } from "node:worker_threads";
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import type { DownReason, Medium, PeerId } from "@gen-leader/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScripts, type Scripts } from "./threads/script.js";

let scripts: Scripts;
beforeAll(async () => {
  scripts = await createScripts();
});
afterAll(() => scripts.remove());

const a: PeerId = "a#1";

/** Lines that open a peer with all its ports and a watch, and hold the fence. */
const openPeer = (id: PeerId, options = ""): string => `
  import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
  const medium = createWorkerThreadsMedium(${options})("handles");
  const heard = [];
  await medium.transport.open("${id}", (frame) => { heard.push(frame); onFrame(frame); });
  await medium.failureDetector.open("${id}");
  await medium.fence.open("${id}", () => undefined);
  medium.fence.request([]);
  medium.failureDetector.monitor("nobody#1", () => undefined);
  medium.clock.schedule(() => undefined, 600_000);
  let onFrame = () => undefined;
  const close = () => { medium.fence.close(); medium.failureDetector.close(); medium.transport.close(); };
`;

async function openAll({ transport, failureDetector }: Medium, id: PeerId, receive: (frame: unknown) => void): Promise<void> {
  await transport.open(id, receive);
  await failureDetector.open(id);
}

function closeAll({ transport, failureDetector }: Medium): void {
  failureDetector.close();
  transport.close();
}

/** Opens a peer here and resolves with what is heard first, after it has said something itself. */
async function firstFrame(medium: Medium): Promise<unknown> {
  return new Promise((resolve) => {
    void openAll(medium, a, resolve).then(() => medium.transport.post({ hello: true }));
  });
}

/** Starts a thread whose peer b answers every posted frame with `{ b: true }`, and waits until it has answered. */
async function startNeighbour(medium: Medium, lines = ""): Promise<Worker> {
  const script = await scripts.bundle(`${openPeer("b#1")}
    import { parentPort } from "node:worker_threads";
    onFrame = () => medium.transport.post({ b: true });
    parentPort.on("message", (task) => { if (task === "close") { close(); parentPort.postMessage("closed"); } });
    ${lines}
    parentPort.postMessage("open");`);
  const worker = new Worker(script);
  await once(worker, "message");
  expect(await firstFrame(medium)).toEqual({ b: true });
  return worker;
}

const downOf = (medium: Medium, peer: PeerId): Promise<DownReason> =>
  new Promise((resolve) => {
    medium.failureDetector.monitor(peer, resolve);
  });

test("an open peer keeps no process alive", async () => {
  const script = await scripts.bundle(`${openPeer(a)} console.log("open");`);
  expect(await scripts.run(script)).toEqual({ output: "open\n", code: 0 });
});

test("an open peer keeps no thread alive, linked or not", async () => {
  const thread = await scripts.bundle(`${openPeer("b#1")}
    onFrame = ({ last }) => medium.transport.send("a#1", { last });`);
  const script = await scripts.bundle(`${openPeer(a)}
    import { Worker } from "node:worker_threads";
    const worker = new Worker(new URL(${JSON.stringify(thread.href)}));
    worker.on("exit", () => console.log("thread ended"));`);
  expect(await scripts.run(script)).toEqual({ output: "thread ended\n", code: 0 });
});

test("it does where it is asked to, until it closes", async () => {
  const script = await scripts.bundle(`${openPeer(a, "{ keepProcessAlive: true }")}
    process.stdin.on("data", () => { close(); console.log("closed"); process.stdin.unref(); });
    process.stdin.unref();
    console.log("open");
    process.on("exit", () => console.log("exit"));`);
  const ended = await scripts.run(script, (line, say) => {
    if (line === "open") say("close");
  });
  expect(ended).toEqual({ output: "open\nclosed\nexit\n", code: 0 });
});

test("close leaves nothing behind", async () => {
  const thread = await scripts.bundle(`${openPeer("b#1")}
    onFrame = () => medium.transport.send("a#1", { answer: true });
    medium.transport.post({ here: true });
    setInterval(() => undefined, 60_000);`);
  const script = await scripts.bundle(`${openPeer(a, "{ keepProcessAlive: true }")}
    import { Worker } from "node:worker_threads";
    const count = () => JSON.stringify([
      process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length > 0,
      process.listenerCount("workerMessage"),
      Object.getOwnPropertySymbols(globalThis).filter((key) => String(key).includes("gen-leader")).length,
    ]);
    const worker = new Worker(new URL(${JSON.stringify(thread.href)}));
    await new Promise((resolve) => { onFrame = resolve; });
    const down = new Promise((resolve) => medium.failureDetector.monitor("b#1", resolve));
    for (let round = 0; round < 20; round += 1) {
      await new Promise((resolve) => { onFrame = resolve; medium.transport.send("b#1", { round }); });
    }
    console.log(count());
    await worker.terminate();
    console.log(await down);
    close();
    await new Promise((resolve) => setImmediate(resolve));
    console.log(count());`);
  expect(await scripts.run(script)).toEqual({ output: "[true,1,1]\ncrashed\n[false,0,0]\n", code: 0 });
});

test("a thread that goes on without its peer is told from one that is busy", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  const worker = await startNeighbour(medium);
  worker.postMessage("close");
  await once(worker, "message");
  expect(await downOf(medium, "b#1")).toMatch(/left|crashed/);
  closeAll(medium);
  await worker.terminate();
});

test("a thread without a peer in which another library listens is no peer either", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  const worker = await startNeighbour(medium, `process.on("workerMessage", () => undefined);`);
  worker.postMessage("close");
  await once(worker, "message");
  expect(await downOf(medium, "b#1")).toBe("crashed");
  closeAll(medium);
  await worker.terminate();
});

test("a listener of another library that throws keeps nobody from being linked", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  const worker = await startNeighbour(
    medium,
    `process.on("uncaughtException", () => undefined);
     process.prependListener("workerMessage", () => { throw new Error("not mine"); });`,
  );
  const down = downOf(medium, "b#1");
  const answer = new Promise((resolve) => {
    medium.transport.close();
    void medium.transport.open(a, resolve);
  });
  medium.transport.post({});
  expect(await answer).toEqual({ b: true });
  await worker.terminate();
  expect(await down).toBe("crashed");
  closeAll(medium);
});

test("messages of other libraries are left alone", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  await openAll(medium, a, () => undefined);
  const worker = new Worker(
    `const { postMessageToThread, parentPort, MessageChannel } = require("node:worker_threads");
     setInterval(() => undefined, 60_000);
     const rubbish = [undefined, null, 1, "text", {}, { genLeader: "link" }, { genLeader: "link", cluster: 1, from: "x#1", to: "a#1", port: {} }];
     Promise.allSettled(rubbish.map((message) => postMessageToThread(${threadId}, message)))
       .then((results) => parentPort.postMessage(results.map(({ status }) => status)));`,
    { eval: true },
  );
  const [statuses] = await once(worker, "message");
  expect(new Set(statuses as string[])).toEqual(new Set(["fulfilled"]));
  closeAll(medium);
  await worker.terminate();
});

test("what is no message of ours on the channel is handed on as no frame, to be counted", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  const frames: unknown[] = [];
  const heard = new Promise<void>((resolve) => {
    void openAll(medium, a, (frame) => {
      frames.push(frame);
      if (frames.length === 3) resolve();
    });
  });
  const channel = new BroadcastChannel("gen-leader/handles");
  for (const rubbish of [undefined, { genLeader: "channel" }, { genLeader: "channel", from: "b#1", thread: 1, body: { type: "located" } }])
    channel.postMessage(rubbish);
  await heard;
  expect(frames).toEqual([null, null, null]);
  channel.close();
  closeAll(medium);
});

test("two copies of the library in one thread are two peers", async () => {
  const copy = await scripts.bundle(`export { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";`);
  type Copy = { readonly createWorkerThreadsMedium: typeof createWorkerThreadsMedium };
  const [one, other]: Copy[] = await Promise.all([import(`${copy.href}?1`), import(`${copy.href}?2`)]);
  if (one === undefined || other === undefined) throw new Error("There are two copies.");
  const listeners = process.listenerCount("workerMessage");
  const here = one.createWorkerThreadsMedium()("handles");
  const there = other.createWorkerThreadsMedium()("handles");
  const heard = new Promise((resolve) => {
    void openAll(there, "b#1", resolve);
  });
  await openAll(here, a, () => undefined);
  expect(process.listenerCount("workerMessage"), "one listener for both").toBe(listeners + 1);
  here.transport.post({ n: 1 });
  expect(await heard).toEqual({ n: 1 });
  const down = downOf(there, a);
  const script = await scripts.bundle(`${openPeer("c#1")}
    import { parentPort } from "node:worker_threads";
    let down = 0;
    onFrame = () => { for (const peer of ["a#1", "b#1"]) medium.failureDetector.monitor(peer, (reason) => parentPort.postMessage([peer, reason])); };
    parentPort.postMessage("open");
    setInterval(() => undefined, 60_000);`);
  const watcher = new Worker(script);
  await once(watcher, "message");
  here.transport.post({});
  const notices = new Map<string, string>();
  watcher.on("message", ([peer, reason]: [string, string]) => notices.set(peer, reason));
  closeAll(here);
  expect(await down).toBe("left");
  if (notices.size < 1) await once(watcher, "message");
  expect([...notices.keys()]).toEqual([a]);
  closeAll(there);
  if (notices.size < 2) await once(watcher, "message");
  expect([...notices.keys()]).toEqual([a, "b#1"]);
  expect(process.listenerCount("workerMessage")).toBe(listeners);
  await watcher.terminate();
});

test("a link that is asked for in the name of a cluster that this thread does not know is refused", async () => {
  const medium = createWorkerThreadsMedium()("handles");
  await openAll(medium, a, () => undefined);
  const script = await scripts.bundle(`
    import { MessageChannel, parentPort, postMessageToThread } from "node:worker_threads";
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (message) => parentPort.postMessage(message));
    await postMessageToThread(${threadId}, { genLeader: "link", cluster: "other", from: "x#1", to: "a#1", port: port2 }, [port2]);`);
  const worker = new Worker(script);
  const [answer] = await once(worker, "message");
  expect(answer).toEqual({ type: "gone" });
  closeAll(medium);
  await worker.terminate();
  // Without a peer there is no listener, so nobody takes anything.
  const { port2 } = new MessageChannel();
  await expect(postMessageToThread(worker.threadId, {}, [port2])).rejects.toThrow();
});
