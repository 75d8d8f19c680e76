/**
 * A simulated cluster over the real core: peers, a network, a failure detector and a fence in virtual time, in one
 * realm and without a platform. One run is a pure function of what is planned and of the seed.
 *
 * The callbacks of every peer are those of a shared log: a leader call appends an item, broadcasts it and answers with
 * the log's length.
 *
 * @module
 */
import {
  type Caller,
  type CallOutcome,
  type Config,
  type Delivery,
  defaultLimits,
  type Effect,
  type Event,
  initialState,
  type Limits,
  type Message,
  nextDeadline,
  type PeerId,
  type PeerState,
  peerId,
  type Role,
  sameToken,
  step,
  type Token,
} from "@gen-leader/protocol";
import { Agenda } from "./agenda.js";
import { createRandom, type SeededRandom } from "./random.js";

/** An event before the cluster puts the time on it. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;

/** How long things take, in milliseconds: from and to. */
export interface Delays {
  readonly message: readonly [number, number];
  readonly detection: readonly [number, number];
  readonly fence: readonly [number, number];
}

export interface ClusterOptions {
  readonly seed?: number;
  readonly delays?: Partial<Delays>;
  readonly limits?: Partial<Limits>;
  /** Whether there is a fence. @default true */
  readonly fenced?: boolean;
  /** Whether newcomers can list who is alive. @default true */
  readonly census?: boolean;
  readonly historyLimit?: number;
  /** Called with everything that happens, for transcripts and checkers. */
  readonly onStep?: (peer: SimulatedPeer, event: Event, effects: readonly Effect[]) => void;
}

/** One call of a simulated user. */
export interface SimulatedCall {
  readonly peer: string;
  readonly item: string;
  outcome: CallOutcome | null;
}

/** One simulated realm: lives from start to crash, perhaps under several incarnations. */
export interface SimulatedPeer {
  readonly name: string;
  state: PeerState;
  /** The log that the callbacks keep. */
  log: readonly string[];
  /** `gone` after a crash or a stop; `away` while suspended. */
  life: "up" | "away" | "gone";
  hung: boolean;
  /** What waits for a hung realm to go on. */
  backlog: (() => void)[];
  /** What the callbacks got, printed short: for order checks. */
  callbacks: string[];
  readonly calls: SimulatedCall[];
}

interface Waiter {
  readonly peer: SimulatedPeer;
  readonly id: PeerId;
}

export class SimulatedCluster {
  readonly agenda = new Agenda();
  readonly peers: SimulatedPeer[] = [];
  readonly random: SeededRandom;
  readonly #options: ClusterOptions;
  readonly #delays: Delays;
  /** Arrival of the last frame by path, so that each path keeps its order. */
  readonly #paths = new Map<string, number>();
  readonly #watches = new Map<SimulatedPeer, Map<PeerId, symbol>>();
  readonly #timers = new Map<SimulatedPeer, () => void>();
  readonly #callNumbers = new Map<SimulatedPeer, number>();
  #incarnation = 0;
  /** Who holds the fence, and who waits for it. */
  holder: Waiter | null = null;
  #queue: Waiter[] = [];

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
    this.random = createRandom(options.seed ?? 1);
    this.#delays = { message: [1, 1], detection: [1, 1], fence: [0, 0], ...options.delays };
  }

  get now(): number {
    return this.agenda.now;
  }

  // --- what users and platforms do ---

  start(name: string, options: { readonly role?: Role; readonly priority?: number } = {}): SimulatedPeer {
    const config: Config = {
      role: options.role ?? "candidate",
      priority: options.priority ?? 0,
      version: 0,
      lists: null,
      limits: { ...defaultLimits, ...this.#options.limits },
      historyLimit: this.#options.historyLimit ?? 1024,
      fenced: this.#options.fenced ?? true,
      snapshots: false,
    };
    const peer: SimulatedPeer = {
      name,
      state: initialState(config, peerId(name, 0)),
      log: [],
      life: "up",
      hung: false,
      backlog: [],
      callbacks: [],
      calls: [],
    };
    this.peers.push(peer);
    this.#open(peer);
    return peer;
  }

  /** The realm ends without a word. */
  crash(peer: SimulatedPeer): void {
    if (peer.life === "gone") return;
    const id = peer.state.self;
    peer.life = "gone";
    peer.backlog = [];
    this.#vanish(peer, id);
  }

  /** The user stops the server. */
  stop(peer: SimulatedPeer): void {
    if (peer.life !== "up" || peer.hung) return;
    const id = peer.state.self;
    this.dispatch(peer, { type: "leave", backOffMs: 0 });
    peer.life = "gone";
    this.#vanish(peer, id);
  }

  /** The page goes into a cache, or freezes. */
  suspend(peer: SimulatedPeer): void {
    if (peer.life !== "up" || peer.hung) return;
    const id = peer.state.self;
    this.dispatch(peer, { type: "leave", backOffMs: 0 });
    peer.life = "away";
    this.#vanish(peer, id);
  }

  resume(peer: SimulatedPeer): void {
    if (peer.life !== "away") return;
    peer.life = "up";
    this.#open(peer);
  }

  /** The realm is busy: nothing runs in it until `recover`. */
  hang(peer: SimulatedPeer): void {
    if (peer.life === "up") peer.hung = true;
  }

  recover(peer: SimulatedPeer): void {
    if (!peer.hung) return;
    peer.hung = false;
    const { backlog } = peer;
    peer.backlog = [];
    for (const run of backlog) this.#inRealm(peer, run);
    this.#armTimer(peer);
  }

  call(peer: SimulatedPeer, item: string, options: { readonly retry?: boolean } = {}): SimulatedCall {
    const made: SimulatedCall = { peer: peer.name, item, outcome: null };
    const number = (this.#callNumbers.get(peer) ?? 0) + 1;
    this.#callNumbers.set(peer, number);
    peer.calls.push(made);
    this.dispatch(peer, { type: "call", call: number, request: item, retry: options.retry ?? false });
    return made;
  }

  stepDown(peer: SimulatedPeer, to: SimulatedPeer | null = null): void {
    this.dispatch(peer, { type: "step-down", to: to?.state.self ?? null, backOffMs: 1000, alone: "refuse" });
  }

  /** Feeds a peer's core. */
  dispatch(peer: SimulatedPeer, happening: Happening): void {
    this.#inRealm(peer, () => this.#step(peer, happening));
  }

  // --- time ---

  /** Lets time pass, up to `ms` from now. */
  run(ms: number): void {
    const until = this.now + ms;
    while (this.agenda.step(until));
    this.agenda.now = until;
  }

  /** Lets things happen until `fits`, at most for `limitMs`. Whether it came to that. */
  runUntil(fits: () => boolean, limitMs = 60_000): boolean {
    const until = this.now + limitMs;
    while (!fits()) if (!this.agenda.step(until)) return false;
    return true;
  }

  /** Whether there is one leader among those that are up, and all others follow it and are as far as it is. */
  get settled(): boolean {
    const up = this.peers.filter(({ life }) => life === "up");
    const leader = up.find(({ state }) => state.phase.type === "leading");
    if (leader === undefined) return false;
    return up.every(
      ({ state }) =>
        state === leader.state ||
        (state.phase.type === "following" &&
          state.phase.leader === leader.state.self &&
          state.position.sequence === leader.state.position.sequence &&
          leader.state.members.has(state.self)),
    );
  }

  // --- the platform ---

  #inRealm(peer: SimulatedPeer, run: () => void): void {
    if (peer.life === "gone") return;
    if (peer.hung) peer.backlog.push(run);
    else run();
  }

  #open(peer: SimulatedPeer): void {
    this.#incarnation += 1;
    const self = peerId(peer.name, this.#incarnation);
    const census =
      this.#options.census === false
        ? null
        : this.peers.filter(({ life }) => life === "up").map((other) => (other === peer ? self : other.state.self));
    peer.state = { ...peer.state, self };
    this.#watches.set(peer, new Map());
    this.dispatch(peer, { type: "opened", self, census, holder: this.holder?.id ?? null, wall: 1_000_000 + this.now });
  }

  /** The platform notices that an incarnation is gone. */
  #vanish(peer: SimulatedPeer, id: PeerId): void {
    this.#timers.get(peer)?.();
    this.#watches.set(peer, new Map());
    for (const [watcher, watched] of this.#watches) if (watcher !== peer && watched.has(id)) this.#report(watcher, id);
    this.#queue = this.#queue.filter((waiter) => waiter.id !== id);
    if (this.holder?.id === id) this.#grantNext();
  }

  #report(watcher: SimulatedPeer, id: PeerId): void {
    const watch = this.#watches.get(watcher)?.get(id);
    this.#later("detection", () => {
      if (this.#watches.get(watcher)?.get(id) === watch && watch !== undefined)
        this.dispatch(watcher, { type: "down", peer: id, reason: "crashed" });
    });
  }

  #isUp(id: PeerId): boolean {
    return this.peers.some(({ life, state }) => life === "up" && state.self === id);
  }

  #later(kind: keyof Delays, run: () => void): void {
    const [low, high] = this.#delays[kind];
    this.agenda.plan(this.now + this.random.between(low, high), run);
  }

  #step(peer: SimulatedPeer, happening: Happening): void {
    if (peer.life === "gone") return;
    const event = { ...happening, now: this.now } as Event;
    const result = step(peer.state, event);
    peer.state = result.state;
    this.#options.onStep?.(peer, event, result.effects);
    for (const effect of result.effects) this.#perform(peer, effect);
    this.#armTimer(peer);
  }

  #armTimer(peer: SimulatedPeer): void {
    this.#timers.get(peer)?.();
    const due = nextDeadline(peer.state);
    if (due === null || peer.life !== "up") return;
    const cancel = this.agenda.plan(due, () => this.dispatch(peer, { type: "timeout" }));
    this.#timers.set(peer, cancel);
  }

  #perform(peer: SimulatedPeer, effect: Effect): void {
    const self = peer.state.self;
    switch (effect.type) {
      case "post":
        for (const other of this.peers) if (other !== peer) this.#transmit("post", self, other, effect.message);
        return;
      case "send": {
        const other = this.peers.find(({ state }) => state.self === effect.to);
        if (other !== undefined && other !== peer) this.#transmit("send", self, other, effect.message);
        return;
      }
      case "monitor":
        this.#watches.get(peer)?.set(effect.peer, Symbol(effect.peer));
        if (!this.#isUp(effect.peer)) this.#report(peer, effect.peer);
        return;
      case "demonitor":
        this.#watches.get(peer)?.delete(effect.peer);
        return;
      case "fence-request":
        return this.#requestFence({ peer, id: self });
      case "fence-release":
        this.#queue = this.#queue.filter(({ id }) => id !== self);
        if (this.holder?.id === self) this.#grantNext();
        return;
      case "fence-steal":
        return this.#steal({ peer, id: self }, effect.holder);
      case "fence-query":
        return this.#later("fence", () =>
          this.#tell({ peer, id: self }, { type: "fence-holder", query: effect.query, holder: this.holder?.id ?? null }),
        );
      case "reopen":
        this.#vanish(peer, self);
        return this.#open(peer);
      case "deliver":
        return this.#callback(peer, effect.delivery);
      case "tenure-ended":
        return this.dispatch(peer, { type: "abandoned", begun: [], waiting: [] });
      case "drain":
        return this.dispatch(peer, { type: "drained", token: effect.token });
      default:
        return;
    }
  }

  #transmit(path: "post" | "send", from: PeerId, to: SimulatedPeer, message: Message): void {
    const addressee = to.state.self;
    const [low, high] = this.#delays.message;
    const key = `${path} ${from} ${addressee}`;
    const at = Math.max(this.now + this.random.between(low, high), this.#paths.get(key) ?? 0);
    this.#paths.set(key, at);
    const frame = structuredClone(message);
    this.agenda.plan(at, () => {
      if (to.life === "up" && to.state.self === addressee) this.dispatch(to, { type: "received", message: frame });
    });
  }

  // --- the fence ---

  /** Tells an incarnation, if it is still the same. */
  #tell({ peer, id }: Waiter, happening: Happening): void {
    if (peer.state.self === id && peer.life === "up") this.dispatch(peer, happening);
  }

  #requestFence(waiter: Waiter): void {
    if (this.#queue.some(({ id }) => id === waiter.id)) return;
    if (this.holder === null) {
      this.#grant(waiter);
      return;
    }
    this.#queue.push(waiter);
    this.#later("fence", () => {
      if (this.#queue.includes(waiter)) this.#tell(waiter, { type: "fence-busy" });
    });
  }

  #grant(waiter: Waiter): void {
    this.holder = waiter;
    this.#later("fence", () => {
      if (this.holder === waiter) this.#tell(waiter, { type: "fence-granted" });
    });
  }

  #grantNext(): void {
    this.holder = null;
    const next = this.#queue.shift();
    if (next !== undefined) this.#grant(next);
  }

  #steal(thief: Waiter, accused: PeerId): void {
    const robbed = this.holder;
    if (robbed?.id !== accused) return this.#later("fence", () => this.#tell(thief, { type: "fence-ended" }));
    this.#queue = this.#queue.filter(({ id }) => id !== thief.id);
    this.#grant(thief);
    this.#later("fence", () => this.#tell(robbed, { type: "fence-lost" }));
  }

  // --- the callbacks of a shared log ---

  #callback(peer: SimulatedPeer, delivery: Delivery): void {
    switch (delivery.type) {
      case "elected":
        peer.callbacks.push(`elected ${delivery.joiner ?? "-"}`);
        return this.dispatch(peer, { type: "synced", token: delivery.token, joiner: delivery.joiner, sync: peer.log, to: "joiner" });
      case "surrendered":
        peer.callbacks.push("surrendered");
        peer.log = delivery.sync as readonly string[];
        return;
      case "from-leader":
        peer.callbacks.push(`from-leader ${delivery.sequence}`);
        peer.log = [...peer.log, String(delivery.payload)];
        return;
      case "leader-call":
        return this.#append(peer, delivery.token, delivery.caller, String(delivery.request));
      case "settle": {
        const call = peer.calls[delivery.call - 1];
        if (call !== undefined) call.outcome = delivery.outcome;
        return;
      }
      default:
        return;
    }
  }

  #append(peer: SimulatedPeer, token: Token, caller: Caller, item: string): void {
    // The tenure ended before the callback could begin.
    if (peer.state.phase.type !== "leading" || !sameToken(peer.state.token, token))
      return this.dispatch(peer, { type: "abandoned", begun: [], waiting: [caller] });
    peer.callbacks.push(`leader-call ${item}`);
    peer.log = [...peer.log, item];
    this.dispatch(peer, { type: "broadcast", token, payload: item, to: null });
    this.dispatch(peer, { type: "answered", token, caller, result: { type: "value", value: peer.log.length } });
  }
}
