/**
 * The page under test: a peer of the dictionary per cluster, as the address says
 * (`?cluster=name&namespace=name&peer=name&role=worker&priority=n&prefer=visible&host=…&site=url&keepAwake=false&counted=true&start=later`), and
 * `window.fixture` for the test.
 *
 * @module
 */
import { type Endpoint, type Remote, transfer, wrap } from "comlink";
import { type Activity, countActivity, readActivity } from "./activity.js";
import type { HostedPeer } from "./hosted-peer.js";
import { type PeerApi, type PeerSettings, startPeer } from "./peer.js";
import {
  closeOpenedWindow,
  hearWindows,
  type PeerInWindow,
  serveMaker,
  startInFrame,
  startInOpenedWindow,
  tellThroughMaker,
} from "./peer-in-window.js";
import { createPostbox } from "./postbox.js";
import { startPulse } from "./pulse.js";
import { apartFrom, bindingName, copyOf, type Observe, type PageRecord, type Report, wallTime } from "./records.js";
import { busyLoop } from "./stamped-dictionary.js";

/** What tests do to a page. */
export interface Fixture {
  /** Starts the peer that the address describes. */
  start(): Promise<void>;
  /** Starts another peer in this page. */
  startPeer(settings: PeerSettings, host: PeerHost): Promise<void>;
  /** Loads the library a second time, and starts with it another peer of the cluster that the address names, which tests call by `copyOf`. */
  startCopy(): Promise<void>;
  /** Asks the peer of a cluster something. */
  invoke<Method extends keyof PeerApi>(
    cluster: string,
    method: Method,
    args: Parameters<PeerApi[Method]>,
  ): Promise<Awaited<ReturnType<PeerApi[Method]>>>;
  /** Ends the worker that hosts the peer of a cluster, without a warning. The time at which it did. */
  terminate(cluster: string): number;
  /** Closes the window that this page has opened. The time at which it did. */
  closeWindow(): number;
  /** Occupies the page's thread for `ms`, from its next task on. */
  hang(ms: number): void;
  /** How busy the page was, if its address asked for that to be counted. */
  activity(): Activity;
  /** Shows how the page's timers run; see `startPulse`. */
  startPulse(gapMs: number): void;
}

declare global {
  interface Window {
    fixture: Fixture;
    [bindingName]?: (record: string) => void;
  }
}

/** Asks a peer something, wherever it runs. */
type Invoke = (method: keyof PeerApi, args: readonly unknown[]) => Promise<unknown>;

/** The peers of this page, from the moment that they were asked to start. */
const peers = new Map<string, Promise<Invoke>>();
const workers = new Map<string, Worker>();
/** Whether the others cannot be reached from here, as the test knows. */
const isApart = new URLSearchParams(location.search).has("apart");

/** Tells this page from others that the tab has shown. */
const page = String(performance.timeOrigin);
let count = 0;
/** What the page has told since it was hidden for another page, when nobody may have listened any more. */
let untold: readonly Report[] | null = null;

function report(record: PageRecord, whose: Pick<Report, "ofCopy"> = {}): void {
  count += 1;
  const next: Report = { page, number: count, record, ...whose };
  if (untold !== null) untold = [...untold, next];
  send(next);
}

const postboxUrl = new URLSearchParams(location.search).get("postbox");
const postbox = postboxUrl === null ? null : createPostbox(postboxUrl);

function send(next: Report): void {
  if (tellThroughMaker(next)) return;
  if (postbox === null) {
    window[bindingName]?.(JSON.stringify(next));
    return;
  }
  postbox.post(next);
  const { type } = next.record;
  if (untold !== null || type === "hang" || type === "page") postbox.flush();
}

/** Tells again what was told while the page went. */
function tellAgain(): void {
  for (const told of untold ?? []) send(told);
}

const observe: Observe = (observation) => report({ ...observation, at: wallTime() });

/** Where a peer of a page runs. A third-party frame is one of the site under test in a page of another. */
const hosts = ["page", "worker", "shared worker", "frame", "sandboxed frame", "third-party frame", "opened window"] as const;
export type PeerHost = (typeof hosts)[number];

function peerOf(address: URL): { readonly settings: PeerSettings; readonly host: PeerHost } {
  const query = address.searchParams;
  return {
    settings: {
      cluster: query.get("cluster") ?? "dictionary",
      namespace: query.get("namespace") ?? "",
      peer: query.get("peer"),
      role: query.get("role") === "worker" ? "worker" : "candidate",
      priority: Number(query.get("priority") ?? "0"),
      keepAwake: query.get("keepAwake") !== "false",
      prefersVisible: query.get("prefer") === "visible",
    },
    host: hosts.find((host) => host === query.get("host")) ?? "page",
  };
}

/** How a test names a peer of this page. */
function keyOf({ cluster, namespace }: PeerSettings): string {
  const name = namespace === "" ? cluster : `${namespace}/${cluster}`;
  return isApart ? apartFrom(name) : name;
}

async function startInPage(settings: PeerSettings): Promise<Invoke> {
  const api = await startPeer(settings, observeAs(settings));
  return async (method, args) => Reflect.apply(api[method], undefined, args);
}

/** Two clusters of one name differ by their namespace; records name both. */
function observeAs(settings: PeerSettings): Observe {
  return (observation) => observe("cluster" in observation ? { ...observation, cluster: keyOf(settings) } : observation);
}

async function startHosted(settings: PeerSettings, endpoint: Endpoint): Promise<Invoke> {
  const remote: Remote<HostedPeer> = wrap<HostedPeer>(endpoint);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<PageRecord>) => report("cluster" in data ? { ...data, cluster: keyOf(settings) } : data);
  await remote.start(settings, transfer(port2, [port2]));
  return (method, args) => remote.invoke(method, args);
}

function startInWorker(settings: PeerSettings): Promise<Invoke> {
  const worker = new Worker(new URL("./peer.worker.ts", import.meta.url), { type: "module" });
  workers.set(keyOf(settings), worker);
  return startHosted(settings, worker);
}

function startInSharedWorker(settings: PeerSettings): Promise<Invoke> {
  const worker = new SharedWorker(new URL("./peer.shared-worker.ts", import.meta.url), { type: "module", name: keyOf(settings) });
  return startHosted(settings, worker.port);
}

async function startInWindow(starting: Promise<Remote<PeerInWindow>>): Promise<Invoke> {
  const peer = await starting;
  return (method, args) => peer.invoke(method, args);
}

/** Another module than this page's own: whoever loads it has the library once more. */
async function startInCopy(settings: PeerSettings): Promise<Invoke> {
  const copy: { readonly startPeer: typeof startPeer } = await import(/* @vite-ignore */ new URL("copy.js", location.href).href);
  const api = await copy.startPeer(settings, (observation) => report({ ...observation, at: wallTime() }, { ofCopy: true }));
  return async (method, args) => Reflect.apply(api[method], undefined, args);
}

const startIn: Readonly<Record<PeerHost, (settings: PeerSettings) => Promise<Invoke>>> = {
  page: startInPage,
  worker: startInWorker,
  "shared worker": startInSharedWorker,
  frame: () => startInWindow(startInFrame(location.origin, false)),
  "sandboxed frame": () => startInWindow(startInFrame(location.origin, true)),
  "third-party frame": () => startInWindow(startInFrame(new URLSearchParams(location.search).get("site") ?? location.origin, false)),
  "opened window": () => startInWindow(startInOpenedWindow()),
};

/** The border between what a test asks, typed, and what travels to a worker. */
function invoke<Method extends keyof PeerApi>(
  cluster: string,
  method: Method,
  args: Parameters<PeerApi[Method]>,
): Promise<Awaited<ReturnType<PeerApi[Method]>>>;
async function invoke(cluster: string, method: keyof PeerApi, args: readonly unknown[]): Promise<unknown> {
  return (await peerNamed(cluster))(method, args);
}

async function peerNamed(cluster: string): Promise<Invoke> {
  const peer = await peers.get(cluster);
  if (peer === undefined) throw new Error(`No peer of "${cluster}" runs in this page; there are: ${[...peers.keys()].join(", ")}`);
  return peer;
}

// First of all listeners, so that what the peer does when the page goes is told again, before what it does when the page is back.
addEventListener("pagehide", () => {
  untold = [];
});
document.addEventListener("resume", tellAgain);
addEventListener("pageshow", () => {
  tellAgain();
  untold = null;
});

const own = peerOf(new URL(location.href));
const fixture: Fixture = {
  start: () => fixture.startPeer(own.settings, own.host),
  async startCopy() {
    const peer = startInCopy(own.settings);
    peers.set(copyOf(keyOf(own.settings)), peer);
    await peer;
  },
  async startPeer(settings, host) {
    const peer = startIn[host](settings);
    peers.set(keyOf(settings), peer);
    await peer;
  },
  invoke,
  terminate(cluster) {
    const worker = workers.get(cluster);
    if (worker === undefined) throw new Error(`No worker of this page hosts a peer of "${cluster}".`);
    const at = wallTime();
    worker.terminate();
    return at;
  },
  closeWindow() {
    const at = wallTime();
    closeOpenedWindow();
    return at;
  },
  hang(ms) {
    setTimeout(() => {
      observe({ type: "hang", edge: "begin" });
      busyLoop(ms);
      observe({ type: "hang", edge: "end" });
    }, 0);
  },
  activity: readActivity,
  startPulse: (gapMs) => startPulse(gapMs, observe),
};
window.fixture = fixture;
hearWindows(send);
serveMaker({
  start: () => fixture.start(),
  invoke: async (method, args) => (await peerNamed(keyOf(own.settings)))(method, args),
});

addEventListener("error", ({ message }) => observe({ type: "error", message }));
addEventListener("unhandledrejection", ({ reason }) => observe({ type: "error", message: `unhandled rejection: ${String(reason)}` }));
addEventListener("pagehide", ({ persisted }) => observe({ type: "page", event: "pagehide", persisted }));
addEventListener("pageshow", ({ persisted }) => observe({ type: "page", event: "pageshow", persisted }));
document.addEventListener("freeze", () => observe({ type: "page", event: "freeze", persisted: false }));
document.addEventListener("resume", () => observe({ type: "page", event: "resume", persisted: false }));
document.addEventListener("visibilitychange", () =>
  observe({ type: "page", event: document.visibilityState === "visible" ? "visible" : "hidden", persisted: false }),
);

if (new URLSearchParams(location.search).has("counted")) countActivity();
if (new URLSearchParams(location.search).get("start") !== "later")
  fixture.start().catch((error: unknown) => observe({ type: "error", message: `start: ${String(error)}` }));
