/**
 * Reads a recording of the real gen_leader: the whole vocabulary of its events, and nothing about particular scenarios.
 *
 * One event a line, each with `t_ms` (milliseconds since the scenario began) and `node` (`ctl` is the test itself):
 *
 * | `ev` | fields | meaning |
 * | --- | --- | --- |
 * | `scenario` | `name`, `vsn` | heads a file: `rev` is the revival, `v12` the rewrite of 2005, `v10` version 1.0. May be missing |
 * | `node_up`, `node_down`, `ping` | `n`, `res` | the node runs; what net_adm:ping said. Nothing to replay |
 * | `note` | `note` | the test's own remark. Nothing to replay |
 * | `start` | `name`, `candidates`, `workers`, `optargs`, `vsn` | gen_leader:start on this node |
 * | `started` | `name`, `result` | what it returned |
 * | `cb` | `cb`, `args`, `pre`, `q`, `ret` or `raise` | a callback: arguments without state and election, dictionary before, queries, result |
 * | `server_exit` | `name`, `reason` | the server process ended |
 * | `client_begin` | `id`, `op`, `args` | a client on this node calls `gen_leader:op(args…)`: server, request, perhaps a timeout |
 * | `client_end` | `id`, `op`, `result`, `ms` | what it got: `["returned",V]`, `["exit",R]`, `["error",R]`, `["throw",V]` |
 * | `client_stray_msg` | `id`, `msg` | what lay in the client's mailbox afterwards |
 * | `kill9` | `n` | the node's operating-system process is killed |
 * | `kill_proc` | `name`, perhaps `reason` | the server process is killed, its node lives |
 * | `sigstop`, `sigcont` | `n` | the node's process is frozen, and goes on |
 * | `block`, `unblock` | `nodes` | the node is cut off from these, and reconnected |
 *
 * Everything else is kept as `unknown`, with what was wrong, and reported.
 *
 * @module
 */
import { isMap, isTerm, isTuple, listOf, type Term, type TermMap } from "./term.js";

interface At {
  /** Place in the file, counted from 0. */
  readonly index: number;
  readonly ms: number;
  readonly node: string;
}

export interface StartEvent extends At {
  readonly ev: "start";
  readonly name: string;
  readonly candidates: readonly string[];
  readonly workers: readonly string[];
  readonly options: readonly Term[];
}

export interface CallbackEvent extends At {
  readonly ev: "cb";
  readonly cb: string;
  readonly args: readonly Term[];
  /** `null` where the callback raised: then it is not recorded. */
  readonly pre: TermMap | null;
  readonly queries: TermMap | null;
  readonly ret: Term | undefined;
  readonly raise: Term | undefined;
}

export interface BeginEvent extends At {
  readonly ev: "client_begin";
  readonly id: string;
  readonly op: string;
  readonly args: readonly Term[];
}

export interface EndEvent extends At {
  readonly ev: "client_end";
  readonly id: string;
  readonly op: string;
  readonly result: Term;
}

export interface NamedEvent extends At {
  readonly ev: "started" | "server_exit" | "kill_proc";
  readonly name: string;
  /** The result of `started`, the reason of the others. */
  readonly value: Term;
}

export interface NodeEvent extends At {
  readonly ev: "kill9" | "sigstop" | "sigcont";
  /** The node that it happens to. */
  readonly target: string;
}

export interface NetworkEvent extends At {
  readonly ev: "block" | "unblock";
  readonly nodes: readonly string[];
}

export interface StrayEvent extends At {
  readonly ev: "client_stray_msg";
  readonly id: string;
  readonly msg: Term;
}

export interface RemarkEvent extends At {
  readonly ev: "scenario" | "node_up" | "node_down" | "ping" | "note";
}

export interface UnknownEvent extends At {
  readonly ev: "unknown";
  readonly problem: string;
  readonly line: string;
}

export type TraceEvent =
  | StartEvent
  | CallbackEvent
  | BeginEvent
  | EndEvent
  | NamedEvent
  | NodeEvent
  | NetworkEvent
  | StrayEvent
  | RemarkEvent
  | UnknownEvent;

export interface Trace {
  /** The file's name, without its ending. */
  readonly file: string;
  readonly scenario: string;
  readonly version: Version;
  readonly events: readonly TraceEvent[];
  readonly unknown: readonly UnknownEvent[];
}

/** The generations of gen_leader that were recorded: A, B and C of the oracle. */
export type Version = "rev" | "v12" | "v10";

function isVersion(value: Term | undefined): value is Version {
  return value === "rev" || value === "v12" || value === "v10";
}

export function readTrace(file: string, text: string): Trace {
  const events: TraceEvent[] = [];
  let scenario = file;
  let version: Version | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const fields = parseLine(line);
    events.push(readEvent(index, line, fields));
    if (fields?.ev === "scenario" && typeof fields.name === "string") scenario = fields.name;
    if (isVersion(fields?.vsn)) version ??= fields.vsn;
  }
  const named = /^(v1[02])\b/.exec(file)?.[1];
  return {
    file,
    scenario,
    version: version ?? (isVersion(named) ? named : "rev"),
    events,
    unknown: events.filter((event) => event.ev === "unknown"),
  };
}

function parseLine(line: string): TermMap | null {
  try {
    const value: unknown = JSON.parse(line);
    return isTerm(value) && isMap(value) ? value : null;
  } catch {
    return null;
  }
}

function readEvent(index: number, line: string, fields: TermMap | null): TraceEvent {
  const at: At = { index, ms: number(fields?.t_ms), node: text(fields?.node) ?? "ctl" };
  const unknown = (problem: string): UnknownEvent => ({ ...at, ev: "unknown", problem, line });
  if (fields === null) return unknown("is no JSON object");
  const { ev } = fields;
  switch (ev) {
    case "scenario":
    case "node_up":
    case "node_down":
    case "ping":
    case "note":
      return { ...at, ev };
    case "start": {
      const [name, candidates, workers] = [text(fields.name), texts(fields.candidates), texts(fields.workers)];
      if (name === null || candidates === null) return unknown("start without name or candidates");
      return { ...at, ev, name, candidates, workers: workers ?? [], options: elements(fields.optargs) ?? [] };
    }
    case "cb": {
      const cb = text(fields.cb);
      if (cb === null) return unknown("cb without a callback's name");
      const { pre, q, ret, raise } = fields;
      return {
        ...at,
        ev,
        cb,
        args: elements(fields.args) ?? [],
        pre: isMap(pre) ? pre : null,
        queries: isMap(q) ? q : null,
        ret,
        raise,
      };
    }
    case "client_begin": {
      const [id, op, args] = [text(fields.id), text(fields.op), elements(fields.args)];
      if (id === null || op === null || args === null) return unknown("client_begin without id, op or args");
      return { ...at, ev, id, op, args };
    }
    case "client_end": {
      const [id, op] = [text(fields.id), text(fields.op)];
      if (id === null || op === null || fields.result === undefined) return unknown("client_end without id, op or result");
      return { ...at, ev, id, op, result: fields.result };
    }
    case "client_stray_msg": {
      const id = text(fields.id);
      return id === null ? unknown("client_stray_msg without id") : { ...at, ev, id, msg: fields.msg ?? null };
    }
    case "started":
    case "server_exit":
    case "kill_proc": {
      const name = text(fields.name);
      if (name === null) return unknown(`${ev} without a name`);
      return { ...at, ev, name, value: fields.result ?? fields.reason ?? null };
    }
    case "kill9":
    case "sigstop":
    case "sigcont":
      return { ...at, ev, target: text(fields.n) ?? at.node };
    case "block":
    case "unblock": {
      const nodes = texts(fields.nodes);
      return nodes === null ? unknown(`${ev} without nodes`) : { ...at, ev, nodes };
    }
    default:
      return unknown(`ev ${JSON.stringify(ev ?? null)} is not in the vocabulary`);
  }
}

function number(term: Term | undefined): number {
  return typeof term === "number" ? term : 0;
}

/** An id or a name: a number or a tuple is as good as an atom. */
function text(term: Term | undefined): string | null {
  if (typeof term === "string") return term;
  if (typeof term === "number") return String(term);
  return isTuple(term) ? JSON.stringify(term) : null;
}

/** What is written as a tuple or as a list: both stand for "some of these". */
function elements(term: Term | undefined): readonly Term[] | null {
  return isTuple(term) ? term : listOf(term);
}

function texts(term: Term | undefined): readonly string[] | null {
  const those = elements(term);
  return those === null ? null : those.filter((element) => typeof element === "string");
}
