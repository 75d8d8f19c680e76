/**
 * One run of a simulation: starts peers, lets the scenario and the faults loose, mends everything, waits for rest, and
 * looks for what is left. A pure function of its options; what was seen is returned, and judged elsewhere.
 *
 * @module
 */
import { decode, type PeerId, peerId, printEffect, printToken } from "@gen-leader/protocol";
import { type Behaviour, type BehaviourTypes, createRealm, type Server, type StartOptions } from "gen-leader";
import { createRandom, type SeededRandom } from "../simulation/random.js";
import type { PlannedFault } from "./fault-plan.js";
import type { Faults } from "./faults.js";
import type { BroadcastId, CallSettled, Observation, Resting } from "./history.js";
import type { SimulatedMedium } from "./media.js";
import { type AnyCallbacks, type BehaviourObserver, type Numbering, observeBehaviour } from "./observed-behaviour.js";
import { type AnyServer, callbacksOf, type ObservedServer, observeServer, RealmEndedError } from "./observed-server.js";
import type { SimulatedBehaviour } from "./simulated-realm.js";
import type { Site } from "./site.js";
import { World } from "./world.js";

/** What a peer of a simulation is started with: any options of `start` but those that are the simulator's. */
export type SimulatedPeerOptions<T extends BehaviourTypes> = Omit<
  StartOptions<T>,
  "medium" | "transport" | "failureDetector" | "fence" | "clock" | "namespace"
>;

/** What one run is made of. */
export interface RunOptions<T extends BehaviourTypes> {
  readonly behaviour: SimulatedBehaviour<T>;
  readonly peers: readonly SimulatedPeerOptions<T>[];
  readonly seed: number;
  readonly medium: SimulatedMedium;
  readonly faults: Faults;
  readonly plan: readonly PlannedFault[];
  /** How long all may take to come to rest when the faults are over, in milliseconds. */
  readonly restMs: number;
  /** Gets every line of what happens, in the notation of the transcripts. */
  readonly tell: ((line: string) => void) | null;
}

/** What a scenario does things with. */
export interface Simulation<T extends BehaviourTypes> {
  /** Virtual time since the start, in milliseconds. */
  readonly nowMs: number;
  /** Random numbers for the scenario alone. */
  readonly random: SeededRandom;
  /** The servers whose realm has not ended, in the order in which they started. */
  readonly servers: readonly Server<T>[];
  /** Starts one more peer. Rejects if its realm ends before it has started. */
  start(options?: SimulatedPeerOptions<T>): Promise<Server<T>>;
  /** Ends a server's realm without a word. */
  crash(server: Server<T>): void;
  /** Lets virtual time pass. */
  sleep(ms: number): Promise<void>;
}

/** What users do in a run. Its calls may fail, as the faults have it. Its promise is waited for; whatever it throws, the run throws. */
export type Scenario<T extends BehaviourTypes> = (simulation: Simulation<T>) => Promise<void>;

/** What came of a run. */
export interface RunResult {
  readonly history: readonly Observation[];
  /** How many things happened. */
  readonly steps: number;
  /** How many of the planned faults found somebody to befall, by their type. */
  readonly befallen: Readonly<Record<string, number>>;
}

/** One server, from its start to its end. */
interface Resident<T extends BehaviourTypes> {
  readonly number: number;
  readonly site: Site;
  readonly options: SimulatedPeerOptions<T>;
  readonly callbacks: AnyCallbacks;
  log: readonly BroadcastId[];
  readonly numbering: Numbering;
  observed: ObservedServer<T> | null;
  raw: AnyServer | null;
  version: number;
  isStopping: boolean;
}

/** More steps than any run needs: beyond it, something goes round in circles. */
const stepLimit = 100_000;
/** As long as heartbeats may stay out. */
const silenceMs = 3000;
/** Realms that are left when the others crash. */
const fewest = 2;
/** How long a scenario may go on in virtual time. */
const scenarioLimitMs = 600_000;

/** Frames that only a leader sends, and that others act on. */
const leaderFrames: ReadonlySet<string> = new Set(["announce", "welcome", "broadcast", "missed", "reply"]);

function untyped(server: Server<BehaviourTypes>): AnyServer;
function untyped(server: unknown): unknown {
  return server;
}

/** The border to `start`, which wants types that are forgotten here. */
function asBehaviour(callbacks: AnyCallbacks): Behaviour<BehaviourTypes>;
function asBehaviour(callbacks: unknown): unknown {
  return callbacks;
}

/** Lets everything that waits for a promise go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export async function runOnce<T extends BehaviourTypes>(options: RunOptions<T>, scenario: Scenario<T>): Promise<RunResult> {
  const { behaviour, seed, plan, tell } = options;
  const history: Observation[] = [];
  const residents: Resident<T>[] = [];
  const open = new Map<number, Resident<T>>();
  const befallen: Record<string, number> = {};
  let steps = 0;
  let calls = 0;
  let started = 0;
  const world = new World(seed * 16, options.medium, options.faults, { sent });
  const { agenda } = world;

  function sent(from: PeerId, to: PeerId | null, frame: object): void {
    const decoded = decode(frame);
    if (decoded.type !== "message") return;
    const { message } = decoded;
    tell?.(`    ${printEffect(to === null ? { type: "post", message } : { type: "send", to, message })}`);
    if (!leaderFrames.has(message.type) || world.gate === null) return;
    const lostForMs = world.gate.lostForMs(from);
    if (lostForMs > 0) see({ type: "unfenced-act", atMs: agenda.now, server: -1, self: from, act: message.type, lostForMs });
  }

  function see(observation: Observation): void {
    history.push(observation);
  }

  function up(): Resident<T>[] {
    return residents.filter(({ site }) => site.life !== "gone");
  }

  function settle(resident: Resident<T>, call: number, outcome: CallSettled["outcome"]): void {
    open.delete(call);
    see({ type: "settled", atMs: agenda.now, server: resident.number, call, outcome, log: resident.log });
  }

  function observe(resident: Resident<T>, observed: AnyCallbacks): AnyCallbacks {
    const { number: server } = resident;
    const at = () => ({ atMs: agenda.now, server });
    const observer: BehaviourObserver = {
      callback: (name, edge, token) => see({ type: "callback", ...at(), name, edge, token }),
      elected(token, log) {
        const others = up().filter((other) => other !== resident && other.raw !== null && !other.isStopping);
        see({ type: "elected", ...at(), token, log, others: new Map(others.map((other) => [other.number, other.log])) });
      },
      surrendered: (token, before, after, told) => see({ type: "surrendered", ...at(), token, before, after, told }),
      applied: (id, after) => see({ type: "applied", ...at(), id, after }),
      executed: (token, call) => see({ type: "executed", ...at(), token, call }),
      broadcast: (id, call) => see({ type: "broadcast", ...at(), id, call }),
      holds(log) {
        resident.log = log;
      },
    };
    return observeBehaviour(observed, observer, resident.numbering);
  }

  function watch(resident: Resident<T>, server: AnyServer): void {
    const { number } = resident;
    const at = () => ({ atMs: agenda.now, server: number });
    server.subscribe(({ election: { self, phase, token, epoch } }) => see({ type: "status", ...at(), self, phase, token, epoch }));
    void server.exited.then(({ reason }) => {
      if (resident.site.life === "gone") return;
      see({ type: "ended", ...at(), how: resident.isStopping ? "stopped" : "by-itself", reason: String(reason) });
      leave(resident);
    });
    if (tell !== null)
      server.sys.trace(({ peer, type, text }) => tell(type === "dropped" ? `    ${text}` : `${agenda.now} ${peer} < ${text}`));
  }

  /** A server has ended in order: its realm has nothing left to do. */
  function leave(resident: Resident<T>): void {
    resident.raw = null;
    resident.observed?.died();
    resident.site.enter(() => undefined);
    ended.add(resident);
  }
  const ended = new Set<Resident<T>>();

  async function start(peer: SimulatedPeerOptions<T> = {}): Promise<Server<T>> {
    await world.awake();
    started += 1;
    const name = peer.peer ?? `p${started}`;
    const site = world.createSite(name);
    const number = residents.length;
    const storage = world.database.createStorage(site, (token, writes) => {
      see({ type: "committed", atMs: agenda.now, server: number, token, writes });
      tell?.(`${agenda.now} ${name} commits ${[...writes.keys()].join(" ")}${token === null ? "" : ` under ${printToken(token)}`}`);
    });
    const resident: Resident<T> = {
      number,
      site,
      options: { ...peer, peer: name },
      callbacks: callbacksOf(typeof behaviour === "function" ? behaviour({ peer: name, storage }) : behaviour),
      log: [],
      numbering: { tenure: null, last: 0 },
      observed: null,
      raw: null,
      version: peer.version ?? 0,
      isStopping: false,
    };
    residents.push(resident);
    see({ type: "started", atMs: agenda.now, server: resident.number, peer: name });
    const realm = createRealm(() => world.createMedium(site));
    const server = untyped(
      await realm.start("simulated", asBehaviour(observe(resident, resident.callbacks)), { args: undefined, ...resident.options }),
    );
    if (site.life === "gone") throw new RealmEndedError(name);
    resident.raw = server;
    watch(resident, server);
    resident.observed = observeServer<T>(server, site, {
      made(kind, request, retry) {
        calls += 1;
        open.set(calls, resident);
        see({ type: "call", atMs: agenda.now, server: resident.number, call: calls, kind, request, retry });
        return calls;
      },
      settled: (call, outcome) => settle(resident, call, outcome),
      observe: (changed) => observe(resident, changed),
      stopping() {
        resident.isStopping = true;
      },
    });
    return resident.observed.server;
  }

  function crash(resident: Resident<T>, fenceAfterMs = 0): void {
    see({ type: "ended", atMs: agenda.now, server: resident.number, how: "crashed", reason: "crashed" });
    tell?.(`${agenda.now} ${resident.site.name} crashes`);
    world.crash(resident.site, fenceAfterMs);
    resident.observed?.died();
  }

  /** Lets one of the planned faults happen, if there is anybody whom it can befall. */
  function befall({ type, forMs, whom }: PlannedFault): void {
    const running = up().filter(({ site, raw, isStopping }) => site.life === "running" && raw !== null && !isStopping);
    const leader = running.find(({ raw }) => raw?.election.isLeader === true);
    const victim = whom === "leader" ? leader : running[whom % Math.max(running.length, 1)];
    if (victim === undefined) return;
    const { site } = victim;
    const isEnding = type === "crash" || type === "restart" || type === "corpse";
    if (isEnding && running.filter(({ options: { role } }) => role !== "worker").length <= fewest) return;
    befallen[type] = (befallen[type] ?? 0) + 1;
    tell?.(`${agenda.now} fault ${type} for ${forMs} ms: ${site.name}`);
    switch (type) {
      case "crash":
        return crash(victim);
      case "corpse":
        return crash(victim, forMs);
      case "restart":
        crash(victim);
        return begin(victim.options);
      case "hang":
        world.hang(site);
        return void world.later(forMs, () => world.wake(site));
      case "freeze":
        site.suspend();
        return void world.later(forMs, () => world.wake(site));
      case "cache":
        site.suspend();
        return void world.later(forMs, () => {
          if (site.life !== "away") return;
          if (forMs % 3 === 0) crash(victim);
          else world.wake(site);
        });
      case "throttle":
        site.isThrottled = true;
        return void world.later(forMs, () => {
          site.isThrottled = false;
        });
      case "clockJump":
        return world.sleep(forMs);
      case "falseSuspicion": {
        const watcher = running[forMs % running.length];
        for (const self of world.roll.idsOf(site)) world.roll.suspect(self, watcher === victim ? null : (watcher?.site ?? null));
        return void world.later(forMs, () => world.roll.appear(site));
      }
      case "partition":
        return world.part(new Set(running.filter((_, index) => (forMs >> index) % 2 === 1).map((one) => one.site.name)), forMs, silenceMs);
      case "steal":
        return world.gate?.rob();
      case "versionSkew":
        victim.version += 1;
        victim.raw?.sys.replaceBehaviour(observe(victim, victim.callbacks), victim.version).catch(() => undefined);
    }
  }

  /** Starts a peer of which nobody waits to hear. */
  function begin(peer: SimulatedPeerOptions<T>): void {
    start(peer).catch((error: unknown) => {
      if (!(error instanceof RealmEndedError)) see({ type: "thrown", atMs: agenda.now, server: -1, error: String(error) });
    });
  }

  /** Lets things happen until `fits`, for `limitMs` at most. Whether it came to that. */
  async function drive(fits: () => boolean, limitMs: number): Promise<boolean> {
    const until = agenda.now + limitMs;
    await turn();
    while (!fits()) {
      steps += 1;
      if (steps > stepLimit) return false;
      try {
        if (!agenda.step(until)) return fits();
      } catch (error) {
        see({
          type: "thrown",
          atMs: agenda.now,
          server: -1,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
      await turn();
    }
    return true;
  }

  function present(): Resident<T>[] {
    return up().filter((resident) => !ended.has(resident) && !resident.isStopping);
  }

  function isQuiet(): boolean {
    const all = present();
    const leader = all.find(({ raw }) => raw?.election.isLeader === true)?.raw?.election;
    if (leader === undefined || open.size > 0) return false;
    return all.every(({ raw }) => {
      const election = raw?.election;
      if (election === undefined || !leader.inStep.includes(election.self)) return false;
      if (election.self === leader.self) return true;
      return (
        election.phase === "following" &&
        election.leader === leader.self &&
        election.epoch === leader.epoch &&
        election.applied === leader.applied
      );
    });
  }

  const simulation: Simulation<T> = {
    get nowMs() {
      return agenda.now;
    },
    random: createRandom(seed * 16 + 8),
    get servers() {
      return present().flatMap(({ observed }) => (observed === null ? [] : [observed.server]));
    },
    start,
    crash(server) {
      const resident = residents.find(({ observed }) => observed?.server === server);
      if (resident !== undefined && resident.site.life !== "gone") crash(resident);
    },
    sleep: (ms) => new Promise((resolve) => void agenda.plan(agenda.now + ms, () => resolve())),
  };

  let failure: { readonly error: unknown } | null = null;
  let isOver = false;
  for (const peer of options.peers) begin(peer);
  for (const fault of plan) agenda.plan(fault.atMs, () => befall(fault));
  scenario(simulation).then(
    () => {
      isOver = true;
    },
    (error: unknown) => {
      failure = { error };
      isOver = true;
    },
  );
  const lastFaultMs = Math.max(0, ...plan.map(({ atMs }) => atMs));
  const hasEnded = await drive(() => isOver && agenda.now >= lastFaultMs, scenarioLimitMs);
  if (failure !== null) throw (failure as { readonly error: unknown }).error;
  if (!hasEnded) see({ type: "thrown", atMs: agenda.now, server: -1, error: "The scenario did not come to its end." });

  tell?.(`${agenda.now} peace`);
  world.mend();
  see({ type: "peace", atMs: agenda.now });
  // What users asked of those who stood still is done first: it may be that they stop.
  await drive(() => false, 1);
  // Nobody is left who may lead.
  if (!present().some(({ options: { role } }) => role !== "worker")) begin({});
  await drive(isQuiet, options.restMs);
  // What is still on its way when all seem to be at rest: late detectors, timers of those who were put away.
  const lateMs = 2 * (options.faults.detectionMs[1] + silenceMs);
  await drive(() => false, lateMs);
  const quiet = await drive(isQuiet, options.restMs);
  const servers = present().map(rest);
  const waiting = [...open.keys()];
  const stale = quiet ? world.roll.staleWatches : [];
  const pending = quiet ? present().filter(({ raw }) => (raw?.sys.statistics().pendingCalls ?? 0) > 0) : [];
  tell?.(`${agenda.now} rest`);
  for (const resident of present()) {
    resident.isStopping = true;
    void resident.raw?.stop("over");
  }
  const allEnded = await drive(() => up().every((resident) => ended.has(resident)), options.restMs);
  // What was planned for the dead, and what the dead still hold, runs out.
  await drive(() => agenda.next === null, options.restMs);
  const leftovers = [
    ...stale,
    ...pending.map(({ number }) => `server ${number} counts calls that are over`),
    ...(allEnded ? world.handles : ["some servers do not stop"]),
  ];
  see({ type: "rest", atMs: agenda.now, isQuiet: quiet, servers, waiting, leftovers });
  return { history, steps, befallen };

  function rest({ number, site, raw, log }: Resident<T>): Resting {
    const election = raw?.election;
    return {
      server: number,
      self: election?.self ?? peerId(site.name, 0),
      phase: election?.phase ?? "starting",
      leader: election?.leader ?? null,
      token: election?.token ?? null,
      applied: election?.applied ?? 0,
      log,
    };
  }
}
