/**
 * The platform that all simulated realms share: time, the network, who is alive, the fence, the storage, and what befalls them.
 *
 * @module
 */
import type { Medium, PeerId } from "@gen-leader/protocol";
import { Agenda } from "../simulation/agenda.js";
import { createRandom, type SeededRandom } from "../simulation/random.js";
import { Database } from "./database.js";
import { type Faults, noFaults } from "./faults.js";
import { Gate } from "./gate.js";
import { type SimulatedMedium, simulatedMedia } from "./media.js";
import { Network, type NetworkListener } from "./network.js";
import { Roll } from "./roll.js";
import { Site } from "./site.js";

/** Where the wall clock stands when a simulation begins, in milliseconds since 1970. */
const startsAtMs = 10_000_000;
/** How far apart the clocks of two realms may begin, in milliseconds. */
const clockSpreadMs = 1_000_000;
/** How far the wall clock may move while a machine sleeps, in milliseconds: clocks that only count what a realm saw do not. */
const wallJumpMs = 3_600_000;

/** A port of a realm: once that has ended, what is left of its code opens nothing any more. */
function unlessGone<Port extends { open(...args: never): Promise<void> }>(site: Site, port: Port): Port {
  const { open } = port;
  port.open = (...args) => (site.life === "gone" ? new Promise(() => {}) : open(...args));
  return port;
}

export class World {
  readonly agenda = new Agenda();
  readonly sites: Site[] = [];
  readonly network: Network;
  readonly roll: Roll;
  readonly gate: Gate | null;
  readonly database: Database;
  readonly #random: SeededRandom;
  readonly #kind: (typeof simulatedMedia)[SimulatedMedium];
  #faults: Faults;
  #wallOffsetMs = 0;
  /** While the machine sleeps: what goes on when it wakes. */
  #sleepers: Set<Site> | null = null;
  /** What begins when the machine wakes. */
  #waiting: (() => void)[] = [];

  constructor(seed: number, kind: SimulatedMedium, faults: Faults, listener: NetworkListener) {
    this.#random = createRandom(seed);
    this.#kind = simulatedMedia[kind];
    this.#faults = faults;
    const current = () => this.#faults;
    this.network = new Network(this.agenda, createRandom(seed + 1), current, listener);
    this.roll = new Roll(this.agenda, createRandom(seed + 2), current, this.network, this.#kind.roll);
    this.gate = this.#kind.gate === null ? null : new Gate(this.agenda, createRandom(seed + 3), current, this.#kind.gate);
    this.database = new Database(this.agenda, createRandom(seed + 4), current, (run) => this.#whenAwake(run));
  }

  get fenced(): boolean {
    return this.gate !== null;
  }

  createSite(name: string): Site {
    const site = new Site(
      name,
      this.agenda,
      this.#random.between(0, clockSpreadMs),
      () => startsAtMs + this.agenda.now + this.#wallOffsetMs,
    );
    this.sites.push(site);
    return site;
  }

  /** What a realm has of the platform. All peers of a simulation are of one cluster. */
  createMedium(site: Site): Medium {
    return {
      transport: unlessGone(site, this.network.createTransport(site)),
      failureDetector: unlessGone(site, this.roll.createFailureDetector(site)),
      fence: this.gate === null ? null : unlessGone(site, this.gate.createFence(site)),
      lifecycle: site.lifecycle,
      clock: site.clock,
      random: () => this.#random.next(),
      defer: (task) => void this.agenda.plan(this.agenda.now, () => site.enter(task)),
      clone: (value) => structuredClone(value),
      guarantees: this.#kind.guarantees,
    };
  }

  /** A realm ends without a word. The platform notices `fenceAfterMs` later that it cannot hold the fence any more. */
  crash(site: Site, fenceAfterMs = 0): void {
    for (const self of this.roll.idsOf(site)) {
      this.network.cut(self);
      this.roll.crash(self);
      this.gate?.crash(self, fenceAfterMs);
    }
    site.end();
  }

  hang(site: Site): void {
    site.hang();
    this.roll.fallSilent(site, () => site.life === "hung");
  }

  wake(site: Site): void {
    if (site.life === "gone" || site.life === "running") return;
    // What would go on while the machine sleeps does when it wakes.
    if (this.#sleepers !== null) return void this.#sleepers.add(site);
    site.wake();
    this.roll.appear(site);
  }

  /** The machine sleeps: whatever runs stands still, and nothing goes on or begins meanwhile. */
  sleep(forMs: number): void {
    if (this.#sleepers !== null) return;
    this.#sleepers = new Set(this.sites.filter(({ life }) => life === "running"));
    for (const site of this.#sleepers) site.hang();
    this.#wallOffsetMs += this.#random.between(0, wallJumpMs);
    this.later(forMs, () => this.#endSleep());
  }

  #endSleep(): void {
    const sleepers = this.#sleepers ?? [];
    this.#sleepers = null;
    for (const site of sleepers) this.wake(site);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const begin of waiting) begin();
  }

  /** Settles as soon as the machine is awake: nothing new begins while it sleeps. */
  async awake(): Promise<void> {
    if (this.#sleepers !== null) await new Promise<void>((resolve) => this.#whenAwake(resolve));
  }

  #whenAwake(run: () => void): void {
    if (this.#sleepers === null) run();
    else this.#waiting.push(run);
  }

  /** Everybody of whom one is on one side takes those on the other for silent, after a while; both hear each other when it is over. */
  part(side: ReadonlySet<string>, forMs: number, silenceMs: number): void {
    this.network.part(side);
    const isOver = this.later(forMs, () => this.mendNetwork());
    this.later(silenceMs, () => {
      if (isOver()) return;
      for (const site of this.sites)
        for (const other of this.sites)
          if (!this.network.hears(site, other)) for (const self of this.roll.idsOf(other)) this.roll.suspect(self, site);
    });
  }

  mendNetwork(): void {
    this.network.part(null);
    for (const site of this.sites) this.roll.appear(site);
  }

  /** Everything goes well from now on. */
  mend(): void {
    const { detectionMs, delayMs, fenceMs, storageMs } = this.#faults;
    this.#faults = { ...noFaults, detectionMs, delayMs, fenceMs, storageMs };
    this.#endSleep();
    for (const site of this.sites) {
      site.isThrottled = false;
      this.wake(site);
    }
    this.mendNetwork();
  }

  /** Plans something. Returns what tells whether it has happened. */
  later(delayMs: number, run: () => void): () => boolean {
    let hasRun = false;
    this.agenda.plan(this.agenda.now + delayMs, () => {
      hasRun = true;
      run();
    });
    return () => hasRun;
  }

  /** What is held of the platform. */
  get handles(): readonly string[] {
    const counts = {
      "open transports": this.network.handles,
      "signs of life": this.roll.handles,
      "claims on the fence": this.gate?.handles ?? 0,
      "open transactions": this.database.handles,
      "timers and listeners": this.sites.reduce((sum, { handles }) => sum + handles, 0),
    };
    return Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what} are left`] : []));
  }

  /** Who holds the fence. */
  get holder(): PeerId | null {
    return this.gate?.holder ?? null;
  }
}
