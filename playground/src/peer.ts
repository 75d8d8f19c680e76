/**
 * A peer as the page sees it, wherever it runs, and the kind that runs in this realm.
 *
 * @module
 */
import { type ElectionPhase, type Member, NameTakenError, type PeerId, type Server, start, type Token } from "gen-leader";
import { createPlaygroundBehaviour, type PlaygroundHooks, type PlaygroundTypes, type Stamped } from "./behaviour.js";
import { type Happening, type PlaygroundEvent, wallTime } from "./events.js";
import { randomName } from "./names.js";
import type { Host, PeerSettings } from "./settings.js";

/** The part of a server that the page uses, and tests may use: the same for a peer in the page and for one in a worker. */
export type PlaygroundServer = Pick<
  Server<PlaygroundTypes>,
  "name" | "election" | "guarantees" | "exited" | "leaderCall" | "leaderCast" | "call" | "stepDown" | "stop"
>;

/** The view that a peer has of its cluster, and its copy of the dictionary, at one moment: plain data. */
export interface PeerSnapshot {
  readonly self: PeerId;
  readonly phase: ElectionPhase;
  readonly leader: PeerId | null;
  readonly isLeader: boolean;
  readonly token: Token | null;
  readonly epoch: number;
  readonly alive: readonly PeerId[];
  readonly down: readonly PeerId[];
  readonly candidates: readonly PeerId[];
  readonly workers: readonly PeerId[];
  readonly inStep: readonly PeerId[];
  readonly members: readonly Member[];
  readonly applied: number;
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly running: boolean;
}

/** Who wants to know what a peer does. */
export interface PeerObserver {
  /** Called with each event of the peer, when it happens. */
  readonly recorded: (event: PlaygroundEvent) => void;
  /** Called when the peer's snapshot has become another. */
  readonly changed: (snapshot: PeerSnapshot) => void;
}

/** A peer of this tab. */
export interface Peer {
  readonly host: Host;
  readonly server: PlaygroundServer;
  readonly snapshot: PeerSnapshot;
  /** Ends the peer without a warning, where it runs in a worker. */
  readonly terminate?: () => void;
}

/** Starts a peer in this realm. If the name is taken and may be another, it takes another. */
export async function startPeer(settings: PeerSettings, observer: PeerObserver): Promise<Peer> {
  try {
    return await startNamedPeer(settings, observer);
  } catch (error) {
    if (!(settings.renamable && error instanceof NameTakenError)) throw error;
    return startPeer({ ...settings, peer: randomName() }, observer);
  }
}

async function startNamedPeer({ cluster, peer, role, priority }: PeerSettings, observer: PeerObserver): Promise<Peer> {
  let server: Server<PlaygroundTypes> | undefined;
  let entries: PeerSnapshot["entries"] = [];
  let reading = false;
  let running = true;
  let phase: ElectionPhase = "joining";
  /** What happened before `start` resolved, when this peer's id was not known yet. */
  const early: (() => void)[] = [];

  function happened(happening: Happening, token: Token | null): void {
    const at = wallTime();
    const record = (id: PeerId) => observer.recorded({ at, peer: id, token, ...happening });
    if (server === undefined) early.push(() => server !== undefined && record(server.election.self));
    else record(server.election.self);
  }

  /** Reads this peer's copy again, once however often it changed in between. */
  async function readEntries(): Promise<void> {
    if (reading || server === undefined) return;
    reading = true;
    await Promise.resolve();
    try {
      const read = server.call({ type: "entries" });
      reading = false;
      entries = await read;
      observer.changed(snapshotOf(server, entries, running));
    } catch {
      // The server has ended; its last copy stays on show.
      reading = false;
    }
  }

  const hooks: PlaygroundHooks = {
    happened,
    changed: () => void readEntries(),
    handOver: (to) => void server?.stepDown(to === null ? {} : { to }).catch(() => undefined),
  };

  const started = await start("dictionary", createPlaygroundBehaviour(hooks), {
    namespace: cluster,
    peer,
    role,
    priority,
    localCalls: "always",
  });
  server = started;
  reloadInto(started, hooks);
  happened({ type: "started" }, null);
  for (const record of early) record();
  started.subscribe(({ election, running: runs }) => {
    running = runs;
    const before = phase;
    phase = election.phase;
    if (phase !== before) {
      if (phase === "away") happened({ type: "away" }, election.token);
      else if (before === "leading" || before === "following")
        if (phase !== "leading" && phase !== "following") happened({ type: "leaderless" }, election.token);
    }
    observer.changed(snapshotOf(started, entries, running));
  });
  void started.exited.then(({ reason }) =>
    happened({ type: "ended", reason: reason instanceof Error ? reason.message : String(reason) }, started.election.token),
  );
  void readEntries();

  return {
    host: "page",
    server: recordReplies(started, (reply, request) => happened({ type: "reply", request }, reply.token)),
    get snapshot() {
      return snapshotOf(started, entries, running);
    },
  };
}

/** While developing: a saved `behaviour.ts` is taken over by the running server, which keeps its state and its role. */
function reloadInto(server: Server<PlaygroundTypes>, hooks: PlaygroundHooks): void {
  import.meta.hot?.accept("./behaviour.js", (module) => {
    if (isBehaviourModule(module)) void server.sys.replaceBehaviour(module.createPlaygroundBehaviour(hooks));
  });
}

function isBehaviourModule(module: object | undefined): module is typeof import("./behaviour.js") {
  return module !== undefined && "createPlaygroundBehaviour" in module;
}

/** The server, with each reply that a caller gets from a leader told to `replied`. */
function recordReplies(server: Server<PlaygroundTypes>, replied: (reply: Stamped<unknown>, request: string) => void): PlaygroundServer {
  return {
    name: server.name,
    election: server.election,
    guarantees: server.guarantees,
    exited: server.exited,
    leaderCall(request, options) {
      const call = server.leaderCall(request, options);
      // Told before the caller goes on, since this was asked for first. A failure is the caller's.
      call.then(
        (reply) => isStamped(reply) && replied(reply, request.type),
        () => undefined,
      );
      return call;
    },
    leaderCast: (message) => server.leaderCast(message),
    call: (request, options) => server.call(request, options),
    stepDown: (options) => server.stepDown(options),
    stop: (reason) => server.stop(reason),
  };
}

function isStamped(reply: unknown): reply is Stamped<unknown> {
  return typeof reply === "object" && reply !== null && "token" in reply && "value" in reply;
}

function snapshotOf({ election }: Server<PlaygroundTypes>, entries: PeerSnapshot["entries"], running: boolean): PeerSnapshot {
  const { self, phase, leader, isLeader, token, epoch, alive, down, candidates, workers, inStep, members, applied } = election;
  return { self, phase, leader, isLeader, token, epoch, alive, down, candidates, workers, inStep, members, applied, entries, running };
}
