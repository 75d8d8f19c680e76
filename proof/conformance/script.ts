/**
 * What the test of a recording did, apart from what came of it: starts, kills, cuts, freezes and client operations, in the order in
 * which they took effect, with where it had waited in between.
 *
 * A start takes effect when `init` runs, an operation when its callback runs, unless something else had to happen in between. Steps
 * between which nothing was called back and no time went by are one burst: they are replayed at once, as they had been.
 *
 * @module
 */
import { attribute, serverName } from "./attribution.js";
import { learn, type Manners } from "./manners.js";
import { isTuple, nodeOf, same, type Term, tagOf } from "./term.js";
import type { BeginEvent, CallbackEvent, NamedEvent, StartEvent, Trace, TraceEvent } from "./trace-reader.js";

export type Stimulus =
  | {
      readonly does: "start";
      /** The line of the start: tells two starts of one name on one node apart. */
      readonly key: number;
      readonly node: string;
      readonly name: string;
      readonly candidates: readonly string[];
      readonly workers: readonly string[];
      /** `{bcast_type, all}`: the sync for a joiner goes to everybody. */
      readonly syncToAll: boolean;
    }
  | {
      readonly does: "operate";
      readonly key: number;
      readonly id: string;
      /** Where the server is that is asked; the client sits on the same node, or not. */
      readonly node: string;
      readonly name: string;
      /** Whether the server was addressed as `{Name, Node}`. */
      readonly byNode: boolean;
      readonly op: Operation;
      readonly request: Term;
      readonly timeoutMs: number;
    }
  | { readonly does: "info"; readonly node: string; readonly name: string; readonly message: Term }
  | { readonly does: "kill"; readonly node: string }
  | { readonly does: "freeze"; readonly node: string }
  | { readonly does: "thaw"; readonly node: string }
  | { readonly does: "kill-process"; readonly node: string; readonly name: string }
  /** The pairs of nodes that cannot hear each other from now on. */
  | { readonly does: "network"; readonly cut: readonly (readonly [string, string])[] };

export type Operation = "leader_call" | "leader_cast" | "call" | "cast";

export interface Step {
  /** The line at which it took effect. */
  readonly line: number;
  readonly stimulus: Stimulus;
  /** Operations and starts that had ended by then, by their keys. */
  readonly after: readonly number[];
  /** How long after the step before, if the test had waited for what came of that; 0 in a burst. */
  readonly pauseMs: number;
}

export interface Script {
  readonly trace: Trace;
  readonly steps: readonly Step[];
  /** What could not be made a step: an operation or a reference that is not in the vocabulary. */
  readonly unknown: readonly string[];
  /** Whose callback it was, by the callback's line. */
  readonly owners: ReadonlyMap<number, string>;
  readonly manners: ReadonlyMap<string, Manners>;
  /** All nodes that anything was started on. */
  readonly nodes: readonly string[];
}

const calls: { readonly [op in Operation]: string } = {
  leader_call: "handle_leader_call",
  leader_cast: "handle_leader_cast",
  call: "handle_call",
  cast: "handle_cast",
};

/** What tests call it when they send a plain message. */
const sends = ["send", "info", "!", "bang", "msg", "plain"];

/** Messages that reach handle_info because gen_leader leaks them, or because the module sent them itself. */
const internal = [
  ...["ldr", "ref", "late", "$leader_cast", "$leader_call", "$gen_cast", "$gen_call", "join", "halt", "ackLeader", "hasLeader"],
  ...["isLeader", "notLeader", "normQ", "notNorm", "workerAlive", "workerIsAlive", "activateWorker", "add_worker", "heartbeat"],
  ...["election", "checklead", "candidate_timer", "update_candidates", "capture", "accept", "elect", "from_leader", "DOWN", "EXIT"],
];

/** Shorter than this, the test did not wait. */
const waitedMs = 50;
/** A callback this soon after its operation ran as soon as it could. */
const promptMs = 20;

export function isOperation(op: string): op is Operation {
  return op in calls;
}

export function isInternal(message: Term | undefined): boolean {
  return internal.includes(tagOf(message) ?? "");
}

interface Placed {
  readonly line: number;
  readonly ms: number;
  readonly stimulus: Stimulus;
}

export function createScript(trace: Trace): Script {
  const { events } = trace;
  const owners = attribute(events);
  const unknown = trace.unknown.map(({ index, problem }) => `line ${index + 1}: ${problem}`);
  const placed = events
    .flatMap((event) => place(event, events, owners, (problem) => unknown.push(`line ${event.index + 1}: ${problem}`)))
    .sort((a, b) => a.line - b.line);
  const whole = mergeNetwork(placed);
  const callbacks = events.filter((event) => event.ev === "cb");
  const names = new Set(owners.values());
  return {
    trace,
    steps: whole.map((here, place) => paced(here, whole.slice(0, place), events)),
    unknown,
    owners,
    manners: new Map([...names].map((name) => [name, learn(callbacks.filter(({ index }) => owners.get(index) === name))])),
    nodes: [...new Set(events.flatMap((event) => (event.ev === "start" ? [event.node] : [])))].sort(),
  };
}

function place(
  event: TraceEvent,
  events: readonly TraceEvent[],
  owners: ReadonlyMap<number, string>,
  complain: (problem: string) => void,
): readonly Placed[] {
  const { index: line, ms, node } = event;
  switch (event.ev) {
    case "start":
      return [startOf(event, events, owners)];
    case "client_begin":
      return operationOf(event, events, owners, complain);
    case "kill9":
      return [{ line, ms, stimulus: { does: "kill", node: event.target } }];
    case "sigstop":
      return [{ line, ms, stimulus: { does: "freeze", node: event.target } }];
    case "sigcont":
      return [{ line, ms, stimulus: { does: "thaw", node: event.target } }];
    case "kill_proc":
      return [{ line, ms, stimulus: { does: "kill-process", node, name: event.name } }];
    case "block":
    case "unblock":
      return [{ line, ms, stimulus: { does: "network", cut: cutAfter(event, events) } }];
    case "cb": {
      const name = owners.get(line);
      const [message = null] = event.args;
      if (event.cb !== "handle_info" || name === undefined || isInternal(message)) return [];
      return sentBy(events, message) ? [] : [{ line, ms, stimulus: { does: "info", node, name, message } }];
    }
    default:
      return [];
  }
}

function sentBy(events: readonly TraceEvent[], message: Term): boolean {
  return events.some((event) => event.ev === "client_begin" && sends.includes(event.op) && same(event.args.at(1), message));
}

function startOf(event: StartEvent, events: readonly TraceEvent[], owners: ReadonlyMap<number, string>): Placed {
  const { index, ms, node, name, candidates, workers, options } = event;
  const end = events.find((other) => other.index > index && other.ev === "started" && other.node === node && other.name === name);
  const init = events.find(
    (other) =>
      other.index > index &&
      other.index < (end?.index ?? Infinity) &&
      other.ev === "cb" &&
      other.cb === "init" &&
      other.node === node &&
      owners.get(other.index) === name,
  );
  const syncToAll = options.some((option) => isTuple(option) && option[0] === "bcast_type" && option[1] === "all");
  return {
    line: init?.index ?? index,
    ms: init?.ms ?? ms,
    stimulus: { does: "start", key: index, node, name, candidates, workers, syncToAll },
  };
}

function operationOf(
  event: BeginEvent,
  events: readonly TraceEvent[],
  owners: ReadonlyMap<number, string>,
  complain: (problem: string) => void,
): readonly Placed[] {
  const { index, ms, id, op, args } = event;
  const [server, request = null, timeout] = args;
  const name = serverName(server).startsWith("pid:") ? lastStarted(events, index) : serverName(server);
  const node = addressed(server) ?? event.node;
  const byNode = isTuple(server);
  if (sends.includes(op)) return [{ line: index, ms, stimulus: { does: "info", node, name, message: request } }];
  if (!isOperation(op)) {
    complain(`client operation ${op} is not in the vocabulary`);
    return [];
  }
  const timeoutMs = typeof timeout === "number" ? timeout : timeout === "infinity" ? Infinity : 5000;
  const handled = handling(event, op, events, owners, name, request);
  const prompt = handled !== undefined && handled.ms - ms < promptMs && nothingBetween(events, index, handled.index);
  const at = prompt ? handled : event;
  return [{ line: at.index, ms: at.ms, stimulus: { does: "operate", key: index, id, node, name, byNode, op, request, timeoutMs } }];
}

/** The node in a server reference, where it names one. */
function addressed(server: Term | undefined): string | null {
  if (typeof server === "string") return nodeOf(server);
  const node = isTuple(server) ? server[1] : null;
  return typeof node === "string" ? node : null;
}

function lastStarted(events: readonly TraceEvent[], before: number): string {
  const start = events.findLast((event) => event.ev === "start" && event.index < before);
  return start?.ev === "start" ? start.name : "";
}

/** The callback that an operation led to: the first of its kind with its request. */
function handling(
  begin: BeginEvent,
  op: Operation,
  events: readonly TraceEvent[],
  owners: ReadonlyMap<number, string>,
  name: string,
  request: Term,
): CallbackEvent | undefined {
  return events.find(
    (event): event is CallbackEvent =>
      event.ev === "cb" &&
      event.index > begin.index &&
      event.cb === calls[op] &&
      owners.get(event.index) === name &&
      same(event.args[0], request),
  );
}

function nothingBetween(events: readonly TraceEvent[], from: number, to: number): boolean {
  const turns = ["start", "kill9", "kill_proc", "sigstop", "sigcont", "block", "unblock"];
  return !events.slice(0).some((event) => {
    if (event.index <= from || event.index >= to) return false;
    return turns.includes(event.ev) || (event.ev === "cb" && (event.cb === "elected" || event.cb === "surrendered"));
  });
}

/** Every pair that is cut once this has happened: a cut by either side cuts both, and so with its end. */
function cutAfter(event: TraceEvent, events: readonly TraceEvent[]): readonly (readonly [string, string])[] {
  const cut = new Map<string, readonly [string, string]>();
  for (const other of events) {
    if (other.index > event.index) break;
    if (other.ev !== "block" && other.ev !== "unblock") continue;
    for (const far of other.nodes) {
      const pair: readonly [string, string] = other.node < far ? [other.node, far] : [far, other.node];
      if (other.ev === "block") cut.set(pair.join(), pair);
      else cut.delete(pair.join());
    }
  }
  return [...cut.values()];
}

/** Both sides of a cut are recorded one after the other: it happens once, at the first, and whole. */
function mergeNetwork(placed: readonly Placed[]): readonly Placed[] {
  const whole: Placed[] = [];
  for (const here of placed) {
    const last = whole.at(-1);
    if (last?.stimulus.does === "network" && here.stimulus.does === "network" && here.ms - last.ms < 2 * waitedMs)
      whole[whole.length - 1] = { ...last, stimulus: here.stimulus };
    else whole.push(here);
  }
  return whole;
}

function paced(here: Placed, earlier: readonly Placed[], events: readonly TraceEvent[]): Step {
  const before = earlier.at(-1);
  const begun = new Set(
    earlier.flatMap(({ stimulus }) => (stimulus.does === "operate" || stimulus.does === "start" ? [stimulus.key] : [])),
  );
  const ended = events.flatMap((event) => (event.ev === "client_end" && event.index < here.line ? [event] : []));
  const since = events.filter(({ index }) => index > (before?.line ?? -1) && index < here.line);
  const gapMs = here.ms - (before?.ms ?? here.ms);
  const something = since.some(
    (event) =>
      (event.ev === "cb" && event.cb !== "init") || event.ev === "client_end" || (event.ev === "server_exit" && event.value !== "killed"),
  );
  const pauseMs = before !== undefined && (something || gapMs >= waitedMs) ? Math.max(gapMs, 1) : 0;
  const started = events.flatMap((event) => (event.ev === "started" && event.index < here.line ? [event] : []));
  const told = [
    ...ended.flatMap((end) => beginOf(end, events)?.index ?? []),
    // In a burst nothing waits, for a start to return neither.
    ...(pauseMs > 0 ? started.flatMap((end) => startedBy(end, events) ?? []) : []),
  ];
  // A cast ends for its client before it is handled, which is where its step stands.
  return { line: here.line, stimulus: here.stimulus, after: told.filter((key) => begun.has(key)), pauseMs };
}

/** The operation that an end belongs to: the last of that id on that node that had not ended. */
export function beginOf(
  end: { readonly id: string; readonly node: string; readonly index: number },
  events: readonly TraceEvent[],
): BeginEvent | undefined {
  const begins = events.filter(
    (event): event is BeginEvent =>
      event.ev === "client_begin" && event.id === end.id && event.node === end.node && event.index < end.index,
  );
  const endsBefore = events.filter(
    (event) => event.ev === "client_end" && event.id === end.id && event.node === end.node && event.index < end.index,
  ).length;
  return begins[endsBefore] ?? begins.at(-1);
}

/** The start that a `started` belongs to: the first of that name on that node that has none yet. */
export function startedBy(
  end: { readonly name: string; readonly node: string; readonly index: number },
  events: readonly TraceEvent[],
): number | null {
  const like = events.filter(
    (event): event is StartEvent | NamedEvent =>
      (event.ev === "start" || event.ev === "started") && event.node === end.node && event.name === end.name && event.index < end.index,
  );
  const starts = like.filter(({ ev }) => ev === "start");
  return starts[like.length - starts.length]?.index ?? null;
}

/** The first step of the burst that a step belongs to, counted from 1: within one, what came first is a race. */
export function burstOf({ steps }: Pick<Script, "steps">, step: number): number {
  let first = step;
  while (first > 1 && steps[first - 1]?.pauseMs === 0) first -= 1;
  return first;
}
