/**
 * A live cluster under a hail of frames: no server may end, nothing may be thrown, and when it is over all must serve again.
 *
 * @module
 */
import { createRandom } from "@gen-leader/testing";
import { type Behaviour, createRealm, ok, reply, type Server, sync } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { decode, type MediumFactory, peerId } from "gen-leader/protocol";
import { createFrameSource } from "./frames.js";

export interface FuzzOptions {
  /** How many frames are sent. */
  readonly frames: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly frames: number;
  /** What went wrong, in words. */
  readonly crashes: readonly string[];
  /** How many of the frames were messages of the protocol. */
  readonly accepted: number;
  /** How many frames the servers heard, and how many of them they dropped, by reason. */
  readonly heard: number;
  readonly dropped: Readonly<Record<string, number>>;
}

type AnythingTypes = {
  readonly state: number;
  readonly sync: unknown;
  readonly broadcast: unknown;
  readonly leaderCalls: { count(): number };
  readonly leaderCasts: unknown;
  readonly calls: { count(): number };
  readonly casts: unknown;
};

/** Takes whatever comes: if a server ends, it is not for what its callbacks did. */
const takesAnything: Behaviour<AnythingTypes> = {
  init: () => ok(0),
  elected: (count) => sync(count, count),
  surrendered: (count) => ok(count + 1),
  fromLeader: (count) => ok(count + 1),
  handleLeaderCall: (count) => reply(count + 1, count, { broadcast: count }),
  handleLeaderCast: (count) => ok(count + 1),
  handleCall: (count) => reply(count, count),
  handleCast: (count) => ok(count + 1),
  handleDown: (count) => ok(count + 1),
};

/** Frames between two turns of the event loop. */
const burst = 50;
/** How many of the frames of real peers are remembered. */
const corpusLimit = 2000;
/** How long a server may take to answer once the hail is over. */
const answerMs = 60_000;

/** Lets the event loop turn once. */
function eventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs one hail, and takes down what is thrown and caught by nobody. Everything but the timing of the platform's timers is a function of the seed. */
export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const crashes: string[] = [];
  const onError = (error: unknown): void => void crashes.push(`thrown: ${error instanceof Error ? error.stack : String(error)}`);
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
  try {
    return { frames: options.frames, crashes, ...(await hail(options, crashes)) };
  } finally {
    process.off("uncaughtException", onError);
    process.off("unhandledRejection", onError);
  }
}

async function hail({ frames, seed }: FuzzOptions, crashes: string[]): Promise<Pick<FuzzResult, "accepted" | "heard" | "dropped">> {
  const random = createRandom(seed);
  const hub = createMemoryHub();
  const corpus: object[] = [];

  /** The hub's medium, overheard. */
  const medium: MediumFactory = (name, options) => {
    const made = hub.medium(name, options);
    const hear = (frame: object): object => {
      if (corpus.length < corpusLimit) corpus.push(frame);
      else corpus[random.between(0, corpusLimit - 1)] = frame;
      return frame;
    };
    const { transport } = made;
    return {
      ...made,
      transport: {
        open: (self, receive) => transport.open(self, receive),
        post: (frame) => transport.post(hear(frame)),
        send: (to, frame) => transport.send(to, hear(frame)),
        close: () => transport.close(),
      },
    };
  };

  const servers: Server<AnythingTypes>[] = [];
  for (const peer of ["ann", "bob", "cay"]) {
    const server = await createRealm(medium).start("fuzz", takesAnything, { peer, keepProcessAlive: true });
    void server.exited.then(({ reason }) => reason === "over" || crashes.push(`${peer} ended: ${String(reason)}`));
    servers.push(server);
  }
  const strangers = Array.from({ length: 5 }, (_, number) => peerId(`stranger-${number}`, number + 1));
  const attacker = hub.medium("fuzz").transport;
  await attacker.open(peerId("attacker", 1), () => undefined);
  const ids = (): string[] => servers.map(({ election }) => election.self);
  let accepted = 0;
  for (let sent = 0; sent < frames; ) {
    const next = createFrameSource(random, corpus, [...strangers, ...ids()]);
    // Real work goes on beside it. Whatever becomes of it, it is not waited for.
    const server = random.pick(servers);
    server.leaderCall({ type: "count" }, { timeoutMs: 1000 }).catch(() => undefined);
    server.call({ type: "count" }, { to: random.pick(["ann", "bob", "cay"]), timeoutMs: 1000 }).catch(() => undefined);
    if (random.chance(0.01)) server.stepDown().catch(() => undefined);
    for (let count = 0; count < burst && sent < frames; count += 1, sent += 1) {
      const frame = next();
      if (decode(frame).type === "message") accepted += 1;
      try {
        // The hub carries objects, as every transport does; what is none, or cannot be cloned, never leaves its sender.
        if (random.chance(0.5)) attacker.post(frame as object);
        else attacker.send(random.pick(servers).election.self, frame as object);
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
    }
    await eventLoop();
  }
  attacker.close();
  for (const server of servers)
    await server
      .leaderCall({ type: "count" }, { timeoutMs: answerMs, retry: true })
      .catch((error: unknown) => crashes.push(`${server.election.self} is not served: ${String(error)}`));
  if (Reflect.ownKeys(Object.prototype).includes("polluted")) crashes.push("Object.prototype was polluted");
  const statistics = servers.map((server) => server.sys.statistics());
  const heard = statistics.reduce((sum, { framesIn }) => sum + framesIn, 0);
  const dropped: Record<string, number> = {};
  for (const of of statistics) for (const [reason, count] of Object.entries(of.dropped)) dropped[reason] = (dropped[reason] ?? 0) + count;
  await Promise.all(servers.map((server) => server.stop("over")));
  await eventLoop();
  return { accepted, heard, dropped };
}
