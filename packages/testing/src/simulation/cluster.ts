/**
 * A simulated cluster over the real core: peers, a network, a failure detector and a fence in virtual time, in one
 * realm and without a platform. One run is a pure function of what is planned and of the seed.
 *
 * The callbacks of every peer are those of a shared log; see shared-log.ts.
 *
 * @module
 */
import {
  type Config,
  type Decoded,
  type DownReason,
  decode,
  defaultLimits,
  type Effect,
  type Event,
  type FenceEvent,
  initialState,
  type Message,
  nextDeadline,
  type PeerId,
  peerId,
  type Role,
  step,
} from "@gen-leader/protocol";
import { Agenda } from "./agenda.js";
import type { ClusterOptions, Delays } from "./cluster-options.js";
import { SimulatedFence } from "./fence.js";
import type { Happening, SimulatedCall, SimulatedPeer } from "./peer.js";
import { createRandom, type SeededRandom } from "./random.js";
import { answerLater, beginDraining, endTenure, forgetCaller, runCallback } from "./shared-log.js";

/** What a simulated peer is started with. */
export interface StartSimulatedPeer {
  readonly role?: Role;
  readonly priority?: number;
  readonly preference?: number;
  readonly version?: number;
}

export class SimulatedCluster {
  readonly agenda = new Agenda();
  readonly peers: SimulatedPeer[] = [];
  readonly random: SeededRandom;
  readonly fence = new SimulatedFence((run) => this.#later("fence", run));
  readonly #options: ClusterOptions;
  readonly #delays: Delays;
  /** Arrival of the last frame by path, so that each path keeps its order. */
  readonly #paths = new Map<string, number>();
  readonly #watches = new Map<SimulatedPeer, Map<PeerId, symbol>>();
  readonly #timers = new Map<SimulatedPeer, () => void>();
  #incarnation = 0;
  /** The wall clock stood here when the virtual time was 0. */
  #wallStart = 1_000_000;
  /** Who hears whom, while the network is partitioned. */
  #islands: readonly (readonly SimulatedPeer[])[] = [];

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
    this.random = createRandom(options.seed ?? 1);
    this.#delays = { message: [1, 1], detection: [1, 1], fence: [0, 0], ...options.delays };
  }

  get now(): number {
    return this.agenda.now;
  }

  get #wall(): number {
    return this.#wallStart + this.now;
  }

  // --- what users and platforms do ---

  start(name: string, options: StartSimulatedPeer = {}): SimulatedPeer {
    const config: Config = {
      role: options.role ?? "candidate",
      priority: options.priority ?? 0,
      version: options.version ?? 0,
      epoch: 0,
      lists: this.#options.lists ?? null,
      limits: { ...defaultLimits, ...this.#options.limits },
      historyLimit: this.#options.historyLimit ?? 1024,
      fenced: this.#options.fenced ?? true,
      snapshots: this.#options.snapshots ?? false,
    };
    const peer: SimulatedPeer = {
      name,
      state: initialState(config, peerId(name, 0), options.preference),
      log: [],
      life: "up",
      hung: false,
      backlog: [],
      callbacks: [],
      open: [],
      draining: null,
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

  /** The user stops the server, or its callbacks failed: then the others hold back for `backOffMs`. */
  stop(peer: SimulatedPeer, backOffMs = 0): void {
    if (peer.life !== "up" || peer.hung) return;
    const id = peer.state.self;
    this.dispatch(peer, { type: "leave", backOffMs });
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

  /** The user of `peer` asks the leader to append `item`; it is left open if that begins with `later`. */
  call(peer: SimulatedPeer, item: string, options: { readonly retry?: boolean } = {}): SimulatedCall {
    const { made, number } = this.#record(peer, item);
    this.dispatch(peer, { type: "call", call: number, request: item, retry: options.retry ?? false });
    return made;
  }

  /** The user of `peer` asks another peer for the items that it has. */
  callPeer(peer: SimulatedPeer, to: SimulatedPeer): SimulatedCall {
    const { made, number } = this.#record(peer, `log of ${to.name}`);
    this.dispatch(peer, { type: "peer-call", call: number, to: to.state.self, request: "log" });
    return made;
  }

  /** The user of a call does not wait any longer. */
  cancel(peer: SimulatedPeer, call: SimulatedCall): void {
    call.isCancelled = true;
    this.dispatch(peer, { type: "cancel", call: peer.calls.indexOf(call) + 1 });
  }

  /** The leader's callback answers a call that it left open. */
  answer(peer: SimulatedPeer, item: string): void {
    this.#inRealm(peer, () => answerLater(peer, item, (happening) => this.#step(peer, happening)));
  }

  stepDown(peer: SimulatedPeer, to: SimulatedPeer | null = null, backOffMs = 1000): void {
    this.dispatch(peer, { type: "step-down", request: 0, to: to?.state.self ?? null, backOffMs, alone: "refuse" });
  }

  /** Hands a peer a frame from outside, as its transport would. */
  receive(peer: SimulatedPeer, frame: unknown): Decoded {
    const decoded = decode(frame);
    if (decoded.type === "message") this.dispatch(peer, { type: "received", message: decoded.message });
    return decoded;
  }

  /** Feeds a peer's core. */
  dispatch(peer: SimulatedPeer, happening: Happening): void {
    this.#inRealm(peer, () => this.#step(peer, happening));
  }

  // --- time ---

  /** The wall clock moves on by `ms`, and no other: the machine has slept, and the realms' own clocks stood still. */
  moveWallClock(ms: number): void {
    this.#wallStart += ms;
  }

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

  /**
   * Cuts the network: only peers of one group hear each other, and to a detector that counts silence the others are
   * `unresponsive`. Peers in no group hear nobody.
   */
  partition(...groups: readonly (readonly SimulatedPeer[])[]): void {
    const up = this.peers.filter(({ life }) => life === "up");
    const deaf = up.flatMap((peer) => up.filter((other) => !this.#hears(peer, other.state.self)).map((other) => [peer, other] as const));
    this.#islands = groups;
    for (const [watcher, watched] of this.#watches)
      for (const id of watched.keys()) if (!this.#hears(watcher, id)) this.#report(watcher, id, "unresponsive");
    for (const [peer, other] of deaf) if (this.#hears(peer, other.state.self)) this.#appear(peer, other.state.self);
  }

  /** Mends the network. The detector hears those who had fallen silent. */
  heal(): void {
    this.partition();
  }

  #appear(watcher: SimulatedPeer, id: PeerId): void {
    const { self } = watcher.state;
    this.#later("detection", () => this.#tell(watcher, self, { type: "appeared", peer: id }));
  }

  /** Whether frames of the peer that has this id reach `peer`, and its signs of life. */
  #hears(peer: SimulatedPeer, id: PeerId): boolean {
    if (this.#islands.length === 0) return true;
    return this.#islands.some((group) => group.includes(peer) && group.some(({ state }) => state.self === id));
  }

  /** Puts a call into the books; calls of a peer are numbered from 1. */
  #record(peer: SimulatedPeer, item: string): { readonly made: SimulatedCall; readonly number: number } {
    const made: SimulatedCall = { peer: peer.name, item, outcome: null, wasApplied: false, isCancelled: false };
    const number = peer.calls.push(made);
    return { made, number };
  }

  #inRealm(peer: SimulatedPeer, run: () => void): void {
    if (peer.life === "gone") return;
    if (peer.hung) peer.backlog.push(run);
    else run();
  }

  #open(peer: SimulatedPeer): void {
    this.#incarnation += 1;
    const self = peerId(peer.name, this.#incarnation);
    peer.state = { ...peer.state, self };
    this.#watches.set(peer, new Map());
    this.dispatch(peer, { type: "opened", self, census: this.#census(), holder: this.fence.holder, wall: this.#wall });
  }

  /** Who shows a sign of life, where newcomers can tell. */
  #census(): readonly PeerId[] | null {
    return this.#options.census === false ? null : this.peers.filter(({ life }) => life === "up").map(({ state }) => state.self);
  }

  /** The platform notices that an incarnation is gone. */
  #vanish(peer: SimulatedPeer, id: PeerId): void {
    this.#timers.get(peer)?.();
    this.#watches.set(peer, new Map());
    for (const [watcher, watched] of this.#watches) if (watcher !== peer && watched.has(id)) this.#report(watcher, id);
    this.fence.release(id);
  }

  #report(watcher: SimulatedPeer, id: PeerId, reason: DownReason = "crashed"): void {
    const watch = this.#watches.get(watcher)?.get(id);
    this.#later("detection", () => {
      if (watch === undefined || this.#watches.get(watcher)?.get(id) !== watch) return;
      this.dispatch(watcher, { type: "down", peer: id, reason });
      // Whoever was silent, so that frames were lost, and is heard again by now.
      if (reason === "unresponsive" && this.#hears(watcher, id)) this.#appear(watcher, id);
    });
  }

  #isUp(id: PeerId): boolean {
    // One that is about to reopen has gone under its old id.
    return this.peers.some(({ life, hung, state }) => life === "up" && state.self === id && (hung || state.phase.type !== "away"));
  }

  #later(kind: keyof Delays, run: () => void): void {
    const [low, high] = this.#delays[kind];
    this.agenda.plan(this.now + this.random.between(low, high), run);
  }

  #step(peer: SimulatedPeer, happening: Happening): void {
    if (peer.life === "gone") return;
    const { phase, wallOffset } = peer.state;
    // As a driver does.
    if (this.#wall - this.now > wallOffset && phase.type !== "away") this.#feed(peer, { type: "wall", now: this.now, wall: this.#wall });
    this.#feed(peer, { ...happening, now: this.now } as Event);
  }

  #feed(peer: SimulatedPeer, event: Event): void {
    const before = peer.state;
    const result = step(before, event);
    peer.state = result.state;
    this.#options.onStep?.(peer, event, result.effects, before);
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
    const { self } = peer.state;
    const dispatch = (happening: Happening) => this.dispatch(peer, happening);
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
        else if (!this.#hears(peer, effect.peer)) this.#report(peer, effect.peer, "unresponsive");
        return;
      case "demonitor":
        this.#watches.get(peer)?.delete(effect.peer);
        return;
      case "fence-request":
        return this.fence.request(this.#waiter(peer, self));
      case "fence-release":
        return this.fence.release(self);
      case "fence-steal":
        return this.fence.steal(this.#waiter(peer, self), effect.holder);
      case "fence-query":
        return this.#later("fence", () => this.#tell(peer, self, { type: "fence-holder", query: effect.query, holder: this.fence.holder }));
      case "reopen":
        this.#vanish(peer, self);
        // Media open in their own time, after the other effects of this step.
        this.agenda.plan(this.now, () => {
          if (peer.life === "up" && peer.state.self === self) this.#open(peer);
        });
        return;
      case "deliver":
        return runCallback(peer, effect.delivery, dispatch);
      case "cancel":
        return forgetCaller(peer, effect.caller, dispatch);
      case "tenure-ended":
        return endTenure(peer, dispatch);
      case "name-taken":
        return this.stop(peer);
      case "drain":
        return beginDraining(peer, effect.token, dispatch);
      default:
        return;
    }
  }

  #transmit(path: "post" | "send", from: PeerId, to: SimulatedPeer, message: Message): void {
    const addressee = to.state.self;
    const [low, high] = this.#delays.message;
    const key = `${path} ${from} ${addressee}`;
    const fault = this.#hears(to, from) ? (this.#options.disturb?.({ from, to: addressee, message }) ?? null) : { type: "drop" as const };
    const extra = fault?.type === "delay" ? fault.delayMs : 0;
    const at = Math.max(this.now + this.random.between(low, high) + extra, this.#paths.get(key) ?? 0);
    if (fault?.type === "drop") return;
    this.#paths.set(key, at);
    for (let copy = fault?.type === "duplicate" ? 2 : 1; copy > 0; copy -= 1) {
      const frame = structuredClone(message);
      this.agenda.plan(at, () => {
        if (to.life === "up" && to.state.self === addressee && this.receive(to, frame).type === "rejected")
          throw new Error(`${from} sent what ${addressee} takes for no message: ${JSON.stringify(frame)}`);
      });
    }
  }

  /** Tells an incarnation, if it is still the same. */
  #tell(peer: SimulatedPeer, id: PeerId, happening: Happening): void {
    if (peer.state.self === id && peer.life === "up") this.dispatch(peer, happening);
  }

  #waiter(peer: SimulatedPeer, id: PeerId) {
    return { id, tell: (event: FenceEvent) => this.#tell(peer, id, this.#happening(event)) };
  }

  #happening({ type }: FenceEvent): Happening {
    switch (type) {
      case "granted":
        return { type: "fence-granted", census: this.#census() };
      case "busy":
        return { type: "fence-busy" };
      case "ended":
        return { type: "fence-ended" };
      case "lost":
        return { type: "fence-lost" };
    }
  }
}
