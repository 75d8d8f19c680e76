/**
 * A peer as the test sees it, wherever it runs.
 *
 * @module
 */
import { nameOf, type PeerId, type Statistics } from "gen-leader";
import type { Items } from "./acts.js";
import type { Command, LeaderCast, LeaderRequest, LocalCast, LocalRequest, Report, SentCallOptions } from "./messages.js";
import type { CallbackRecord, Failure, Happening, View } from "./records.js";

/** What a command was answered with, as an error: the failure itself is in `failure`. */
export class CommandFailed extends Error {
  constructor(readonly failure: Failure) {
    super(`${failure.code ?? "failed"}: ${failure.message}`);
    this.name = "CommandFailed";
  }
}

/** How a call ended, as data, so that tests can wait for ends of both kinds. */
export type Ended = { readonly type: "value"; readonly value: unknown } | ({ readonly type: "failure" } & Failure);

/** A call under way. */
export interface OpenCall {
  readonly ended: Promise<Ended>;
  /** Resolves with the reply. Rejects with `CommandFailed`. */
  readonly value: Promise<unknown>;
  abort(): void;
}

/** One server on one peer. */
export interface Peer {
  /** The name of the peer, which stays over incarnations. */
  readonly name: string;
  /** The election as last reported. */
  readonly view: View;
  /** What the election looked like when `start` resolved. */
  readonly viewAtStart: View;
  readonly running: boolean;
  readonly records: readonly CallbackRecord[];
  /** Warnings and errors for the log. */
  readonly logged: readonly string[];
  /** Every step of its core, in the notation of the transcripts; empty unless it was started with `traced`. */
  readonly trace: readonly string[];
  readonly exited: Promise<Failure>;
  leaderCall(request: LeaderRequest, options?: SentCallOptions): OpenCall;
  call(request: LocalRequest, options?: SentCallOptions & { readonly to?: string }): OpenCall;
  append(item: string, options?: SentCallOptions): Promise<unknown>;
  /** Reads this peer's own copy. */
  read(): Promise<Items>;
  /** The same, after it has caught up with the leader: a leader call returns once its peer has applied what the leader had. */
  readAll(): Promise<Items>;
  leaderCast(message: LeaderCast): Promise<void>;
  cast(message: LocalCast, to?: string): Promise<void>;
  info(message: unknown): Promise<void>;
  answer(keep: string, value: unknown): Promise<void>;
  release(latch: string): Promise<void>;
  stepDown(to?: string): Promise<void>;
  stop(reason?: unknown): Promise<void>;
  statistics(): Promise<Statistics>;
  isKnown(): Promise<boolean>;
  /** The records of these callbacks. */
  of(...callbacks: readonly Happening[]): readonly CallbackRecord[];
  /** Resolves once `fits` is true: looked at now and after every report of this peer. */
  until(what: string, fits: (peer: Peer) => boolean): Promise<void>;
}

/** What connects a peer with its realm. */
export interface Wire {
  /** Gives an order; its number. The report that answers it comes in through `hear`. */
  order(server: string, command: Command): number;
  /** Calls back with every report of the site, until the returned function is called. */
  watch(what: string, look: () => void): () => void;
}

export interface PeerHandle {
  readonly peer: Peer;
  hear(report: Report): void;
  /** Gives an order and waits for its end. */
  ask(command: Command): Promise<unknown>;
  /** The realm has died: nothing is answered any more. */
  readonly began: (view: unknown) => void;
}

interface Waiting {
  resolve(ended: Ended): void;
}

export function createPeer(server: string, name: string, wire: Wire): PeerHandle {
  const waiting = new Map<number, Waiting>();
  const records: CallbackRecord[] = [];
  const logged: string[] = [];
  const trace: string[] = [];
  let view: View | null = null;
  let viewAtStart: View | null = null;
  let running = true;
  let settleExit: (failure: Failure) => void = () => {};
  const exited = new Promise<Failure>((resolve) => {
    settleExit = resolve;
  });

  function open(command: Command): OpenCall {
    let number = 0;
    const ended = new Promise<Ended>((resolve) => {
      number = wire.order(server, command);
      waiting.set(number, { resolve });
    });
    const value = ended.then((end) => {
      if (end.type === "failure") throw new CommandFailed(end);
      return end.value;
    });
    // Whoever does not look at the value looks at the end.
    value.catch(() => {});
    return { ended, value, abort: () => void wire.order(server, { type: "abort", command: number }) };
  }

  const ask = (command: Command) => open(command).value;
  const tell = (command: Command) => ask(command).then(() => {});

  function known(what: View | null): View {
    if (what === null) throw new Error(`${name} has not been started`);
    return what;
  }

  const peer: Peer = {
    get name() {
      return view === null ? name : nameOf(view.self);
    },
    get view() {
      return known(view);
    },
    get viewAtStart() {
      return known(viewAtStart);
    },
    get running() {
      return running;
    },
    records,
    logged,
    trace,
    exited,
    leaderCall: (request, options = {}) => open({ type: "leader-call", request, options }),
    call: (request, options = {}) => open({ type: "call", request, options }),
    append: (item, options = {}) => ask({ type: "leader-call", request: { type: "append", item }, options }),
    read: async () => asItems(await ask({ type: "call", request: { type: "read" }, options: {} })),
    async readAll() {
      await ask({ type: "leader-call", request: { type: "read" }, options: {} });
      return peer.read();
    },
    leaderCast: (message) => tell({ type: "leader-cast", message }),
    cast: (message, to) => tell({ type: "cast", message, ...(to === undefined ? {} : { to }) }),
    info: (message) => tell({ type: "info", message }),
    answer: (keep, value) => tell({ type: "answer", keep, value }),
    release: (latch) => tell({ type: "release", latch }),
    stepDown: (to) => tell({ type: "step-down", ...(to === undefined ? {} : { to }) }),
    stop: (reason) => tell({ type: "stop", ...(reason === undefined ? {} : { reason }) }),
    statistics: async () => asStatistics(await ask({ type: "statistics" })),
    isKnown: async () => (await ask({ type: "whereis" })) === true,
    of: (...callbacks) => records.filter(({ callback }) => callbacks.includes(callback)),
    until(what, fits) {
      return new Promise((resolve) => {
        const end = wire.watch(`${name}: ${what}`, () => {
          if (!fits(peer)) return;
          end();
          resolve();
        });
      });
    },
  };

  return {
    peer,
    ask,
    began(at) {
      viewAtStart = isView(at) ? at : null;
      view ??= viewAtStart;
    },
    hear(report) {
      switch (report.type) {
        case "record":
          records.push(report.record);
          break;
        case "status":
          ({ view, running } = report);
          break;
        case "logged":
          logged.push(`${report.level}: ${report.message}`);
          break;
        case "traced":
          trace.push(report.text);
          break;
        case "exited":
          running = false;
          settleExit(report.reason);
          break;
        case "done":
          waiting.get(report.number)?.resolve({ type: "value", value: report.value });
          waiting.delete(report.number);
          break;
        case "failed":
          waiting.get(report.number)?.resolve({ type: "failure", ...report.failure });
          waiting.delete(report.number);
          break;
        default:
          break;
      }
    },
  };
}

function isView(value: unknown): value is View {
  return typeof value === "object" && value !== null && "self" in value && "phase" in value;
}

function asItems(value: unknown): Items {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new Error(`Not a list of items: ${JSON.stringify(value)}`);
}

function isStatistics(value: unknown): value is Statistics {
  return typeof value === "object" && value !== null && "dropped" in value && "callbacks" in value;
}

function asStatistics(value: unknown): Statistics {
  if (isStatistics(value)) return value;
  throw new Error("Not the statistics of a server.");
}

/** The ids that a view lists, as names. */
export function names(ids: readonly PeerId[]): string[] {
  return ids.map(nameOf);
}
