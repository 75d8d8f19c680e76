/**
 * The simulated transport: frames on their way between the peers of one cluster, and what befalls them.
 *
 * @module
 */
import type { PeerId, Transport } from "@gen-leader/protocol";
import type { Agenda } from "../simulation/agenda.js";
import type { SeededRandom } from "../simulation/random.js";
import type { FrameFaults } from "./faults.js";
import type { Site } from "./site.js";

/** What the network tells whoever watches it. */
export interface NetworkListener {
  /** A frame goes out; `to` is `null` if it is for all. */
  sent(from: PeerId, to: PeerId | null, frame: object): void;
}

interface Inbox {
  readonly self: PeerId;
  readonly site: Site;
  readonly receive: (frame: unknown) => void;
}

type Method = "post" | "send";

/** How long a straggler is held up at most, in milliseconds. */
const stragglerMs = 300;
/** How many frames are remembered, to be repeated. */
const memoryLimit = 200;

/** Frames that are none. */
const junk: readonly unknown[] = [
  null,
  7,
  "frame",
  {},
  { gl: 1 },
  { gl: 1, from: "x#1", type: "welcome" },
  { gl: 99, from: "x#1", type: "halt" },
];

export class Network {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #faults: () => FrameFaults;
  readonly #listener: NetworkListener;
  readonly #inboxes = new Map<PeerId, Inbox>();
  /** Arrival of the last frame by way, so that each way keeps its order. */
  readonly #ways = new Map<string, number>();
  readonly #memory: { readonly to: PeerId; readonly frame: object }[] = [];
  /** Who hears whom while the network is parted: the names on one side. */
  #side: ReadonlySet<string> | null = null;

  constructor(agenda: Agenda, random: SeededRandom, faults: () => FrameFaults, listener: NetworkListener) {
    this.#agenda = agenda;
    this.#random = random;
    this.#faults = faults;
    this.#listener = listener;
  }

  /** How many peers listen. */
  get handles(): number {
    return this.#inboxes.size;
  }

  /** Cuts off the peers of the given names from all others; `null` mends it. */
  part(side: ReadonlySet<string> | null): void {
    this.#side = side;
  }

  hears(one: Site, other: Site): boolean {
    return this.#side === null || this.#side.has(one.name) === this.#side.has(other.name);
  }

  /** When the last frame arrives that `from` has sent to `to`. */
  lastArrival(from: PeerId, to: PeerId): number {
    return Math.max(this.#ways.get(`post ${from} ${to}`) ?? 0, this.#ways.get(`send ${from} ${to}`) ?? 0);
  }

  cut(self: PeerId): void {
    this.#inboxes.delete(self);
  }

  createTransport(site: Site): Transport {
    let own: Inbox | null = null;
    const isOpen = (inbox: Inbox | null): inbox is Inbox => inbox !== null && this.#inboxes.get(inbox.self) === inbox;
    return {
      open: (self, receive) => {
        own = { self, site, receive };
        this.#inboxes.set(self, own);
        return Promise.resolve();
      },
      post: (frame) => {
        if (!isOpen(own)) return;
        const copy = structuredClone(frame);
        this.#listener.sent(own.self, null, copy);
        for (const inbox of this.#inboxes.values()) if (inbox !== own) this.#transmit("post", own, inbox, copy);
      },
      send: (to, frame) => {
        if (!isOpen(own)) return;
        const copy = structuredClone(frame);
        this.#listener.sent(own.self, to, copy);
        const inbox = this.#inboxes.get(to);
        if (inbox !== undefined && inbox !== own) this.#transmit("send", own, inbox, copy);
      },
      close: () => {
        if (isOpen(own)) this.#inboxes.delete(own.self);
        own = null;
      },
    };
  }

  #transmit(method: Method, from: Inbox, to: Inbox, frame: object): void {
    const { delayMs, reorder, loss, duplication, garbage } = this.#faults();
    const random = this.#random;
    const way = `${method} ${from.self} ${to.self}`;
    const extra = random.chance(reorder) ? random.between(1, stragglerMs) : 0;
    const at = Math.max(this.#agenda.now + random.between(...delayMs) + extra, this.#ways.get(way) ?? 0);
    if (random.chance(garbage)) this.#deliver(to.self, at, this.#garbage(to.self));
    if (random.chance(loss) || !this.hears(from.site, to.site)) return;
    this.#ways.set(way, at);
    this.#remember(to.self, frame);
    for (let copies = random.chance(duplication) ? 2 : 1; copies > 0; copies -= 1) this.#deliver(to.self, at, frame);
  }

  #deliver(to: PeerId, at: number, frame: unknown): void {
    this.#agenda.plan(at, () => {
      const inbox = this.#inboxes.get(to);
      inbox?.site.enter(() => {
        if (this.#inboxes.get(to) === inbox) inbox.receive(structuredClone(frame));
      });
    });
  }

  #remember(to: PeerId, frame: object): void {
    if (this.#faults().garbage === 0) return;
    if (this.#memory.length < memoryLimit) this.#memory.push({ to, frame });
    else this.#memory[this.#random.between(0, memoryLimit - 1)] = { to, frame };
  }

  /** A frame that this peer has had before, or one that nobody sends. */
  #garbage(to: PeerId): unknown {
    const replays = this.#memory.filter((remembered) => remembered.to === to);
    return replays.length > 0 && this.#random.chance(0.7) ? this.#random.pick(replays).frame : this.#random.pick(junk);
  }
}
