/**
 * Runs the servers of one realm for a test that may be elsewhere: obeys commands, reports what happens.
 *
 * @module
 */
import { type From, type Logger, type Realm, replyTo, type Server } from "gen-leader";
import type { Command, Order, PeerOptions, Report } from "./messages.js";
import { createRecordingBehaviour, type RecordingTypes } from "./recording.js";
import { describeFailure, viewOf } from "./records.js";

export interface Host {
  obey(order: Order): void;
}

/** What the host needs of its realm. */
export interface HostOptions {
  readonly realm: Realm;
  /** Separates this test's clusters from all others of the process. */
  readonly namespace: string;
  report(report: Report): void;
}

/** A latch that a callback waits at, and a test opens: in either order. */
interface Latch {
  readonly opened: Promise<void>;
  open(): void;
}

function createLatch(): Latch {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

export function createHost({ realm, namespace, report }: HostOptions): Host {
  const servers = new Map<string, Server<RecordingTypes>>();
  const aborters = new Map<string, AbortController>();
  const kept = new Map<string, From>();
  const latches = new Map<string, Latch>();

  function latchOf(name: string): Latch {
    const known = latches.get(name);
    if (known !== undefined) return known;
    const made = createLatch();
    latches.set(name, made);
    return made;
  }

  function serverOf(name: string): Server<RecordingTypes> {
    const server = servers.get(name);
    if (server === undefined) throw new Error(`The test has not started ${name} here.`);
    return server;
  }

  function loggerOf(server: string): Logger {
    const log = (level: string) => (message: string) => report({ type: "logged", server, level, message });
    return { debug: () => {}, info: () => {}, warn: log("warn"), error: log("error") };
  }

  async function start(name: string, { plan = {}, traced = false, ...options }: PeerOptions): Promise<unknown> {
    const behaviour = createRecordingBehaviour(plan, {
      record: (record) => report({ type: "record", server: name, record }),
      keep: (key, from) => kept.set(key, from),
      latch: (key) => latchOf(key).opened,
      blocking: () => report({ type: "blocking" }),
    });
    const server = await realm.start<RecordingTypes>(name, behaviour, { ...options, namespace, args: plan, logger: loggerOf(name) });
    // What it looks like at this very moment is the answer; what it becomes is reported.
    const atStart = viewOf(server.election);
    servers.set(name, server);
    if (traced) server.sys.trace(({ text }) => report({ type: "traced", server: name, text }));
    server.subscribe(({ election, running }) => report({ type: "status", server: name, view: viewOf(election), running }));
    void server.exited.then(({ reason }) => report({ type: "exited", server: name, reason: describeFailure(reason) }));
    return atStart;
  }

  async function call(server: string, number: number, make: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    const key = `${server} ${number}`;
    const aborter = new AbortController();
    aborters.set(key, aborter);
    try {
      const value = await make(aborter.signal);
      // Taken down where the callbacks are, so that a test can tell what came before the answer.
      report({
        type: "record",
        server,
        record: { callback: "answered", payload: value, state: null, view: null, token: null, details: {} },
      });
      return value;
    } finally {
      aborters.delete(key);
    }
  }

  async function run(name: string, number: number, command: Command): Promise<unknown> {
    switch (command.type) {
      case "start":
        return start(name, command.options);
      case "leader-call":
        return call(name, number, (signal) => serverOf(name).leaderCall(command.request, { ...command.options, signal }));
      case "call":
        return call(name, number, (signal) => serverOf(name).call(command.request, { ...command.options, signal }));
      case "leader-cast":
        return serverOf(name).leaderCast(command.message);
      case "cast":
        return serverOf(name).cast(command.message, command.to === undefined ? {} : { to: command.to });
      case "info":
        return serverOf(name).info(command.message);
      case "abort":
        return aborters.get(`${name} ${command.command}`)?.abort("aborted by the test");
      case "answer": {
        const from = kept.get(command.keep);
        if (from === undefined) throw new Error(`No call was kept as ${command.keep}.`);
        return replyTo(from, command.value);
      }
      case "release":
        return latchOf(command.latch).open();
      case "step-down":
        return serverOf(name).stepDown(command.to === undefined ? {} : { to: command.to });
      case "stop":
        return void (await serverOf(name).stop(command.reason));
      case "statistics":
        return serverOf(name).sys.statistics();
      case "whereis":
        return realm.whereis(name, { namespace }) !== undefined;
    }
  }

  return {
    obey({ server, number, command }) {
      run(server, number, command).then(
        (value) => report({ type: "done", server, number, value }),
        (error: unknown) => report({ type: "failed", server, number, failure: describeFailure(error) }),
      );
    },
  };
}
