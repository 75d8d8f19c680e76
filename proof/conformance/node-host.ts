/**
 * One node of a replay: starts servers of the recorded module in its realm, makes its clients' calls, reports what is seen.
 *
 * @module
 */
import {
  AlreadyStartedError,
  BadReturnValueError,
  CallFailedError,
  CallTimeoutError,
  type Election,
  LeaderDiedError,
  nameOf,
  PeerDownError,
  type PeerId,
  type Realm,
  type Server,
  ServerEndedError,
  type TimeLimits,
} from "gen-leader";
import { createRecordedBehaviour, type RecordedTypes, reasonTerm } from "./behaviour.js";
import { createManners, type Lesson } from "./manners.js";
import type { Report } from "./records.js";
import type { Stimulus } from "./script.js";
import type { Term } from "./term.js";

export type StartOrder = Extract<Stimulus, { does: "start" }> & { readonly lessons: readonly Lesson[] };
export type OperationOrder = Extract<Stimulus, { does: "operate" }>;
export type InfoOrder = Extract<Stimulus, { does: "info" }>;
export type Order = StartOrder | OperationOrder | InfoOrder;

/** How far a server of this node is. */
export interface Standing {
  readonly name: string;
  readonly leader: string | null;
  readonly inStep: readonly string[];
  readonly epoch: number;
  /** Counts everything that it has done. */
  readonly turns: number;
}

export interface NodeHost {
  obey(order: Order): void;
  standings(): readonly Standing[];
}

export interface NodeHostOptions {
  readonly node: string;
  readonly realm: Realm;
  readonly namespace: string;
  report(report: Report): void;
  schedule(callback: () => void, delayMs: number): void;
  /** Where the medium does not run in virtual time: shorter limits, so that nobody waits for long. */
  readonly limits?: TimeLimits;
}

export function createNodeHost({ node, realm, namespace, report, schedule, limits = {} }: NodeHostOptions): NodeHost {
  const servers = new Map<string, Server<RecordedTypes>>();

  async function start(order: StartOrder): Promise<Term> {
    const { name, candidates, workers, lessons, syncToAll } = order;
    const see = (what: Extract<Report, { type: "seen" }>["what"]) => report({ type: "seen", name, what });
    const behaviour = createRecordedBehaviour({
      node,
      manners: createManners(lessons),
      syncToAll,
      see,
      queries() {
        const server = servers.get(name);
        return server === undefined ? {} : queriesOf(server.election);
      },
      wait: (ms) => new Promise((resolve) => schedule(resolve, ms)),
      sendLater: (message, ms) => schedule(() => servers.get(name)?.info(message), ms),
    });
    try {
      const server = await realm.start<RecordedTypes>(name, behaviour, { peer: node, candidates, workers, namespace, limits });
      if (server.election.phase === "away") {
        const { reason } = await server.exited;
        if (reason === "ignored") return "ignore";
      }
      servers.set(name, server);
      void server.exited.then(({ reason }) => {
        if (servers.get(name) === server) servers.delete(name);
        see({ type: "exit", reason: reasonTerm(reason) });
      });
      return ["ok", `pid:${node}`];
    } catch (error) {
      if (error instanceof AlreadyStartedError) return ["error", ["already_started", `pid:${node}`]];
      if (error instanceof BadReturnValueError) return ["error", reasonTerm(error)];
      return ["error", reasonTerm(error)];
    }
  }

  async function operate({ name, op, request, timeoutMs }: OperationOrder): Promise<Term> {
    const server = servers.get(name);
    if (op === "cast" || op === "leader_cast") {
      if (op === "cast") server?.cast(request);
      else server?.leaderCast(request);
      return ["returned", "ok"];
    }
    if (server === undefined) return ["exit", "noproc"];
    try {
      const ask = { type: "ask", term: request } as const;
      const value = op === "call" ? await server.call(ask, { timeoutMs }) : await server.leaderCall(ask, { timeoutMs });
      return ["returned", value];
    } catch (error) {
      return ["exit", failure(error)];
    }
  }

  return {
    obey(order) {
      if (order.does === "info") servers.get(order.name)?.info(order.message);
      else if (order.does === "start") void start(order).then((result) => report({ type: "told", key: order.key, result }));
      else void operate(order).then((result) => report({ type: "told", key: order.key, result }));
    },
    standings: () =>
      [...servers].map(([name, { election, sys }]) => {
        const { framesIn, framesOut, callbacks } = sys.statistics();
        const turns = framesIn + framesOut + callbacks;
        return { name, leader: leaderOf(election), inStep: election.inStep.map(nameOf), epoch: election.epoch, turns };
      }),
  };
}

function leaderOf({ leader, phase }: Election): string | null {
  return leader !== null && (phase === "leading" || phase === "following") ? nameOf(leader) : null;
}

/** What the recorded module answers to `query`: names, as the recordings have them. */
function queriesOf({ alive, candidates, down, leader, workers }: Election): Term {
  return {
    alive: names(alive),
    candidates: names(candidates),
    down: names(down),
    leader: leader === null ? null : nameOf(leader),
    workers: names(workers),
  };
}

function names(peers: readonly PeerId[]): Term {
  return peers.map((peer) => nameOf(peer));
}

/** Why a call failed, in one word where Erlang has one. */
function failure(error: unknown): Term {
  if (error instanceof CallTimeoutError) return "timeout";
  if (error instanceof LeaderDiedError) return "leader_died";
  if (error instanceof PeerDownError) return "peer_down";
  if (error instanceof CallFailedError) return error.cause === undefined ? ["failed", error.message] : reasonTerm(error.cause);
  if (error instanceof ServerEndedError) return error.cause === undefined ? "noproc" : reasonTerm(error.cause);
  return reasonTerm(error);
}
