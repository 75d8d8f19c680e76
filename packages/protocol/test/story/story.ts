/**
 * Runs the commands of a story over a simulated cluster, and tells what happened in the notation of print.ts.
 */
import {
  type ClusterOptions,
  type Delays,
  type Fault,
  SimulatedCluster,
  type SimulatedFrame,
  type SimulatedPeer,
} from "@gen-leader/testing";
import {
  defaultLimits,
  type Effect,
  type Event,
  type Limits,
  type PeerState,
  printEffect,
  printEvent,
  printMessage,
  printState,
} from "../../src/index.js";
import { dueTimers } from "../../src/timers.js";
import { type Command, numberOf, parseCommand } from "./command.js";
import { Disturbances } from "./disturbances.js";

/** How long `run-until` waits at most, and how much one command may tell. */
const patienceMs = 120_000;
const lineLimit = 300;

export class Story {
  readonly #disturbances = new Disturbances();
  readonly #onStep: ClusterOptions["onStep"];
  #cluster: SimulatedCluster | null = null;
  #lines: string[] = [];

  /** `onStep` sees every step, as that of a cluster. */
  constructor(onStep?: ClusterOptions["onStep"]) {
    this.#onStep = onStep;
  }

  /** Carries out one command. What happened, line by line. */
  run(line: string): readonly string[] {
    this.#lines = [];
    const command = parseCommand(line);
    if (command.verb === "cluster") this.#cluster = this.#createCluster(clusterOptions(command));
    else this.#perform(command);
    return this.#lines.length === 0 ? ["ok"] : this.#lines;
  }

  get cluster(): SimulatedCluster {
    this.#cluster ??= this.#createCluster({});
    return this.#cluster;
  }

  #createCluster(options: ClusterOptions): SimulatedCluster {
    return new SimulatedCluster({
      ...options,
      disturb: (frame) => this.#disturb(frame),
      onStep: (peer, event, effects, before) => {
        this.#onStep?.(peer, event, effects, before);
        this.#tell(peer, event, effects, before);
      },
    });
  }

  // --- what happens ---

  #perform(command: Command): void {
    const { cluster } = this;
    const { verb, words, options, rest } = command;
    switch (verb) {
      case "start":
        for (const name of words) cluster.start(name, startOptions(options));
        return;
      case "stop":
        for (const peer of this.#peers(words)) cluster.stop(peer, options.has("back-off") ? numberOf(options.get("back-off")) : 0);
        return;
      case "crash":
      case "suspend":
      case "resume":
      case "hang":
      case "recover":
        for (const peer of this.#peers(words)) cluster[verb](peer);
        return;
      case "call":
        for (const item of words.slice(1)) cluster.call(this.#peer(words[0]), item, { retry: options.get("retry") === "yes" });
        return;
      case "call-peer":
        cluster.callPeer(this.#peer(words[0]), this.#peer(words[1]));
        return;
      case "cast":
        return cluster.dispatch(this.#peer(words[0]), { type: "cast", payload: words[1] });
      case "cancel": {
        const peer = this.#peer(words[0]);
        const call = peer.calls.find(({ item }) => item === words[1]);
        if (call === undefined) throw new Error(`${peer.name} has not called "${words[1]}"`);
        return cluster.cancel(peer, call);
      }
      case "answer":
        return cluster.answer(this.#peer(words[0]), words[1] ?? "");
      case "step-down": {
        const to = options.get("to");
        const backOff = options.get("back-off");
        return cluster.stepDown(
          this.#peer(words[0]),
          to === undefined ? null : this.#peer(to),
          backOff === undefined ? 1000 : numberOf(backOff),
        );
      }
      case "preference":
        return cluster.dispatch(this.#peer(words[0]), { type: "preference", preference: numberOf(words[1]) });
      case "lose":
        return this.#disturbances.add(command, { type: "drop" });
      case "duplicate":
        return this.#disturbances.add(command, { type: "duplicate" });
      case "delay":
        return this.#disturbances.add(command, { type: "delay", delayMs: numberOf(words[1]) });
      case "partition":
        return cluster.partition(...rest.split("|").map((group) => this.#peers(group.trim().split(/\s+/))));
      case "heal":
        return cluster.heal();
      case "receive":
        return this.#receive(rest);
      case "wall":
        return cluster.moveWallClock(numberOf(words[0]));
      case "run":
        return cluster.run(numberOf(words[0]));
      case "run-until":
        if (!cluster.runUntil(() => this.#fits(words), patienceMs)) this.#lines.push(`not within ${patienceMs} ms`);
        return;
      case "show":
        return this.#show();
      default:
        throw new Error(`no such command: ${verb}`);
    }
  }

  #peer(name: string | undefined): SimulatedPeer {
    const named = this.cluster.peers.filter((peer) => peer.name === name);
    const found = named.findLast(({ life }) => life !== "gone") ?? named.at(-1);
    if (found === undefined) throw new Error(`nobody is called "${name}"`);
    return found;
  }

  #peers(names: readonly string[]): SimulatedPeer[] {
    return names.map((name) => this.#peer(name));
  }

  /** `settled`; `<peer> <phase>`; `<peer> answered`: none of its calls waits. */
  #fits([first, second]: readonly string[]): boolean {
    if (first === "settled") return this.cluster.settled;
    const { state, calls } = this.#peer(first);
    return second === "answered" ? calls.every(({ outcome }) => outcome !== null) : state.phase.type === second;
  }

  /** `receive b <frame as JSON>`: what comes from outside, or pretends to. */
  #receive(rest: string): void {
    const [name, ...json] = rest.split(" ");
    const decoded = this.cluster.receive(this.#peer(name), JSON.parse(json.join(" ")));
    if (decoded.type === "rejected") this.#lines.push(`${at(this.cluster.now)} rejected ${decoded.reason} from ${decoded.from ?? "?"}`);
  }

  // --- what is told ---

  #disturb(frame: SimulatedFrame): Fault | null {
    const fault = this.#disturbances.of(frame);
    if (fault === null) return null;
    const what = fault.type === "drop" ? "loses" : fault.type === "duplicate" ? "repeats" : `holds up for ${fault.delayMs} ms`;
    this.#lines.push(`            ~ ${what} for ${frame.to}: ${printMessage(frame.message)}`);
    return fault;
  }

  #tell({ state }: SimulatedPeer, event: Event, effects: readonly Effect[], before: PeerState): void {
    const due = event.type === "timeout" ? dueTimers(before.deadlines, event.now).map((name) => ` ${name}`) : [];
    if (this.#lines.length > lineLimit) throw new Error(`more than ${lineLimit} lines: wait for less`);
    this.#lines.push(`${at(event.now)} ${state.self.padEnd(4)} ${printEvent(event)}${due.join("")}`);
    for (const effect of effects) this.#lines.push(`            > ${printEffect(effect)}`);
    if (stageOf(before) !== stageOf(state)) this.#lines.push(`            = ${printState(state)}`);
  }

  /** Where everybody is, what their callbacks keep, and what became of their calls. */
  #show(): void {
    const { cluster } = this;
    for (const { life, hung, state, log, calls } of cluster.peers) {
      const down = state.gone.length > 0 ? ` down [${state.gone.map(({ id }) => id).join(" ")}]` : "";
      const where = life === "gone" ? `${state.self} gone` : `${printState(state)}${down}${hung ? " hung" : ""}`;
      this.#lines.push(`${where} log [${log.join(" ")}]`);
      for (const call of calls) {
        const waits = call.isCancelled ? "cancelled" : "waits";
        this.#lines.push(`    ${call.item}: ${call.outcome?.type ?? waits}`);
      }
    }
    this.#lines.push(`the fence is ${cluster.fence.holder ?? "free"}`);
  }
}

function at(now: number): string {
  return String(now).padStart(6);
}

/** What a line that begins with `=` is printed for. */
function stageOf({ phase }: PeerState): string {
  switch (phase.type) {
    case "contending":
      return `${phase.type} ${phase.stage.type}`;
    case "halted":
      return `${phase.type} ${phase.contender}`;
    case "following":
      return `${phase.type} ${phase.leader}`;
    default:
      return phase.type;
  }
}

function startOptions(options: Command["options"]) {
  const number = (name: string) => (options.has(name) ? { [name]: numberOf(options.get(name)) } : {});
  const role = options.get("role") === "worker" ? { role: "worker" as const } : {};
  return { ...role, ...number("priority"), ...number("preference"), ...number("version") };
}

function isLimit(name: string): name is keyof Limits {
  return Object.hasOwn(defaultLimits, name);
}

/** `cluster [fence=no] [census=no] [snapshots=yes] [history=4] [candidates=a,b] [workers=w] [electionMs=100] [detection=20] …` */
function clusterOptions({ options }: Command): ClusterOptions {
  const limits: { -readonly [Name in keyof Limits]?: number } = {};
  for (const [name, value] of options) if (isLimit(name)) limits[name] = numberOf(value);
  const names = (option: string) => options.get(option)?.split(",") ?? [];
  const delays: { -readonly [Kind in keyof Delays]?: Delays[Kind] } = {};
  for (const kind of ["message", "detection", "query"] as const)
    if (options.has(kind)) delays[kind === "query" ? "fence" : kind] = [numberOf(options.get(kind)), numberOf(options.get(kind))];
  return {
    limits,
    delays,
    fenced: options.get("fence") !== "no",
    census: options.get("census") !== "no",
    snapshots: options.get("snapshots") === "yes",
    historyLimit: options.has("history") ? numberOf(options.get("history")) : 1024,
    lists: options.has("candidates") ? { candidates: names("candidates"), workers: names("workers") } : null,
  };
}
