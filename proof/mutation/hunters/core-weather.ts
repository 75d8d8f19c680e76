/**
 * A random run of the real core: a simulated cluster lives through whatever its seed brings, then through peace, while named
 * checkers look on.
 *
 * @module
 */
import { SimulatedCluster, type SimulatedPeer } from "@gen-leader/testing";
import { Caught, type Finding, findingOf } from "./hunter.js";
import { answerAll, checkPeace, checkRest, describePeers, isAtPeace, upPeers } from "./peace-checkers.js";
import { createStepCheckers, type StepCheckers } from "./step-checkers.js";
import { type Act, actsOf, createDisturbance, listsOf, type Weather, weatherOf } from "./weather.js";

/** More than any run of this length needs: beyond it, something goes round in circles. */
const stepLimit = 60_000;
/** Longer than any chain of time limits. */
const patienceMs = 180_000;
/** Longer than patience. */
const never = 600_000;

/** Runs one seed. `tell` gets a line for every step. */
export function huntWeather(seed: number, tell: ((line: () => string) => void) | null = null): Finding | null {
  try {
    live(seed, tell);
    return null;
  } catch (error) {
    return findingOf(error);
  }
}

function live(seed: number, tell: ((line: () => string) => void) | null): void {
  const weather = weatherOf(seed);
  let isOver = false;
  const { fenced, slow, faulty, parted, historyLimit, snapshots, census } = weather;
  const checkers = createStepCheckers({
    fenced,
    census,
    toleranceMs: 4,
    lossless: !faulty && !parted,
    remembers: historyLimit > 100,
  });
  const cluster: SimulatedCluster = new SimulatedCluster({
    seed,
    fenced,
    census,
    historyLimit,
    snapshots,
    ...(weather.patient ? { limits: { electionMs: never, acknowledgeMs: never, abandonMs: never } } : {}),
    lists: listsOf(weather, new SimulatedCluster({ seed: seed + 1 }).random),
    delays: { message: [0, 5], detection: [0, slow ? 600 : 10], fence: [0, 2] },
    ...(faulty ? { disturb: createDisturbance(seed, () => isOver) } : {}),
    onStep(peer, event, effects, before) {
      if (tell !== null)
        for (const entry of [event, ...effects])
          tell(() => `${event.now} ${peer.state.self} ${peer.state.phase.type} ${JSON.stringify(entry)}`);
      if (checkers.steps > stepLimit) throw new Caught("bounded-work", `more than ${stepLimit} steps`);
      checkers.see(cluster, peer, event, effects, before);
    },
  });
  const run = new Run(cluster, weather, checkers);
  run.live();
  run.leaveHung();
  isOver = true;
  run.mend();
  if (!cluster.runUntil(() => isAtPeace(cluster, upPeers(cluster)), patienceMs)) throw new Caught("converges", describePeers(cluster));
  checkPeace(cluster, checkers, weather);
  // Digests to whoever missed one, and waits for last replies, end within this.
  cluster.run(weather.patient ? never + 60_000 : 60_000);
  checkPeace(cluster, checkers, weather);
  checkRest(cluster, checkers);
  const before = checkers.steps;
  cluster.run(600_000);
  if (checkers.steps > before) throw new Caught("bounded-work", "does something although nothing happens");
}

/** One life of a cluster. */
class Run {
  readonly #cluster: SimulatedCluster;
  readonly #weather: Weather;
  readonly #checkers: StepCheckers;
  #candidates = 0;
  #workers = 0;
  #items = 0;

  constructor(cluster: SimulatedCluster, weather: Weather, checkers: StepCheckers) {
    this.#cluster = cluster;
    this.#weather = weather;
    this.#checkers = checkers;
  }

  live(): void {
    const { random } = this.#cluster;
    const possible = actsOf(this.#weather);
    for (const worker of [false, false, false, true]) {
      this.#start(worker);
      if (random.chance(0.3)) this.#cluster.run(random.between(0, 400));
    }
    for (let round = 0; round < this.#weather.rounds; round += 1) {
      this.#cluster.run(random.between(0, random.pick([1, 5, 50, 1000, 3000])));
      this.#act(random.pick(possible));
    }
  }

  /** A hung leader is replaced while it hangs, by those who need it. */
  leaveHung(): void {
    const { fenced, faulty, clashing } = this.#weather;
    const responsive = upPeers(this.#cluster).filter(({ hung }) => !hung);
    const hasCandidate = responsive.some(({ state }) => state.config.role === "candidate");
    // One that hangs may bear a name that another waits for.
    if (!fenced || faulty || clashing || !hasCandidate || responsive.length === upPeers(this.#cluster).length) return;
    for (const peer of responsive) this.#cluster.call(peer, this.#item());
    if (
      !this.#cluster.runUntil(
        () =>
          isAtPeace(
            this.#cluster,
            responsive.filter(({ life }) => life === "up"),
          ),
        patienceMs,
      )
    )
      throw new Caught("hung-is-replaced", describePeers(this.#cluster));
  }

  mend(): void {
    this.#cluster.heal();
    for (const peer of this.#cluster.peers) {
      this.#recover(peer);
      this.#cluster.resume(peer);
    }
    if (!upPeers(this.#cluster).some(({ state }) => state.config.role === "candidate")) this.#start(false);
  }

  #item(kind = "i"): string {
    this.#items += 1;
    return `${kind}${this.#items}`;
  }

  #start(worker: boolean, name = worker ? `w${++this.#workers}` : `p${++this.#candidates}`): void {
    const { random } = this.#cluster;
    if (this.#weather.listed && (worker ? this.#workers > 4 : this.#candidates > 12)) return;
    this.#cluster.start(name, {
      role: worker ? "worker" : "candidate",
      priority: random.between(0, 2),
      preference: random.between(0, 1),
    });
  }

  /** What runs first when a realm wakes is not said: on some platforms its timers do, long before what has come meanwhile. */
  #recover(peer: SimulatedPeer): void {
    if (!peer.hung) return;
    this.#checkers.noteHung(peer, this.#cluster.now);
    if (this.#cluster.random.chance(0.5)) {
      peer.hung = false;
      this.#cluster.dispatch(peer, { type: "timeout" });
      this.#cluster.run(this.#cluster.random.between(0, 3));
      peer.hung = peer.life === "up";
    }
    this.#cluster.recover(peer);
  }

  #startAgain(peer: SimulatedPeer): void {
    this.#start(peer.state.config.role === "worker", peer.name);
  }

  #act(act: Act): void {
    const cluster = this.#cluster;
    const { random, peers } = cluster;
    const up = upPeers(cluster);
    if (up.length === 0) return this.#start(false);
    const peer = random.pick(up);
    const other = random.pick(up);
    const isEnough = up.length > 2;
    switch (act) {
      case "call":
        return void cluster.call(peer, this.#item());
      case "later":
        return void cluster.call(peer, this.#item("later"));
      case "retry-call":
        return void cluster.call(peer, this.#item(random.chance(0.5) ? "retry" : "later-retry"), { retry: true });
      case "answer":
        return answerAll(cluster);
      case "cast":
        return cluster.dispatch(peer, { type: "cast", payload: this.#item("cast") });
      case "peer-call":
        return void cluster.callPeer(peer, other);
      case "cancel": {
        const waiting = peer.calls.filter(({ outcome }) => outcome === null);
        return waiting.length > 0 ? cluster.cancel(peer, random.pick(waiting)) : undefined;
      }
      case "start":
        return up.length < 7 ? this.#start(random.chance(0.2)) : undefined;
      case "crash":
      case "stop":
        return isEnough ? cluster[act](peer) : undefined;
      case "faulty-stop":
        return isEnough ? cluster.stop(peer, 1000) : undefined;
      case "suspend":
        return isEnough ? cluster.suspend(peer) : undefined;
      case "restart":
      case "reload":
        if (!isEnough) return;
        if (act === "restart" || peer.hung) cluster.crash(peer);
        else cluster.stop(peer);
        return this.#startAgain(peer);
      case "clash":
        return up.length < 7 ? this.#startAgain(peer) : undefined;
      case "resume": {
        const away = peers.filter(({ life }) => life === "away");
        return away.length > 0 ? cluster.resume(random.pick(away)) : undefined;
      }
      case "hang":
        this.#checkers.noteHung(peer, cluster.now);
        return cluster.hang(peer);
      case "recover":
        for (const one of peers) if (random.chance(0.5)) this.#recover(one);
        return;
      case "step-down":
        return cluster.stepDown(peer);
      case "step-down-to":
        return cluster.stepDown(peer, other);
      case "prefer":
        return cluster.dispatch(peer, { type: "preference", preference: random.between(0, 1) });
      case "look":
        return cluster.dispatch(peer, { type: "look" });
      case "code-change":
        return cluster.dispatch(peer, { type: "code-changed", version: random.between(1, 3), snapshots: this.#weather.snapshots });
      case "partition": {
        const side = up.filter(() => random.chance(0.5));
        return cluster.partition(
          side,
          peers.filter((one) => !side.includes(one)),
        );
      }
      case "heal":
        return cluster.heal();
    }
  }
}
