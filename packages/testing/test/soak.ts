/**
 * One random run of a simulated cluster: ends of everything, then peace. A pure function of the seed.
 */
import { type Effect, type Event, type PeerState, printEffect, printEvent } from "@gen-leader/protocol";
import {
  createInvariantChecker,
  createRandom,
  type Fault,
  SimulatedCluster,
  type SimulatedFrame,
  type SimulatedPeer,
} from "../src/index.js";

/** More than any run of this length needs: beyond it, something goes round in circles. */
const stepLimit = 60_000;

const acts = {
  /** Ends that the others learn of at once. */
  gentle: ["call", "call", "call", "later", "answer", "cast", "cancel", "crash", "stop", "start", "restart", "step-down"],
  /** Nothing that could make a call fail. */
  calm: ["call", "call", "call", "later", "answer", "cast", "start", "step-down", "step-down"],
  /** Realms that stand still. */
  rough: ["suspend", "resume", "hang", "recover", "hang", "recover"],
  /** A network that parts, where there is no fence to keep both sides from electing. */
  parted: ["partition", "heal", "heal"],
} as const;

type Act = (typeof acts)[keyof typeof acts][number];

/** What a run is like; drawn from its seed. */
interface Weather {
  readonly fenced: boolean;
  readonly calm: boolean;
  readonly census: boolean;
  readonly rough: boolean;
  readonly parted: boolean;
  /** Whether frames are repeated, and those that the protocol makes up for are lost. */
  readonly faulty: boolean;
  /** Whether deaths are noticed late. */
  readonly slow: boolean;
}

function weatherOf(seed: number, fenced: boolean): Weather {
  const calm = seed % 8 === 0;
  return {
    fenced,
    calm,
    census: seed % 3 !== 0,
    rough: fenced && seed % 2 === 1,
    parted: !fenced && seed % 2 === 1,
    faulty: !calm && seed % 5 === 0,
    slow: seed % 7 === 0,
  };
}

/** Frames that a comparison, a time limit or a repetition makes up for. The rest never gets lost on any medium. */
const replaceable = new Set(["broadcast", "missed", "resync", "digest", "report", "halt", "announce", "join", "here"]);

function createDisturbance(seed: number): (frame: SimulatedFrame) => Fault | null {
  const random = createRandom(seed * 7 + 1);
  return ({ message }) => {
    if (random.chance(0.03)) return { type: "duplicate" };
    if (random.chance(0.02) && replaceable.has(message.type)) return { type: "drop" };
    return random.chance(0.02) ? { type: "delay", delayMs: random.between(1, 200) } : null;
  };
}

/** Lets a cluster live through one run, and says what was wrong, if anything. `tell` gets every line of what happened. */
export function soak(seed: number, fenced: boolean, tell: ((line: string) => void) | null): string[] {
  const weather = weatherOf(seed, fenced);
  const checker = createInvariantChecker({ fenced, toleranceMs: 4 });
  let steps = 0;
  const cluster: SimulatedCluster = new SimulatedCluster({
    seed,
    fenced,
    census: weather.census,
    delays: { message: [0, 5], detection: [0, weather.slow ? 600 : 10], fence: [0, 2] },
    ...(weather.faulty ? { disturb: createDisturbance(seed) } : {}),
    onStep(peer: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState) {
      steps += 1;
      if (steps > stepLimit) throw new Error("goes round in circles");
      tell?.(`${event.now} ${peer.state.self} < ${printEvent(event)}`);
      for (const effect of effects) tell?.(`    ${printEffect(effect)}`);
      checker.see(cluster, peer, event, effects, before);
    },
  });
  live(cluster, weather);
  const settled = cluster.runUntil(() => isAtPeace(cluster), 120_000);
  const wrong = checker.problems.slice(0, 3);
  return settled ? [...wrong, ...flaws(cluster, weather)] : [...wrong, `not settled: ${describe(cluster)}`];
}

function up({ peers }: SimulatedCluster): SimulatedPeer[] {
  return peers.filter(({ life }) => life === "up");
}

function live(cluster: SimulatedCluster, weather: Weather): void {
  const { random, peers } = cluster;
  const usual = weather.calm ? acts.calm : acts.gentle;
  const possible: readonly Act[] = [...usual, ...(weather.rough ? acts.rough : []), ...(weather.parted ? acts.parted : [])];
  let started = 0;
  let items = 0;
  const item = () => {
    items += 1;
    return `i${items}`;
  };
  const start = (worker: boolean, name = `p${++started}`) =>
    cluster.start(name, { role: worker ? "worker" : "candidate", priority: random.between(0, 2) });
  for (const worker of [false, false, false, true]) start(worker);
  for (let round = 0; round < 40; round += 1) {
    cluster.run(random.between(0, random.pick([1, 5, 50, 1000])));
    const act = random.pick(possible);
    const peer = random.pick(up(cluster));
    const away = peers.filter(({ life }) => life === "away");
    const isEnough = up(cluster).length > 2;
    if (act === "call") cluster.call(peer, item());
    else if (act === "later") cluster.call(peer, `later-${item()}`);
    else if (act === "answer") answerAll(cluster);
    else if (act === "cast") cluster.dispatch(peer, { type: "cast", payload: item() });
    else if (act === "cancel") {
      const waiting = peer.calls.filter(({ outcome }) => outcome === null);
      if (waiting.length > 0) cluster.cancel(peer, random.pick(waiting));
    } else if (act === "start") {
      if (up(cluster).length < 7) start(random.chance(0.2));
    } else if (act === "restart") {
      if (isEnough) cluster.crash(peer);
      if (isEnough) start(peer.state.config.role === "worker", peer.name);
    } else if (act === "resume") {
      if (away.length > 0) cluster.resume(random.pick(away));
    } else if (act === "recover") {
      for (const other of peers) if (random.chance(0.5)) cluster.recover(other);
    } else if (act === "partition") {
      const side = up(cluster).filter(() => random.chance(0.5));
      cluster.partition(
        side,
        peers.filter((other) => !side.includes(other)),
      );
    } else if (act === "heal") cluster.heal();
    else if (act === "hang") cluster.hang(peer);
    else if (act === "step-down") cluster.stepDown(peer);
    else if (isEnough) cluster[act](peer);
  }
  cluster.heal();
  for (const peer of peers) {
    cluster.recover(peer);
    cluster.resume(peer);
  }
  if (!up(cluster).some(({ state }) => state.config.role === "candidate")) start(false);
}

function answerAll(cluster: SimulatedCluster): void {
  for (const peer of up(cluster)) for (const { item } of peer.open) cluster.answer(peer, item);
}

function isAtPeace(cluster: SimulatedCluster): boolean {
  answerAll(cluster);
  return cluster.settled && up(cluster).every(({ calls }) => calls.every(({ outcome, isCancelled }) => outcome !== null || isCancelled));
}

function describe(cluster: SimulatedCluster): string {
  const peers = up(cluster).map(({ state, calls }) => {
    const waiting = calls.filter(({ outcome, isCancelled }) => outcome === null && !isCancelled).map(({ item }) => item);
    return `${state.self} ${state.phase.type} ${state.position.token?.epoch}@${state.position.token?.leader}/${state.position.sequence} waits for [${waiting}]`;
  });
  return `${peers.join(" | ")}; the fence is ${cluster.fence.holder ?? "free"}`;
}

function flaws(cluster: SimulatedCluster, { calm, census, faulty, fenced, rough, parted }: Weather): string[] {
  const found: string[] = [];
  // A detector must not overtake what the dead had posted, where nobody else tells who is there; one that does, over a slow network, may cost it.
  const isOvertaken = faulty && !(fenced && census);
  const logs = new Set(up(cluster).map(({ log }) => log.join(",")));
  if (logs.size > 1) found.push(`logs differ: ${[...logs].join(" / ")}`);
  for (const { name, log, calls } of up(cluster)) {
    if (new Set(log).size < log.length) found.push(`${name} has something twice: ${log}`);
    const early = calls.filter(({ outcome, wasApplied }) => outcome?.type === "result" && !wasApplied);
    if (early.length > 0) found.push(`${name} was answered before it had applied: ${early.map(({ item }) => item)}`);
    const failed = calm ? calls.filter(({ outcome }) => outcome !== null && outcome.type !== "result") : [];
    if (failed.length > 0) found.push(`failed, though nobody died: ${failed.map(({ item }) => item)}`);
    // Whoever got a reply had applied what it says; if it was there and heard all the time, so must its item be.
    const missing = calls.filter(({ item, outcome }) => outcome?.type === "result" && !log.includes(item));
    if (!rough && !parted && !isOvertaken && missing.length > 0)
      found.push(`lost, acknowledged to ${name}: ${missing.map(({ item }) => item)}`);
  }
  return found;
}
