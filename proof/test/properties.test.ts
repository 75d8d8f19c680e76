/**
 * Properties of the behaviour, for fast-check to refute: commands against a model, and callbacks whose promises settle in
 * any order.
 */
import { type DictionaryTypes, dictionary, type Entries } from "@gen-leader/example-dictionary";
import { type DictionaryRequest, dictionaryModel } from "@gen-leader/example-dictionary/model";
import fc from "fast-check";
import { type Behaviour, createRealm, ok, reply, type Server, sync } from "gen-leader";
import { createMemoryHub, type MemoryHub } from "gen-leader/memory";
import { expect, test } from "vitest";

/** What every peer should have, and how many peers there are. */
interface Model {
  entries: Entries;
  peers: number;
}

/** A live cluster. Peers are named by their place in the list. */
interface Real {
  readonly hub: MemoryHub;
  readonly servers: Server<DictionaryTypes>[];
}

type Command = fc.AsyncCommand<Model, Real>;

function at(real: Real, place: number): Server<DictionaryTypes> {
  const server = real.servers[place % real.servers.length];
  if (server === undefined) throw new Error("There is always a peer.");
  return server;
}

/** Waits until a peer follows or leads, with everything that was acknowledged. */
async function catchUp(server: Server<DictionaryTypes>): Promise<void> {
  await server.leaderCall({ type: "lookup", key: "" }, { retry: true });
}

class Call implements Command {
  constructor(
    readonly place: number,
    readonly request: DictionaryRequest,
  ) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const output: unknown = await at(real, this.place).leaderCall(this.request, { retry: true });
    const stepped = dictionaryModel.step(model.entries, this.request, { output });
    expect(stepped, `${JSON.stringify(output)} from ${dictionaryModel.print(model.entries)}`).not.toBeNull();
    model.entries = stepped?.state ?? model.entries;
  }
  toString = () => `call ${this.place} ${JSON.stringify(this.request)}`;
}

class Compare implements Command {
  constructor(readonly place: number) {}
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const server = at(real, this.place);
    await catchUp(server);
    expect(new Map(await server.call({ type: "entries" }))).toEqual(model.entries);
  }
  toString = () => `compare ${this.place}`;
}

class Start implements Command {
  check = (model: Readonly<Model>) => model.peers < 5;
  async run(model: Model, real: Real): Promise<void> {
    real.servers.push(await createRealm(real.hub.medium).start("dictionary", dictionary));
    model.peers += 1;
  }
  toString = () => "start";
}

class Crash implements Command {
  constructor(readonly place: number) {}
  check = (model: Readonly<Model>) => model.peers > 1;
  async run(model: Model, real: Real): Promise<void> {
    // Whoever is left has what was acknowledged: nothing is under way.
    await Promise.all(real.servers.map(catchUp));
    const server = at(real, this.place);
    real.hub.crash(server.election.self);
    real.servers.splice(real.servers.indexOf(server), 1);
    model.peers -= 1;
  }
  toString = () => `crash ${this.place}`;
}

class Stop implements Command {
  constructor(readonly place: number) {}
  check = (model: Readonly<Model>) => model.peers > 1;
  async run(model: Model, real: Real): Promise<void> {
    await Promise.all(real.servers.map(catchUp));
    const server = at(real, this.place);
    await server.stop();
    real.servers.splice(real.servers.indexOf(server), 1);
    model.peers -= 1;
  }
  toString = () => `stop ${this.place}`;
}

class StepDown implements Command {
  check = (model: Readonly<Model>) => model.peers > 1;
  async run(_model: Model, real: Real): Promise<void> {
    await Promise.all(real.servers.map(catchUp));
    await real.servers.find(({ election }) => election.isLeader)?.stepDown({ backOffMs: 0 });
  }
  toString = () => "step down";
}

const places = fc.nat({ max: 4 });
const keys = fc.constantFrom("colour", "size");
const requests: fc.Arbitrary<DictionaryRequest> = fc.oneof(
  fc.record({ type: fc.constant("store"), key: keys, value: fc.nat({ max: 9 }) }),
  fc.record({ type: fc.constant("append"), key: keys, value: fc.nat({ max: 9 }) }),
  fc.record({ type: fc.constant("erase"), key: keys }),
  fc.record({ type: fc.constant("lookup"), key: keys }),
);

test("whatever is called, and whoever comes and goes between the calls, the cluster answers as one dictionary would", {
  timeout: 60_000,
}, async () => {
  const commands = fc.commands(
    [
      fc.tuple(places, requests).map(([place, request]) => new Call(place, request)),
      places.map((place) => new Compare(place)),
      fc.constant(new Start()),
      places.map((place) => new Crash(place)),
      places.map((place) => new Stop(place)),
      fc.constant(new StepDown()),
    ],
    { maxCommands: 25 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const hub = createMemoryHub();
      const servers = [await createRealm(hub.medium).start("dictionary", dictionary)];
      try {
        await fc.asyncModelRun(() => ({ model: { entries: new Map(), peers: 1 }, real: { hub, servers } }), list);
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
      }
    }),
    { numRuns: 60 },
  );
});

type LogTypes = {
  state: readonly string[];
  sync: readonly string[];
  broadcast: string;
  leaderCalls: { append(request: { item: string }): number };
  calls: { read(): readonly string[] };
  casts: string;
};

test("callbacks run one at a time, in the order in which their messages came, in whatever order their promises settle", {
  timeout: 60_000,
}, async () => {
  const acts = fc.array(fc.record({ act: fc.constantFrom("append", "cast", "read"), place: fc.nat({ max: 1 }) }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), acts, async (scheduler, list) => {
      const hub = createMemoryHub();
      const overlaps: string[] = [];
      const heard: string[][] = [[], []];

      /** A behaviour whose callbacks each wait for a promise that the scheduler settles. */
      const behaviour = (place: number): Behaviour<LogTypes> => {
        let running: string | null = null;
        const wait = async <R>(name: string, result: () => R): Promise<R> => {
          if (running !== null) overlaps.push(`${name} begins while ${running} runs`);
          running = name;
          await scheduler.schedule(Promise.resolve(), name);
          running = null;
          return result();
        };
        return {
          init: () => ok([]),
          elected: (log) => wait("elected", () => sync(log, log)),
          surrendered: (_log, leaders) => wait("surrendered", () => ok(leaders)),
          fromLeader: (log, item) => wait("fromLeader", () => ok([...log, item])),
          handleLeaderCall: (log, { item }) => wait("handleLeaderCall", () => reply([...log, item], log.length + 1, { broadcast: item })),
          handleCall: (log) => wait("handleCall", () => reply(log, log)),
          handleCast: (log, item) =>
            wait("handleCast", () => {
              heard[place]?.push(item);
              return ok(log);
            }),
        };
      };
      const servers = await Promise.all([0, 1].map((place) => createRealm(hub.medium).start("log", behaviour(place))));
      const appended: string[][] = [[], []];
      const cast: string[][] = [[], []];
      const pending: Promise<unknown>[] = [];
      for (const [index, { act, place }] of list.entries()) {
        const server = servers[place];
        const item = `${place}.${index}`;
        if (act === "append") {
          appended[place]?.push(item);
          pending.push(server?.leaderCall({ type: "append", item }, { timeoutMs: Infinity }) ?? Promise.reject());
        } else if (act === "cast") {
          cast[place]?.push(item);
          server?.cast(item);
        } else pending.push(server?.call({ type: "read" }, { timeoutMs: Infinity }) ?? Promise.reject());
      }
      await scheduler.waitFor(Promise.all(pending));
      // Each has what was sent before this question, since messages to one peer stay in order.
      const ends = servers.map((server) => server.leaderCall({ type: "append", item: "end" }, { timeoutMs: Infinity }));
      await scheduler.waitFor(Promise.all(ends));
      const logs = await scheduler.waitFor(Promise.all(servers.map((server) => server.call({ type: "read" }, { timeoutMs: Infinity }))));
      expect(overlaps).toEqual([]);
      expect(heard).toEqual(cast);
      for (const log of logs)
        for (const [place, items] of appended.entries()) expect(log.filter((item) => item.startsWith(`${place}.`))).toEqual(items);
      const ended = Promise.all(servers.map((server) => server.stop()));
      await scheduler.waitFor(ended);
    }),
    { numRuns: 60 },
  );
});
