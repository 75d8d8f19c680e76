/**
 * This tab: its peers, what they recorded, and what its buttons do. Views read it and are told when it changes.
 *
 * @module
 */
import type { PeerId } from "gen-leader";
import type { PlaygroundEvent } from "./events.js";
import { randomName } from "./names.js";
import { type Peer, type PeerObserver, startPeer } from "./peer.js";
import { type PageSettings, siblingAddress } from "./settings.js";
import { openSharedEvents, type SharedEvents } from "./shared-events.js";
import { startWorkerPeer } from "./worker-peer.js";

/** How many of its own events a tab keeps: a bound for a tab that stays open for weeks. */
const ownEventLimit = 50_000;

/** What the views show and the buttons do. */
export interface Tab {
  readonly settings: PageSettings;
  /** The peer that this page was opened for; `null` until it has started. */
  readonly ownPeer: Peer | null;
  /** The peer that this page shows and acts through: its own, or a worker of this tab if that has ended. */
  readonly peer: Peer | null;
  /** All peers of this tab that run: the page's own, and its workers. */
  readonly peers: readonly Peer[];
  /** Why there is no peer, if there will be none. */
  readonly failure: string | null;
  /** What this tab's peers recorded, replies included. */
  readonly ownEvents: readonly PlaygroundEvent[];
  /** The election events of every tab. */
  readonly shared: SharedEvents;
  readonly ready: Promise<Peer>;
  subscribe(listener: () => void): () => void;
  addWorker(): Promise<void>;
  /** Opens other tabs of this cluster, each in a process of its own. */
  openTabs(count: number): void;
  /** Asks whoever leads to step down, in favour of `to` where it is named. */
  handOver(to: PeerId | null): Promise<void>;
  /** The worker of this tab that leads, if one does. */
  readonly leadingWorker: Peer | undefined;
  /** Keeps this page's thread busy: nothing runs here in the meantime. */
  hang(durationMs: number): void;
}

/** Opens the tab and starts its peer. */
export function openTab(settings: PageSettings): Tab {
  const listeners = new Set<() => void>();
  const ownEvents: PlaygroundEvent[] = [];
  let peer: Peer | null = null;
  let workers: readonly Peer[] = [];
  let failure: string | null = null;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  const everyPeer = () => (peer === null ? workers : [peer, ...workers]).filter(({ snapshot }) => snapshot.running);
  const shared = openSharedEvents(settings.peer.cluster, () => everyPeer().some(({ snapshot }) => snapshot.isLeader), changed);

  const observer: PeerObserver = {
    recorded(event) {
      ownEvents.push(event);
      if (ownEvents.length > ownEventLimit) ownEvents.shift();
      dispatchEvent(new CustomEvent("playground:event", { detail: event }));
      shared.add(event);
    },
    changed,
  };

  async function begin(): Promise<Peer> {
    const startHere = settings.host === "worker" ? startWorkerPeer : startPeer;
    const started = await startHere(settings.peer, observer);
    peer = started;
    changed();
    return started;
  }

  const ready = begin();
  ready.catch((error: unknown) => {
    failure = error instanceof Error ? error.message : String(error);
    changed();
  });

  return {
    settings,
    shared,
    ownEvents,
    ready,
    get ownPeer() {
      return peer;
    },
    get peer() {
      return everyPeer()[0] ?? peer;
    },
    get peers() {
      return everyPeer();
    },
    get failure() {
      return failure;
    },
    get leadingWorker() {
      return everyPeer().find(({ host, snapshot }) => host === "worker" && snapshot.isLeader);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async addWorker() {
      const { cluster } = settings.peer;
      const worker = await startWorkerPeer({ cluster, peer: randomName(), renamable: true, role: "candidate", priority: 0 }, observer);
      workers = [...workers, worker];
      changed();
    },
    openTabs(count) {
      const address = siblingAddress(new URL(location.href), settings.peer.cluster);
      for (let index = 0; index < count; index += 1) open(address, "_blank", "noopener");
    },
    async handOver(to) {
      await ready;
      const server = everyPeer()[0]?.server;
      if (server === undefined) throw new Error("This tab has no peer any more.");
      const { leader } = server.election;
      if (leader === null) throw new Error("Nobody leads at this moment.");
      await server.call({ type: "handOver", to }, { to: leader });
    },
    hang(durationMs) {
      const until = performance.now() + durationMs;
      while (performance.now() < until) {
        // Busy on purpose.
      }
    },
  };
}
