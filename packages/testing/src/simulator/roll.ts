/**
 * The simulated failure detector: who shows a sign of life, who watches whom, and when an end is noticed.
 *
 * @module
 */
import type { DownReason, FailureDetector, PeerId } from "@gen-leader/protocol";
import type { Agenda } from "../simulation/agenda.js";
import type { SeededRandom } from "../simulation/random.js";
import type { PlatformDelays } from "./faults.js";
import type { Network } from "./network.js";
import type { Site } from "./site.js";

/** What kind of detector a medium has. */
export interface RollOptions {
  /** Whether newcomers can list who is alive. */
  readonly census: boolean;
  /** Whether silence is counted, so that an end is noticed late, and whoever stands still is taken for one that ended. */
  readonly heartbeats: boolean;
}

interface Watch {
  readonly onDown: (reason: DownReason) => void;
  isOver: boolean;
}

interface Entry {
  readonly self: PeerId;
  readonly site: Site;
  readonly watches: Map<PeerId, Set<Watch>>;
  appeared: ((peer: PeerId) => void) | null;
}

/** After how long without a beat a peer is given up, in milliseconds. */
const silenceMs = 3000;

export class Roll {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #delays: () => PlatformDelays;
  readonly #network: Network;
  readonly #options: RollOptions;
  readonly #entries = new Map<PeerId, Entry>();

  constructor(agenda: Agenda, random: SeededRandom, delays: () => PlatformDelays, network: Network, options: RollOptions) {
    this.#agenda = agenda;
    this.#random = random;
    this.#delays = delays;
    this.#network = network;
    this.#options = options;
  }

  /** How many signs of life are shown. */
  get handles(): number {
    return this.#entries.size;
  }

  /** Watches on peers that are gone and were reported: nobody has any use for them. */
  get staleWatches(): readonly string[] {
    return [...this.#entries.values()].flatMap(({ self, watches }) =>
      [...watches].filter(([peer, some]) => some.size > 0 && !this.#entries.has(peer)).map(([peer]) => `${self} watches ${peer}`),
    );
  }

  idsOf(site: Site): readonly PeerId[] {
    return [...this.#entries.values()].filter((entry) => entry.site === site).map(({ self }) => self);
  }

  /** A realm has ended without a word. */
  crash(self: PeerId): void {
    if (this.#entries.delete(self)) this.#reportAll(self, this.#options.heartbeats ? "unresponsive" : "crashed", this.#silence());
  }

  /** Watchers whose detector counts silence are told that a peer that stands still is down, if it still does so by then. */
  fallSilent(site: Site, isStill: () => boolean): void {
    if (!this.#options.heartbeats) return;
    this.#agenda.plan(this.#agenda.now + silenceMs, () => {
      if (isStill()) for (const self of this.idsOf(site)) this.suspect(self);
    });
  }

  /** Watchers take a live peer for one that is gone; `watcher` alone, if it is given. */
  suspect(self: PeerId, watcher: Site | null = null): void {
    for (const entry of this.#entries.values())
      if (watcher === null || entry.site === watcher) this.#report(entry, self, "unresponsive", 0);
  }

  /** Whoever listens all the time hears that a peer is there. */
  appear(site: Site): void {
    for (const self of this.idsOf(site))
      for (const entry of this.#entries.values())
        if (entry.self !== self && this.#network.hears(entry.site, site))
          this.#later(entry, this.#drawn(), () => {
            if (this.#entries.has(self)) entry.appeared?.(self);
          });
  }

  createFailureDetector(site: Site): FailureDetector {
    let own: Entry | null = null;
    return {
      open: (self) => {
        own = { self, site, watches: new Map(), appeared: null };
        this.#entries.set(self, own);
        if (this.#options.heartbeats) this.appear(site);
        return Promise.resolve();
      },
      census: () => Promise.resolve(this.#options.census ? [...this.#entries.keys()] : null),
      monitor: (peer, onDown) => {
        if (own === null) return () => undefined;
        const watch: Watch = { onDown, isOver: false };
        const some = own.watches.get(peer) ?? new Set();
        own.watches.set(peer, some.add(watch));
        if (!this.#entries.has(peer)) this.#tell(own, peer, watch, this.#options.heartbeats ? "unresponsive" : "crashed", this.#silence());
        return () => {
          watch.isOver = true;
          some.delete(watch);
        };
      },
      onAppearance: (listener) => {
        if (own !== null) own.appeared = listener;
      },
      close: () => {
        if (own === null) return;
        const { self } = own;
        own.watches.clear();
        own = null;
        if (this.#entries.delete(self)) this.#reportAll(self, "left", 0);
      },
    };
  }

  #drawn(): number {
    return this.#random.between(...this.#delays().detectionMs);
  }

  #silence(): number {
    return this.#options.heartbeats ? silenceMs : 0;
  }

  #reportAll(self: PeerId, reason: DownReason, extraMs: number): void {
    for (const entry of this.#entries.values()) this.#report(entry, self, reason, extraMs);
  }

  #report(entry: Entry, self: PeerId, reason: DownReason, extraMs: number): void {
    for (const watch of entry.watches.get(self) ?? []) this.#tell(entry, self, watch, reason, extraMs);
  }

  #tell(entry: Entry, peer: PeerId, watch: Watch, reason: DownReason, extraMs: number): void {
    this.#later(
      entry,
      extraMs + this.#drawn(),
      () => {
        if (watch.isOver) return;
        watch.isOver = true;
        entry.watches.get(peer)?.delete(watch);
        watch.onDown(reason);
      },
      peer,
    );
  }

  /** Runs something in a peer's realm, if it is still the same peer by then. Where nobody lists who is alive, an end follows what was said before it. */
  #later(entry: Entry, delayMs: number, run: () => void, after: PeerId | null = null): void {
    const last = after === null || this.#options.census ? 0 : this.#network.lastArrival(after, entry.self);
    this.#agenda.plan(Math.max(this.#agenda.now + delayMs, last), () =>
      entry.site.enter(() => {
        if (this.#entries.get(entry.self) === entry) run();
      }),
    );
  }
}
