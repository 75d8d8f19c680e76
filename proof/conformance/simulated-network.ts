/**
 * A medium in virtual time: frames, deaths and the fence take the time that they are given here, nodes can be killed, frozen and cut
 * off from one another.
 *
 * @module
 */
import {
  type DownReason,
  type FailureDetector,
  type Fence,
  type FenceEvent,
  type Medium,
  nameOf,
  type PeerId,
  type Transport,
} from "gen-leader/protocol";
import type { Owner, VirtualTime } from "./virtual-time.js";

/** What takes how long, in milliseconds: as measured on the nodes of the recordings. */
const frameMs = 0.2;
const fenceMs = 0.1;
const openMs = 1;
/** Until the others learn of the death of a process, and of a node. */
export const processDeathMs = 1;
export const nodeDeathMs = 10;

export interface SimulatedNetwork {
  medium(cluster: string, owner: Owner): Medium;
  /** The others hear of what has died so much later. */
  bury(owner: Owner, detectionMs: number): void;
  cut(pairs: readonly (readonly [string, string])[]): void;
}

interface Present {
  readonly self: PeerId;
  readonly owner: Owner;
  receive: ((frame: unknown) => void) | null;
  readonly watches: Set<Watch>;
  appeared: ((peer: PeerId) => void) | null;
}

interface Watch {
  readonly watcher: Present;
  readonly target: PeerId;
  readonly onDown: (reason: DownReason) => void;
  ended: boolean;
}

interface Claim {
  readonly self: PeerId;
  readonly owner: Owner;
  readonly listener: (event: FenceEvent) => void;
  turn: number;
  knows: boolean;
}

interface Cluster {
  readonly present: Map<PeerId, Present>;
  readonly line: Claim[];
  holder: Claim | null;
}

export function createSimulatedNetwork(time: VirtualTime, fenced: boolean): SimulatedNetwork {
  const clusters = new Map<string, Cluster>();
  let cuts = new Set<string>();
  /** What the network itself does: nobody's, so nothing stops it. */
  const nobody: Owner = { frozen: false, dead: false, backlog: [] };

  const apart = (a: PeerId, b: PeerId) => cuts.has(pair(nameOf(a), nameOf(b)));

  function clusterOf(name: string): Cluster {
    const known = clusters.get(name) ?? { present: new Map(), line: [], holder: null };
    clusters.set(name, known);
    return known;
  }

  function tellDown(watch: Watch, reason: DownReason, delayMs: number): void {
    time.after(delayMs, watch.watcher.owner, () => {
      if (watch.ended) return;
      watch.ended = true;
      watch.watcher.watches.delete(watch);
      watch.onDown(reason);
    });
  }

  function remove(cluster: Cluster, gone: Present, reason: DownReason, delayMs: number): void {
    if (cluster.present.get(gone.self) !== gone) return;
    cluster.present.delete(gone.self);
    for (const watcher of cluster.present.values())
      for (const watch of watcher.watches)
        if (watch.target === gone.self) tellDown(watch, apart(watcher.self, gone.self) ? "unresponsive" : reason, delayMs);
  }

  function transportOf(cluster: Cluster, owner: Owner, own: () => Present | null): Transport {
    const deliver = (to: Present, from: PeerId, frame: unknown) =>
      time.after(frameMs, to.owner, () => {
        if (cluster.present.get(to.self) === to && !apart(to.self, from)) to.receive?.(frame);
      });
    const sender = () => {
      const self = own();
      return self === null || owner.dead || self.receive === null ? null : self;
    };
    return {
      open(_self, receive) {
        const self = own();
        if (self !== null) self.receive = receive;
        return Promise.resolve();
      },
      post(frame) {
        const self = sender();
        if (self === null) return;
        const others = [...cluster.present.values()].filter((other) => other !== self);
        const copies = [structuredClone(frame), ...others.slice(1).map(() => structuredClone(frame))];
        for (const [index, other] of others.entries()) deliver(other, self.self, copies[index]);
      },
      send(to, frame) {
        const self = sender();
        const copy: unknown = structuredClone(frame);
        const other = cluster.present.get(to);
        if (self !== null && other !== undefined && other !== self) deliver(other, self.self, copy);
      },
      close() {
        const self = own();
        if (self !== null) self.receive = null;
      },
    };
  }

  function detectorOf(cluster: Cluster, own: () => Present | null): FailureDetector {
    return {
      open: () => Promise.resolve(),
      census() {
        const self = own();
        return Promise.resolve([...cluster.present.keys()].filter((peer) => self === null || !apart(peer, self.self)));
      },
      monitor(target, onDown) {
        const watcher = own();
        if (watcher === null) return () => undefined;
        const watch: Watch = { watcher, target, onDown, ended: false };
        watcher.watches.add(watch);
        if (!cluster.present.has(target)) tellDown(watch, "crashed", processDeathMs);
        else if (apart(watcher.self, target)) tellDown(watch, "unresponsive", nodeDeathMs);
        return () => {
          watch.ended = true;
          watcher.watches.delete(watch);
        };
      },
      onAppearance(listener) {
        const self = own();
        if (self !== null) self.appeared = listener;
      },
      close() {
        const self = own();
        if (self !== null) remove(cluster, self, "left", processDeathMs);
      },
    };
  }

  function fenceOf(cluster: Cluster, owner: Owner): Fence {
    let own: Claim | null = null;
    const tell = (claim: Claim, event: FenceEvent) => {
      const { turn } = claim;
      time.after(fenceMs, claim.owner, () => {
        if (claim.turn !== turn) return;
        if (event.type === "granted") claim.knows = true;
        claim.listener(event);
      });
    };
    const grant = (claim: Claim) => {
      cluster.holder = claim;
      tell(claim, { type: "granted" });
    };
    const withdraw = (claim: Claim) => withdrawn(cluster, claim, grant);
    return {
      open(self, listener) {
        own = { self, owner, listener, turn: 0, knows: false };
        return Promise.resolve();
      },
      request() {
        if (own === null) return;
        if (cluster.holder === null || cluster.holder === own) return grant(own);
        if (!cluster.line.includes(own)) cluster.line.push(own);
        tell(own, { type: "busy" });
      },
      release: () => own !== null && withdraw(own),
      steal(accused) {
        if (own === null) return;
        const { holder } = cluster;
        leaveLine(cluster, own);
        if (holder?.self !== accused) return tell(own, { type: "ended" });
        if (holder !== own) {
          holder.turn += 1;
          tell(holder, { type: holder.knows ? "lost" : "ended" });
          holder.knows = false;
        }
        grant(own);
      },
      holder: () => Promise.resolve(cluster.holder?.self ?? null),
      holds: () => own !== null && cluster.holder === own,
      close() {
        if (own !== null) withdraw(own);
        own = null;
      },
    };
  }

  return {
    medium(name, owner) {
      const cluster = clusterOf(name);
      let own: Present | null = null;
      const transport = transportOf(cluster, owner, () => own);
      const detector = detectorOf(cluster, () => own);
      return {
        transport: {
          ...transport,
          async open(self, receive) {
            own = { self, owner, receive: null, watches: new Set(), appeared: own?.appeared ?? null };
            cluster.present.set(self, own);
            for (const other of cluster.present.values())
              if (other !== own && !apart(other.self, self)) time.after(frameMs, other.owner, () => other.appeared?.(self));
            await transport.open(self, receive);
            // Peers that start at the same time are all there before any of them looks around.
            await new Promise<void>((resolve) => void time.after(openMs, owner, resolve));
          },
        },
        failureDetector: {
          ...detector,
          onAppearance(listener) {
            // It may be handed in before the peer is present.
            if (own === null) own = { self: "none#0", owner, receive: null, watches: new Set(), appeared: listener };
            else own.appeared = listener;
          },
        },
        fence: fenced ? fenceOf(cluster, owner) : null,
        lifecycle: null,
        clock: {
          now: () => time.nowMs,
          wall: () => 1_700_000_000_000 + time.nowMs,
          schedule: (callback, delayMs) => time.after(delayMs, owner, callback),
        },
        random: () => 0.5,
        defer: (task) => void time.after(0, owner, task),
        clone: (value) => structuredClone(value),
        guarantees: {
          medium: "simulated",
          fence: fenced ? "memory" : "none",
          failureDetection: fenced ? "perfect" : "heartbeat",
          census: true,
          caveats: [],
        },
      };
    },
    bury(owner, detectionMs) {
      owner.dead = true;
      for (const cluster of clusters.values()) {
        for (const gone of [...cluster.present.values()]) if (gone.owner === owner) remove(cluster, gone, "crashed", detectionMs);
        const claims = [cluster.holder, ...cluster.line].filter((claim) => claim?.owner === owner);
        time.after(detectionMs, nobody, () => {
          for (const claim of claims)
            if (claim !== null)
              withdrawn(cluster, claim, (next) => {
                cluster.holder = next;
                time.after(fenceMs, next.owner, () => {
                  next.knows = true;
                  next.listener({ type: "granted" });
                });
              });
        });
      }
    },
    cut(pairs) {
      const before = cuts;
      cuts = new Set(pairs.map(([a, b]) => pair(a, b)));
      for (const cluster of clusters.values())
        for (const one of cluster.present.values()) {
          for (const watch of one.watches) if (apart(one.self, watch.target)) tellDown(watch, "unresponsive", nodeDeathMs);
          for (const other of cluster.present.values())
            if (before.has(pair(nameOf(one.self), nameOf(other.self))) && !apart(one.self, other.self))
              time.after(nodeDeathMs, one.owner, () => one.appeared?.(other.self));
        }
    },
  };
}

function pair(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

function leaveLine(cluster: Cluster, claim: Claim): void {
  const place = cluster.line.indexOf(claim);
  if (place >= 0) cluster.line.splice(place, 1);
}

function withdrawn(cluster: Cluster, claim: Claim, grant: (next: Claim) => void): void {
  claim.turn += 1;
  claim.knows = false;
  leaveLine(cluster, claim);
  if (cluster.holder !== claim) return;
  cluster.holder = null;
  const next = cluster.line.shift();
  if (next !== undefined) grant(next);
}
