/**
 * The simulated fence of one cluster: a holder and a line, seen by each peer with a delay.
 *
 * @module
 */
import type { Fence, FenceEvent, PeerId } from "@gen-leader/protocol";
import type { Agenda } from "../simulation/agenda.js";
import type { SeededRandom } from "../simulation/random.js";
import type { PlatformDelays } from "./faults.js";
import type { Site } from "./site.js";

/** What kind of fence a medium has. */
export interface GateOptions {
  /** Whether a peer that asks for the fence may break the hold of one that it knows to be dead. */
  readonly breaksForTheDead: boolean;
  /** Whether a holder knows at once that it was robbed: a word in shared memory. Otherwise when it is told: a lock. */
  readonly exact: boolean;
}

interface Claimant {
  readonly self: PeerId;
  readonly site: Site;
  readonly listener: (event: FenceEvent) => void;
  /** Changes when the claimant itself gives up what it had or asked for: what was still to be told of that is not. */
  turn: number;
  /** Whether it was last told that it holds the fence. */
  believes: boolean;
  /** When what it was last told arrives: news of the fence come in order. */
  toldAt: number;
  isPresent: boolean;
}

export class Gate {
  readonly #agenda: Agenda;
  readonly #random: SeededRandom;
  readonly #delays: () => PlatformDelays;
  readonly #options: GateOptions;
  readonly #claimants = new Set<Claimant>();
  #line: Claimant[] = [];
  #holder: Claimant | null = null;
  /** Since when somebody else, or nobody, holds what a peer held. */
  readonly #lostAt = new Map<PeerId, number>();

  constructor(agenda: Agenda, random: SeededRandom, delays: () => PlatformDelays, options: GateOptions) {
    this.#agenda = agenda;
    this.#random = random;
    this.#delays = delays;
    this.#options = options;
  }

  get holder(): PeerId | null {
    return this.#holder?.self ?? null;
  }

  /** How many peers hold, await or watch the fence. */
  get handles(): number {
    return this.#claimants.size;
  }

  /** For how long, in milliseconds, a peer has not held the fence: 0 for its holder, infinite for one that never held it. */
  lostForMs(self: PeerId): number {
    if (this.#holder?.self === self) return 0;
    return this.#agenda.now - (this.#lostAt.get(self) ?? Number.NEGATIVE_INFINITY);
  }

  /** A realm has ended: what it held goes to the next, once `noticed` says so. */
  crash(self: PeerId, noticedAfterMs: number): void {
    for (const claimant of this.#claimants) {
      if (claimant.self !== self) continue;
      if (noticedAfterMs === 0) this.#leave(claimant);
      else this.#agenda.plan(this.#agenda.now + noticedAfterMs, () => this.#leave(claimant));
    }
  }

  /** Somebody outside of the cluster takes the fence and gives it back at once. */
  rob(): void {
    const robbed = this.#holder;
    if (robbed === null) return;
    this.#take(null);
    this.#tell(robbed, { type: "lost" });
    this.#grantNext();
  }

  createFence(site: Site): Fence {
    let own: Claimant | null = null;
    const ifPresent = (act: (claimant: Claimant) => void): void => {
      if (own?.isPresent === true) act(own);
    };
    return {
      open: (self, listener) => {
        own = { self, site, listener, turn: 0, believes: false, toldAt: 0, isPresent: true };
        this.#claimants.add(own);
        return Promise.resolve();
      },
      request: (over) => ifPresent((claimant) => this.#request(claimant, over)),
      release: () => ifPresent((claimant) => this.#withdraw(claimant)),
      steal: (accused) => ifPresent((claimant) => this.#steal(claimant, accused)),
      holder: () =>
        this.#options.exact
          ? this.holder
          : new Promise((resolve) => {
              this.#agenda.plan(this.#soon(), () => site.enter(() => resolve(this.holder)));
            }),
      holds: () => own !== null && (this.#options.exact ? this.#holder === own : own.believes),
      close: () => {
        ifPresent((claimant) => this.#leave(claimant));
        own = null;
      },
    };
  }

  #soon(): number {
    return this.#agenda.now + this.#random.between(...this.#delays().fenceMs);
  }

  #tell(claimant: Claimant, event: FenceEvent): void {
    const { turn } = claimant;
    claimant.toldAt = Math.max(this.#soon(), claimant.toldAt);
    this.#agenda.plan(claimant.toldAt, () =>
      claimant.site.enter(() => {
        if (!claimant.isPresent || claimant.turn !== turn) return;
        if (event.type !== "busy") claimant.believes = event.type === "granted";
        claimant.listener(event);
      }),
    );
  }

  #take(next: Claimant | null): void {
    if (this.#holder !== null && this.#holder !== next) this.#lostAt.set(this.#holder.self, this.#agenda.now);
    this.#holder = next;
  }

  #grant(claimant: Claimant): void {
    this.#take(claimant);
    this.#tell(claimant, { type: "granted" });
  }

  #grantNext(): void {
    const next = this.#line.shift();
    if (next !== undefined) this.#grant(next);
  }

  #request(claimant: Claimant, over: readonly PeerId[]): void {
    const isDead = this.#holder !== null && this.#holder.site.life === "gone" && over.includes(this.#holder.self);
    if (this.#options.breaksForTheDead && isDead && this.#holder !== null) this.#leave(this.#holder);
    if (this.#holder === null || this.#holder === claimant) return this.#grant(claimant);
    if (!this.#line.includes(claimant)) this.#line.push(claimant);
    this.#tell(claimant, { type: "busy" });
  }

  #steal(thief: Claimant, accused: PeerId): void {
    const victim = this.#holder;
    if (victim?.self !== accused) return this.#tell(thief, { type: "ended" });
    this.#line = this.#line.filter((claimant) => claimant !== thief);
    this.#grant(thief);
    if (victim !== thief) this.#tell(victim, { type: "lost" });
  }

  #withdraw(claimant: Claimant): void {
    claimant.turn += 1;
    claimant.believes = false;
    this.#line = this.#line.filter((other) => other !== claimant);
    if (this.#holder !== claimant) return;
    this.#take(null);
    this.#grantNext();
  }

  #leave(claimant: Claimant): void {
    if (!this.#claimants.delete(claimant)) return;
    this.#withdraw(claimant);
    claimant.isPresent = false;
  }
}
