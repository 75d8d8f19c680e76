/**
 * One peer of the demo, in a worker thread: starts the dictionary, writes and reads when told to, and reports
 * what it sees. The main thread may end it at any instant, in the middle of anything.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { type DictionaryTypes, dictionary } from "@gen-leader/example-dictionary";
import type { DictionaryRequest } from "@gen-leader/example-dictionary/model";
import { type Behaviour, CallTimeoutError, LeaderDiedError, type Server, start } from "gen-leader";
import { nowMs } from "./clock.js";
import type { CallResult, Command, Report } from "./messages.js";
import { createWriter, type Writer } from "./writer.js";

function report(message: Report): void {
  parentPort?.postMessage(message);
}

/** The dictionary, taking down the time at which it is elected, before anything else. */
const timedDictionary: Behaviour<DictionaryTypes> = {
  ...dictionary,
  elected(entries, joiner, ctx) {
    if (joiner === null) report({ type: "elected", token: ctx.token, atMs: nowMs() });
    return dictionary.elected(entries, joiner, ctx);
  },
};

let server: Server<DictionaryTypes> | undefined;
let writer: Writer | undefined;

async function startServer(peer: string): Promise<void> {
  const started = await start("dictionary", timedDictionary, { peer });
  server = started;
  let reported = "";
  started.subscribe(({ election }) => {
    const { self, phase, leader, epoch } = election;
    // What it goes through in between costs the others time while they elect.
    if (phase !== "leading" && phase !== "following") return;
    const status = `${phase} ${leader} ${epoch}`;
    if (status === reported) return;
    reported = status;
    report({ type: "status", self, phase, leader, epoch, atMs: nowMs() });
  });
}

function startWriting(key: string, inFlight: number, to: Server<DictionaryTypes>): Writer {
  return createWriter({
    inFlight,
    write: async (value) => {
      try {
        await to.leaderCall({ type: "append", key, value });
        report({ type: "acknowledged", value, atMs: nowMs() });
      } catch (error) {
        if (!(error instanceof LeaderDiedError || error instanceof CallTimeoutError)) throw error;
        report({ type: "refused", value, outcome: error.outcome });
      }
    },
    settled: () => report({ type: "settled" }),
    failed: fail,
  });
}

/** Reads this peer's own copy. The leader call before it makes it recent: it is answered once this peer has applied what the leader had. */
async function read(from: Server<DictionaryTypes>): Promise<void> {
  await from.leaderCall({ type: "lookup", key: "" });
  report({ type: "read", entries: await from.call({ type: "entries" }) });
}

/** Makes a user's call, which waits for as long as it takes. */
async function call(number: number, request: DictionaryRequest, to: Server<DictionaryTypes>): Promise<void> {
  const calledAtMs = nowMs();
  const result = await to.leaderCall(request, { timeoutMs: Infinity }).then(
    (output): CallResult => ({ type: "answered", output }),
    (error: unknown): CallResult => {
      if (!(error instanceof LeaderDiedError)) throw error;
      return { type: "refused", outcome: error.outcome };
    },
  );
  report({ type: "returned", number, calledAtMs, returnedAtMs: nowMs(), result });
}

async function obey(command: Command): Promise<void> {
  if (command.type === "start") return startServer(command.peer);
  if (server === undefined) throw new Error(`told to ${command.type} before the server was started`);
  switch (command.type) {
    case "write":
      writer = startWriting(command.key, command.inFlight, server);
      break;
    case "rest":
      writer?.rest();
      break;
    case "read":
      await read(server);
      break;
    case "call":
      await call(command.number, command.request, server);
      break;
    case "step-down":
      await server.stepDown({ to: command.to });
      break;
    case "stop":
      await server.stop();
      parentPort?.close();
      break;
  }
}

function fail(error: unknown): void {
  report({ type: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

parentPort?.on("message", (command: Command) => {
  obey(command).catch(fail);
});
report({ type: "ready" });
