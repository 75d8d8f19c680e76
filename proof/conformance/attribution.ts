/**
 * A recorded callback names its node and not its server. Where several servers run on a node, it is told from the rest which of
 * them ran: who waits for its `init`, whose client asked for that, whose dictionary goes on from there, who had been started last.
 *
 * @module
 */

import { type Dictionary, isMap, nodeOf, same, stateIn, type Term } from "./term.js";
import type { BeginEvent, CallbackEvent, TraceEvent } from "./trace-reader.js";

interface Process {
  readonly name: string;
  phase: "starting" | "running" | "ending";
  state: Dictionary | null;
  /** How often each callback ran, with its arguments: of two that could have run it, the one that did less often. */
  readonly runs: Map<string, number>;
  /** Place of the last event that was about it, and when that was. */
  touched: number;
  touchedMs: number;
  readonly startedMs: number;
}

/** How long ago something happened to a server that something is happening to. */
const lately = 250;

/** The server of each recorded callback, by the callback's index. Those of no server that runs are left out. */
export function attribute(events: readonly TraceEvent[]): ReadonlyMap<number, string> {
  const owners = new Map<number, string>();
  const nodes = new Map<string, Process[]>();
  const open: BeginEvent[] = [];
  const broadcasts: { readonly name: string; readonly message: Term }[] = [];
  const lastLeader = new Map<string, string>();
  /** When a server ended, by name and node. */
  const ended = new Map<string, number>();

  const on = (node: string): Process[] => {
    const known = nodes.get(node) ?? [];
    nodes.set(node, known);
    return known;
  };
  const touch = (process: Process, { index, ms }: TraceEvent) => {
    process.touched = index;
    process.touchedMs = ms;
  };
  const end = (node: string, fits: (process: Process) => boolean) => {
    nodes.set(
      node,
      on(node).filter((process) => !fits(process)),
    );
  };

  function likely(process: Process, event: CallbackEvent): number {
    const { cb, args, pre, queries } = event;
    const [request] = args;
    let score = process.touched / 1_000_000;
    if (cb === "init") return process.phase === "starting" ? 1000 - process.touched / 1_000_000 : -1;
    if (process.phase === "starting" || (process.phase === "ending" && cb !== "terminate")) return -1;
    if (cb === "terminate" && process.phase === "ending") score += 100;
    if (pre !== null && process.state !== null) score += same(pre, process.state) ? 100 : -50;
    if (["handle_call", "handle_leader_call", "handle_cast", "handle_leader_cast"].includes(cb)) {
      const asked = open.find(({ args: [server, asks] }) => serverName(server) === process.name && same(asks, request));
      if (asked !== undefined) score += 200;
    }
    if (cb === "from_leader" && broadcasts.some(({ name, message }) => name === process.name && same(message, request))) score += 60;
    const leader = queries?.leader;
    if (cb === "surrendered" && typeof leader === "string" && lastLeader.get(process.name) === leader) score += 20;
    if (["elected", "surrendered", "handle_DOWN"].includes(cb))
      score -= Math.min(30, 10 * (process.runs.get(`${cb} ${String(request)}`) ?? 0));
    score += concerns(process.name, event);
    // Servers of tests that are over run on in silence.
    if (event.ms - process.touchedMs < lately) score += 40;
    return score + 0.5;
  }

  /** Whether the peer that a callback is about has just started, or ended, under that name. */
  function concerns(name: string, { cb, args: [peer], ms }: CallbackEvent): number {
    if (typeof peer !== "string") return 0;
    if (cb === "elected") {
      const joiner = on(peer).findLast((other) => other.name === name);
      if (joiner === undefined) return -80;
      return ms - joiner.startedMs < 2 * lately ? 60 : 0;
    }
    if (cb !== "handle_DOWN") return 0;
    const end = ended.get(`${name} ${peer}`);
    return end === undefined ? -30 : ms - end < 2 * lately ? 60 : 0;
  }

  for (const event of events) {
    switch (event.ev) {
      case "start":
        on(event.node).push({
          name: event.name,
          phase: "starting",
          state: null,
          runs: new Map(),
          touched: event.index,
          touchedMs: event.ms,
          startedMs: event.ms,
        });
        break;
      case "started":
        if (nodeOf(Array.isArray(event.value) ? event.value[1] : null) === null) {
          const failed = on(event.node).findLastIndex(({ name, phase }) => name === event.name && phase === "starting");
          if (failed >= 0) on(event.node).splice(failed, 1);
        }
        break;
      case "client_begin":
        open.push(event);
        for (const process of [...nodes.values()].flat()) if (process.name === serverName(event.args[0])) touch(process, event);
        break;
      case "server_exit":
        ended.set(`${event.name} ${event.node}`, event.ms);
        end(event.node, ({ name, phase }) => name === event.name && phase !== "starting");
        break;
      case "kill_proc":
        ended.set(`${event.name} ${event.node}`, event.ms);
        for (const process of on(event.node)) if (process.name === event.name && process.phase !== "starting") process.phase = "ending";
        break;
      case "kill9":
        for (const { name } of on(event.target)) ended.set(`${name} ${event.target}`, event.ms);
        end(event.target, () => true);
        break;
      case "cb": {
        const best = on(event.node)
          .map((process) => ({ process, score: likely(process, event) }))
          .filter(({ score }) => score >= 0)
          .reduce<{ process: Process; score: number } | null>((top, one) => (top === null || one.score > top.score ? one : top), null);
        if (best === null) break;
        const { process } = best;
        owners.set(event.index, process.name);
        touch(process, event);
        const key = `${event.cb} ${String(event.args[0])}`;
        process.runs.set(key, (process.runs.get(key) ?? 0) + 1);
        if (event.cb === "init") process.phase = "running";
        if (event.cb === "terminate") process.phase = "ending";
        process.state = stateIn(event.ret) ?? process.state;
        if (event.cb === "elected") lastLeader.set(process.name, event.node);
        if (Array.isArray(event.ret) && event.ret.length >= 3 && isMap(stateIn(event.ret) ?? undefined))
          broadcasts.push({ name: process.name, message: event.ret.at(-2) ?? null });
        break;
      }
    }
  }
  return owners;
}

/** The name of a server reference: a name, `[name, node]`, or a pid (which tells the node alone). */
export function serverName(reference: Term | undefined): string {
  if (typeof reference === "string") return reference;
  const name = Array.isArray(reference) ? reference[0] : null;
  return typeof name === "string" ? name : "";
}
