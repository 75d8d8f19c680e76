import { restartIntensityReached, type Server, supervise } from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { createLog, type Log } from "../support/log.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

/** Starts servers one after another in one realm, and tells of each. */
function createStarter() {
  const realm = cluster.realm();
  const servers: Server<Log>[] = [];
  const waiting: (() => void)[] = [];
  return {
    servers,
    begin: () => realm.start("log", createLog(), { limits }),
    onStart(server: Server<Log>) {
      servers.push(server);
      for (const look of waiting) look();
    },
    /** Resolves with the `number`th server that was started. */
    nth(number: number): Promise<Server<Log>> {
      return new Promise((resolve) => {
        const look = () => {
          const server = servers[number - 1];
          if (server !== undefined) resolve(server);
        };
        waiting.push(look);
        look();
      });
    },
  };
}

test("supervise: starts a server again when it ends abnormally; it gets its state back from the others", async () => {
  const survivor = await cluster.start("log", createLog(), { limits });
  await until(survivor, ({ isLeader }) => isLeader);
  await survivor.leaderCall({ type: "append", item: "kept" });
  const { begin, onStart, nth } = createStarter();
  const supervisor = await supervise(begin, { onStart });
  const first = await nth(1);
  expect(supervisor.server).toBe(first);
  expect(supervisor.restarts).toBe(0);
  await first.stop("failed");
  const second = await nth(2);
  expect(supervisor.server).toBe(second);
  expect(supervisor.restarts).toBe(1);
  await agreed([survivor, second]);
  expect(await second.leaderCall({ type: "items" })).toEqual(["kept"]);
  expect(await supervisor.stop("enough")).toEqual({ reason: "enough" });
  expect(await supervisor.exited).toEqual({ reason: "enough" });
});

test("supervise: a transient server is not started again after a normal end, a permanent one always is", async () => {
  for (const reason of ["normal", "shutdown", "ignored"]) {
    const transient = createStarter();
    const supervisor = await supervise(transient.begin, transient);
    await (await transient.nth(1)).stop(reason);
    expect(await supervisor.exited).toEqual({ reason });
    expect(transient.servers).toHaveLength(1);

    const permanent = createStarter();
    const always = await supervise(permanent.begin, { ...permanent, restart: "permanent" });
    await (await permanent.nth(1)).stop(reason);
    await permanent.nth(2);
    await always.stop();
    expect(permanent.servers).toHaveLength(2);
  }
});

test("supervise: more restarts than its intensity end the supervisor", async () => {
  const { begin, onStart, nth, servers } = createStarter();
  const supervisor = await supervise(begin, { onStart, intensity: 2, periodMs: 600_000 });
  for (let number = 1; number <= 3; number += 1) await (await nth(number)).stop("failed");
  expect(await supervisor.exited).toEqual({ reason: restartIntensityReached });
  expect(servers).toHaveLength(3);
  expect(supervisor.restarts).toBe(2);
});

test("supervise: a restart that fails ends it with that reason; a first start that fails rejects", async () => {
  const { begin, onStart, nth } = createStarter();
  let attempts = 0;
  const supervisor = await supervise(
    () => {
      attempts += 1;
      return attempts === 1 ? begin() : Promise.reject("cannot");
    },
    { onStart },
  );
  await (await nth(1)).stop("failed");
  expect(await supervisor.exited).toEqual({ reason: "cannot" });
  await expect(supervise(() => Promise.reject("never"))).rejects.toBe("never");
});

test("supervise: stop while a restart is under way leaves nothing running", async () => {
  const { begin, onStart, nth, servers } = createStarter();
  let release: () => void = () => {};
  let attempts = 0;
  const supervisor = await supervise(
    async () => {
      attempts += 1;
      if (attempts === 2)
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      return begin();
    },
    { onStart },
  );
  const first = await nth(1);
  await first.stop("failed");
  await first.exited;
  const stopping = supervisor.stop("enough");
  release();
  await stopping;
  await supervisor.exited;
  for (const server of servers) await server.exited;
  await supervisor.server.exited;
});
