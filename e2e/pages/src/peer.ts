/**
 * A peer of the dictionary and what a test may ask of it, in the page or in a worker of it alike.
 *
 * @module
 */

import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
import { type Guarantees, type PeerId, type Role, type ServerEvent, type Statistics, start } from "gen-leader";
import type { CallEnd, Observe } from "./records.js";
import { release } from "./release.js";
import { createStampedDictionary, type Stamped } from "./stamped-dictionary.js";

/** How a peer is started. */
export interface PeerSettings {
  /** Which cluster it belongs to. */
  readonly cluster: string;
  readonly namespace: string;
  /** Its name, or `null` for a random one. */
  readonly peer: string | null;
  readonly role: Role;
  readonly priority: number;
  /** Whether it keeps its page from being frozen. */
  readonly keepAwake: boolean;
  /** Whether it had rather lead while its page is visible. */
  readonly prefersVisible: boolean;
}

/** How a call is made. */
export interface CallSettings {
  readonly timeoutMs?: number;
  readonly retry?: boolean;
}

/** What became of the calls of one load. */
export interface LoadReport {
  readonly peer: PeerId;
  /** The values whose `append` was answered, in order. */
  readonly acknowledged: readonly string[];
  /** Errors of those that were not. */
  readonly failed: readonly string[];
}

/** What a test may ask of a peer: plain data in, a promise of plain data out, so that it may run anywhere. */
export interface PeerApi {
  store(key: string, value: unknown, settings?: CallSettings): Promise<CallEnd>;
  append(key: string, value: unknown, settings?: CallSettings): Promise<CallEnd>;
  lookup(key: string, settings?: CallSettings): Promise<CallEnd>;
  /** Makes any call of the dictionary, and tells of it as `call`: what was asked when, and what came of it when. */
  ask(call: string, request: DictionaryRequest, settings?: CallSettings): Promise<void>;
  /**
   * Looks `key` up before and after `count` other lookups. Each call is made as soon as the last is answered: by itself, this
   * realm runs no other task between two of them.
   */
  lookupAround(key: string, count: number): Promise<readonly [before: CallEnd, after: CallEnd]>;
  /** Makes the leader busy for `ms` while it handles a call of this peer. */
  hang(ms: number, key: string, settings?: CallSettings): Promise<CallEnd>;
  /** This peer's own copy. */
  entries(): Promise<readonly (readonly [key: string, value: unknown])[]>;
  /** Appends to `key`, one call after the other, each in a task of its own, until `finishLoad`. */
  startLoad(key: string): Promise<void>;
  /** Ends the load after the call under way. */
  finishLoad(): Promise<LoadReport>;
  /** Appends `count` values to `key`, one call after the other. */
  load(key: string, count: number): Promise<LoadReport>;
  stepDown(to: string | null): Promise<void>;
  stop(): Promise<void>;
  guarantees(): Promise<Guarantees>;
  log(): Promise<readonly ServerEvent[]>;
  statistics(): Promise<Statistics>;
}

/** A string among the fields of an error of the library. */
function fieldOf(error: unknown, field: "code" | "outcome"): string | null {
  if (typeof error !== "object" || error === null || !(field in error)) return null;
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : null;
}

/** How a promise of a reply settled, as data. */
async function endOf(reply: Promise<Stamped>): Promise<CallEnd> {
  try {
    const { value, token } = await reply;
    return { type: "reply", value, epoch: token.epoch };
  } catch (error) {
    return { type: "error", code: fieldOf(error, "code") ?? "none", outcome: fieldOf(error, "outcome"), message: String(error) };
  }
}

/** Resolves in a task of its own, however hidden the page is. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Starts a peer in this realm. Resolves when it runs. */
export async function startPeer(settings: PeerSettings, observe: Observe): Promise<PeerApi> {
  const { cluster, namespace, peer, role, priority, keepAwake, prefersVisible } = settings;
  let keys = 0;
  let lastStatus = "";
  let statusIsDue = false;

  const tellStatus = (): void => {
    statusIsDue = false;
    const { self, phase, leader, token, alive, workers, inStep } = server.election;
    const status = { self, phase, leader, token, alive, workers, inStep, keys, running };
    const text = JSON.stringify(status);
    if (text === lastStatus) return;
    lastStatus = text;
    observe({ type: "status", cluster, status });
  };
  /** Tells the status once all that happens in this turn has happened. */
  const statusChanges = (): void => {
    if (statusIsDue) return;
    statusIsDue = true;
    queueMicrotask(tellStatus);
  };

  const early: (() => void)[] = [];
  let started = false;
  const behaviour = createStampedDictionary({
    elected: (id, token) => observe({ type: "elected", cluster, peer: id, token }),
    surrendered: (id, token, deposed, version) => observe({ type: "surrendered", cluster, peer: id, token, deposed, version }),
    hang: (edge) => observe({ type: "hang", edge }),
    changed(entries) {
      keys = entries.size;
      if (started) statusChanges();
      else early.push(statusChanges);
    },
  });
  let running = true;
  const name = peer === null ? {} : { peer };
  const preference = prefersVisible ? { prefer: "visible" as const } : {};
  const server = await start(cluster, behaviour, {
    namespace,
    role,
    priority,
    keepAwake,
    version: release,
    localCalls: "always",
    debug: ["log", "statistics"],
    ...name,
    ...preference,
  });
  started = true;
  server.subscribe((status) => {
    running = status.running;
    statusChanges();
  });
  void server.exited.then(({ reason }) => observe({ type: "ended", cluster, reason: String(reason) }));

  async function call(reply: Promise<Stamped>): Promise<CallEnd> {
    const accepted = reply.then((stamped) => {
      observe({ type: "accepted", cluster, peer: server.election.self, token: stamped.token });
      return stamped;
    });
    return endOf(accepted);
  }

  let loading = false;
  let load: Promise<LoadReport> | null = null;
  async function appendWhile(key: string, goOn: (count: number) => boolean): Promise<LoadReport> {
    const acknowledged: string[] = [];
    const failed: string[] = [];
    const author = server.election.self;
    for (let count = 0; goOn(count); count += 1) {
      const value = `${author}/${count}`;
      const end = await api.append(key, value, { timeoutMs: 30_000 });
      if (end.type === "reply") acknowledged.push(value);
      else failed.push(`${value}: ${end.message}`);
      await nextTask();
    }
    return { peer: author, acknowledged, failed };
  }

  const api: PeerApi = {
    store: (key, value, options) => call(server.leaderCall({ type: "store", key, value }, options)),
    append: (key, value, options) => call(server.leaderCall({ type: "append", key, value }, options)),
    lookup: (key, options) => call(server.leaderCall({ type: "lookup", key }, options)),
    async ask(name, request, options) {
      observe({ type: "called", cluster, peer: server.election.self, call: name, request });
      const end = await call(server.leaderCall(request, options));
      observe({ type: "returned", cluster, peer: server.election.self, call: name, end });
    },
    async lookupAround(key, count) {
      const before = await api.lookup(key);
      for (let done = 0; done < count; done += 1) await api.lookup("nothing");
      return [before, await api.lookup(key)];
    },
    hang: (ms, key, options) => call(server.leaderCall({ type: "hang", ms, key, value: ms }, options)),
    entries: () => server.call({ type: "entries" }),
    async startLoad(key) {
      loading = true;
      load = appendWhile(key, () => loading);
    },
    async finishLoad() {
      loading = false;
      if (load === null) throw new Error("No load was started.");
      return load;
    },
    load: (key, count) => appendWhile(key, (done) => done < count),
    stepDown: (to) => server.stepDown(to === null ? {} : { to }),
    async stop() {
      await server.stop();
    },
    guarantees: async () => server.guarantees,
    log: async () => server.sys.log(),
    statistics: async () => server.sys.statistics(),
  };
  for (const tell of early) tell();
  return api;
}
