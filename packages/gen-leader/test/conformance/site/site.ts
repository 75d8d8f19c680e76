/**
 * The place where a scenario plays: realms that peers can be started in, that can die, hang and be cut off.
 * Scenarios are written once against this; memory and worker threads implement it.
 *
 * @module
 */
import type { TimeLimits } from "gen-leader";
import type { Order, PeerOptions, Report } from "./messages.js";
import { createPeer, names, type Peer, type PeerHandle } from "./peer.js";

/** The end of the world for one realm, and what it is connected by. */
export interface Line {
  order(order: Order): void;
  /** The death of the realm, at once, whatever it is doing. */
  kill(): void;
  /** Lets nothing run in the realm until `thaw`. Resolves once that is so. */
  freeze(): Promise<void>;
  thaw(): void;
  /** Ends the realm in good order. */
  close(): Promise<void>;
}

/** Cuts and heals the connections between realms; only where the medium is simulated. */
export interface Network {
  /** No frame passes between the groups any more, and each takes the others for unresponsive. */
  split(...groups: readonly (readonly Realm[])[]): void;
  heal(): void;
}

/** What a kind of site has to bring. */
export interface Grounds {
  readonly name: "memory" | "worker threads";
  /** The limits of peers for which the scenario names none. */
  readonly limits: TimeLimits;
  open(realm: string, report: (report: Report) => void): Promise<Line>;
  readonly network: Network | null;
}

/** How to start a server in a realm. */
export interface StartHere extends PeerOptions {
  /** @default "list" */
  readonly server?: string;
  /** Lets the peer make up its name, so that `start` need not look whether that is taken. Otherwise it is called like the realm. */
  readonly anonymous?: boolean;
}

/** What a tab, a worker or a thread is: may run several servers, dies as a whole. */
export interface Realm {
  readonly name: string;
  /** Starts a server here. Rejects with `CommandFailed`. */
  start(options?: StartHere): Promise<Peer>;
  /** Ends the realm as its death would: no good-bye. */
  crash(): void;
  /** Nothing runs in the realm until `thaw`: a busy loop, a frozen page. */
  freeze(): Promise<void>;
  thaw(): void;
}

/** A peer in a realm of its own. */
export interface LonePeer extends Peer, Pick<Realm, "crash" | "freeze" | "thaw"> {
  readonly realm: Realm;
}

export interface Site {
  readonly kind: Grounds["name"];
  readonly network: Network | null;
  /** A realm that has not been used. */
  realm(name: string): Promise<Realm>;
  /** Starts a server in a new realm. */
  start(name: string, options?: StartHere): Promise<LonePeer>;
  /** Resolves once `fits` is true: looked at now and after everything that any peer reports. */
  until(what: string, fits: () => boolean): Promise<void>;
  /** Resolves with the leader once these peers have agreed on one, and it counts on exactly them. */
  agreed<P extends Peer>(peers: readonly P[]): Promise<P>;
  /** What is going on, for whoever has to find out why a scenario is stuck. */
  describe(): string;
  close(): Promise<void>;
}

export function createSite(grounds: Grounds): Site {
  const lines = new Set<Line>();
  const peers: Peer[] = [];
  const watchers = new Map<() => void, string>();
  let orders = 0;

  function wake(): void {
    for (const look of [...watchers.keys()]) look();
  }

  function watch(what: string, look: () => void): () => void {
    const end = () => watchers.delete(own);
    const own = () => look();
    watchers.set(own, what);
    // Not from within, so that what the caller does with `end` is defined.
    queueMicrotask(() => {
      if (watchers.has(own)) look();
    });
    return end;
  }

  async function realm(name: string): Promise<Realm> {
    const handles = new Map<string, PeerHandle>();
    const line = await grounds.open(name, (report) => {
      if (report.type !== "ready" && report.type !== "blocking") handles.get(report.server)?.hear(report);
      wake();
    });
    lines.add(line);
    return {
      name,
      async start({ server = "list", anonymous = false, ...options } = {}) {
        const handle = createPeer(server, options.peer ?? name, {
          order(target, command) {
            orders += 1;
            line.order({ server: target, number: orders, command });
            return orders;
          },
          watch,
        });
        const before = handles.get(server);
        handles.set(server, handle);
        try {
          const named = anonymous ? options : { peer: name, ...options };
          handle.began(await handle.ask({ type: "start", options: { limits: grounds.limits, ...named } }));
        } catch (error) {
          if (before !== undefined) handles.set(server, before);
          throw error;
        }
        peers.push(handle.peer);
        return handle.peer;
      },
      crash() {
        lines.delete(line);
        line.kill();
      },
      freeze: () => line.freeze(),
      thaw: () => line.thaw(),
    };
  }

  const site: Site = {
    kind: grounds.name,
    network: grounds.network,
    realm,
    async start(name, options) {
      const alone = await realm(name);
      const peer = await alone.start(options);
      const { crash, freeze, thaw } = alone;
      return Object.assign(peer, { realm: alone, crash, freeze, thaw });
    },
    until(what, fits) {
      return new Promise((resolve) => {
        const end = watch(what, () => {
          if (!fits()) return;
          end();
          resolve();
        });
      });
    },
    async agreed(those) {
      const find = () => those.find((peer) => agreeOn(peer, those));
      await site.until(`${those.map(({ name }) => name).join(", ")} agree on a leader`, () => find() !== undefined);
      const leader = find();
      if (leader === undefined) throw new Error("The leader was lost while it was looked for.");
      return leader;
    },
    describe() {
      const state = peers.map((peer) => {
        const { self, phase, leader, epoch, alive, inStep } = peer.view;
        const last = peer.records.slice(-4).map(({ callback }) => callback);
        return `  ${self}${peer.running ? "" : " (ended)"}: ${phase}, leader ${leader}, epoch ${epoch}, alive ${names(alive)}, in step ${names(inStep)}, last ${last}`;
      });
      return [`Waiting for: ${[...watchers.values()].join("; ") || "no report"}`, ...state].join("\n");
    },
    async close() {
      await Promise.all([...lines].map((line) => line.close()));
    },
  };
  return site;
}

/** Whether `leader` leads, everybody else follows it in the same tenure, and it counts on exactly these peers. */
function agreeOn(leader: Peer, peers: readonly Peer[]): boolean {
  const { self, epoch, phase } = leader.view;
  if (phase !== "leading") return false;
  return peers.every(
    ({ view }) =>
      view.inStep.length === peers.length &&
      view.inStep.includes(self) &&
      view.epoch === epoch &&
      (view.self === self || (view.phase === "following" && view.leader === self)),
  );
}
