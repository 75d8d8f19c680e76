import { createLead, type Lead, type LeadContext, type Leadership, type MediumFactory, nameOf } from "gen-leader";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "../support/cluster.js";
import { countedTransport } from "../support/counted-transport.js";
import { createLatch, type Latch } from "../support/latch.js";
import { createLog } from "../support/log.js";
import { createManualClock } from "../support/manual-clock.js";
import { createPage } from "../support/page.js";
import { patient } from "../support/patience.js";

let cluster: Cluster;
let open: Leadership[];
beforeEach(() => {
  cluster = createCluster();
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((leadership) => leadership.close()));
});

const limits = patient;

/** `lead` of a realm of its own. */
function createRealmLead(): Lead {
  const lead = createLead(cluster.hub.medium);
  return (name, run, options) => {
    const leadership = lead(name, run, { limits, ...options });
    open.push(leadership);
    return leadership;
  };
}

/** A function for `lead` that tells when it runs, and what with. */
function createTask(cleanUp?: () => void | Promise<void>) {
  const runs: LeadContext[] = [];
  const waiting: { readonly number: number; readonly latch: Latch<LeadContext> }[] = [];
  return {
    runs,
    run(context: LeadContext) {
      runs.push(context);
      for (const { number, latch } of waiting) if (runs.length === number) latch.open(context);
      return cleanUp;
    },
    /** Resolves with the context of the `number`th run. */
    nth(number: number): Promise<LeadContext> {
      const known = runs[number - 1];
      if (known !== undefined) return Promise.resolve(known);
      const latch = createLatch<LeadContext>();
      waiting.push({ number, latch });
      return latch.promise;
    },
  };
}

test("lead: runs the function on the one peer that leads, with the epoch, the token and a signal", async () => {
  const tasks = [1, 2, 3].map(() => createTask());
  const peers = tasks.map(({ run }) => createRealmLead()("job", run));
  const leader = await agreed(peers);
  const index = peers.indexOf(leader);
  const context = await tasks[index]?.nth(1);
  expect(tasks.map(({ runs }) => runs.length)).toEqual(peers.map((peer) => (peer === leader ? 1 : 0)));
  expect(context).toMatchObject({ epoch: leader.election.epoch, token: leader.election.token });
  expect(context?.signal.aborted).toBe(false);
  expect(peers.map(({ isLeader }) => isLeader)).toEqual(peers.map((peer) => peer === leader));
  expect(leader.guarantees.medium).toBe("memory");
});

test("lead: returning does not end leadership; the next leads when this one dies", async () => {
  const first = createTask();
  const second = createTask();
  const a = createRealmLead()("job", first.run);
  await first.nth(1);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  expect(a.isLeader).toBe(true);
  expect(second.runs).toEqual([]);
  const { epoch } = a.election;
  cluster.crash(a);
  expect((await second.nth(1)).epoch).toBeGreaterThan(epoch);
  expect(b.isLeader).toBe(true);
});

test("lead: subscribe calls at once with the present state, then at every change; a late subscriber misses nothing", async () => {
  const a = createRealmLead()("job", () => {});
  const seen: boolean[] = [];
  const end = a.subscribe(({ isLeader }) => seen.push(isLeader));
  expect(seen).toEqual([false]);
  await until(a, ({ isLeader }) => isLeader);
  expect(seen.at(-1)).toBe(true);
  const late: boolean[] = [];
  a.subscribe(({ isLeader }) => late.push(isLeader));
  expect(late).toEqual([true]);
  end();
  const { length } = seen;
  await a.close();
  expect(late.at(-1)).toBe(false);
  expect(seen).toHaveLength(length);
});

test("lead: a subscriber that throws harms nobody", async () => {
  const errors: unknown[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_message: string, error: unknown) => void errors.push(error) };
  const task = createTask();
  const a = createRealmLead()("job", task.run, { logger });
  const thrown = new Error("listener");
  let calls = 0;
  a.subscribe(() => {
    calls += 1;
    if (calls > 1) throw thrown;
  });
  await task.nth(1);
  await until(a, ({ isLeader }) => isLeader);
  expect(errors).toContain(thrown);
});

test("lead: stepDown aborts the signal and awaits the clean-up before another leads; resolves when one does", async () => {
  const order: string[] = [];
  const held = createLatch();
  const first = createTask(async () => {
    order.push("clean-up begins");
    await held.promise;
    order.push("clean-up ends");
  });
  const second = createTask();
  const a = createRealmLead()("job", first.run);
  const { signal } = await first.nth(1);
  signal.addEventListener("abort", () => order.push("aborted"));
  const b = createRealmLead()("job", (context) => {
    order.push("next leads");
    return second.run(context);
  });
  await agreed([a, b]);
  const steppingDown = a.stepDown().then(() => order.push("stepped down"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(b.isLeader).toBe(false);
  held.open();
  await steppingDown;
  await second.nth(1);
  expect(order.filter((line) => line !== "stepped down")).toEqual(["aborted", "clean-up begins", "clean-up ends", "next leads"]);
  expect(a.election.leader).toBe(b.election.self);
  expect(first.runs).toHaveLength(1);
});

test("lead: a clean-up that hangs is waited for a second, not longer", async () => {
  const clock = createManualClock();
  const first = createTask(() => new Promise<void>(() => {}));
  const second = createTask();
  const a = createRealmLead()("job", first.run, { clock });
  await first.nth(1);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  const steppingDown = a.stepDown();
  clock.advance(999);
  await new Promise((resolve) => setImmediate(resolve));
  expect(a.election.isLeader).toBe(true);
  clock.advance(1);
  await steppingDown;
  await second.nth(1);
  expect(b.isLeader).toBe(true);
});

test("lead: stepDown({ to }) names the successor; who cannot lead rejects with PeerDownError; who does not lead resolves at once", async () => {
  const peers = ["a", "b", "c", "w"].map((peer) =>
    createRealmLead()("job", () => {}, { peer, role: peer === "w" ? "worker" : "candidate" }),
  );
  const leader = await agreed(peers);
  const other = peers.find((peer) => peer !== leader && nameOf(peer.election.self) !== "w");
  if (other === undefined) throw new Error("there are three candidates");
  for (const to of ["w", "nobody"]) await expect(leader.stepDown({ to })).rejects.toMatchObject({ code: "peer-down" });
  expect(leader.isLeader).toBe(true);
  await leader.stepDown({ to: nameOf(other.election.self) });
  expect(await agreed(peers)).toBe(other);
  await leader.stepDown({ to: "nobody" });
  await leader.stepDown();
});

test("lead: alone, stepDown resolves at once, and this peer leads again after backOffMs", async () => {
  const clock = createManualClock();
  const task = createTask();
  const a = createRealmLead()("job", task.run, { clock });
  const first = await task.nth(1);
  await a.stepDown({ backOffMs: 1000 });
  expect(a.isLeader).toBe(false);
  expect(first.signal.aborted).toBe(true);
  clock.advance(999);
  expect(task.runs).toHaveLength(1);
  clock.advance(1);
  expect((await task.nth(2)).epoch).toBeGreaterThan(first.epoch);
});

test("lead: among workers only, stepDown is as alone", async () => {
  const clock = createManualClock();
  const task = createTask();
  const a = createRealmLead()("job", task.run, { clock });
  await task.nth(1);
  const worker = createRealmLead()("job", () => {}, { role: "worker" });
  await agreed([a, worker]);
  await a.stepDown({ backOffMs: 1000 });
  expect(a.isLeader).toBe(false);
  clock.advance(1000);
  await task.nth(2);
  expect(await agreed([a, worker])).toBe(a);
});

test("lead: a function that throws steps aside with back-off: another leads, and it is not at once back", async () => {
  const errors: unknown[] = [];
  const logger = { debug() {}, info() {}, warn() {}, error: (_message: string, error: unknown) => void errors.push(error) };
  const clock = createManualClock();
  const thrown = new Error("cannot do it");
  const allowed = createLatch();
  const second = createTask();
  let runs = 0;
  const a = createRealmLead()(
    "job",
    async () => {
      runs += 1;
      await allowed.promise;
      throw thrown;
    },
    { clock, logger, limits: { ...patient, backOffMs: 1000 } },
  );
  await until(a, ({ isLeader }) => isLeader);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  allowed.open();
  await second.nth(1);
  expect(await agreed([a, b])).toBe(b);
  expect(errors).toEqual([thrown]);
  expect(runs).toBe(1);
});

test("lead: alone, a function that throws is tried again after backOffMs", async () => {
  const clock = createManualClock();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const task = createTask();
  const a = createRealmLead()(
    "job",
    (context) => {
      task.run(context);
      throw new Error("cannot do it");
    },
    { clock, logger, limits: { ...patient, backOffMs: 1000 } },
  );
  await task.nth(1);
  await until(a, ({ leader }) => leader === null);
  clock.advance(999);
  expect(task.runs).toHaveLength(1);
  clock.advance(1);
  await task.nth(2);
});

test("lead: close cleans up, lets another lead, is idempotent, and nothing is posted after it", async () => {
  let transport = countedTransport(cluster.hub.medium("job").transport);
  const medium: MediumFactory = (name, options) => {
    const whole = cluster.hub.medium(name, options);
    transport = countedTransport(whole.transport);
    return { ...whole, transport };
  };
  let cleanUps = 0;
  const clock = createManualClock();
  const task = createTask(() => {
    cleanUps += 1;
  });
  const second = createTask();
  const a = createRealmLead()("job", task.run, { medium, clock });
  const { signal } = await task.nth(1);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  await Promise.all([a.close(), a.close()]);
  await a.close();
  expect(signal.aborted).toBe(true);
  expect(cleanUps).toBe(1);
  await second.nth(1);
  const before = transport.sent;
  expect(clock.scheduled).toBe(0);
  await a.stepDown();
  a.subscribe(() => {});
  const c = createRealmLead()("job", () => {});
  await agreed([b, c]);
  clock.advance(10 ** 9);
  expect(before).toBeGreaterThan(0);
  expect(transport.sent).toBe(before);
  expect(a.isLeader).toBe(false);
});

test("lead: a second lead of a name in one realm shares the peer and replaces the function, after the first has been cleaned up", async () => {
  const order: string[] = [];
  const lead = createRealmLead();
  const first = createTask(() => void order.push("first cleaned up"));
  const second = createTask();
  const a = lead("job", first.run);
  const { epoch, signal } = await first.nth(1);
  const b = lead("job", (context) => {
    order.push("second runs");
    return second.run(context);
  });
  expect(signal.aborted).toBe(true);
  expect((await second.nth(1)).epoch).toBe(epoch);
  expect(order).toEqual(["first cleaned up", "second runs"]);
  expect(b.election.self).toBe(a.election.self);
  expect([a.isLeader, b.isLeader]).toEqual([true, true]);
  expect(b.election.alive).toHaveLength(1);
  // As hot reload does: the old hold is closed after the new one was made.
  await a.close();
  expect(b.isLeader).toBe(true);
  expect(a.isLeader).toBe(false);
  expect(second.runs[0]?.signal.aborted).toBe(false);
  await b.close();
  expect(b.isLeader).toBe(false);
  expect(second.runs[0]?.signal.aborted).toBe(true);
});

test("lead: closing the hold whose function runs cleans up after it, and the function of the one before runs again", async () => {
  const lead = createRealmLead();
  const order: string[] = [];
  const first = createTask();
  const second = createTask(() => void order.push("second cleaned up"));
  const a = lead("job", first.run);
  await first.nth(1);
  const b = lead("job", second.run);
  const { signal } = await second.nth(1);
  await b.close();
  expect(signal.aborted).toBe(true);
  expect(order).toEqual(["second cleaned up"]);
  await first.nth(2);
  expect(a.isLeader).toBe(true);
  expect(first.runs).toHaveLength(2);
});

test("lead: close and lead in one breath, as StrictMode does, leaves one peer that leads, also under a name of its own", async () => {
  for (const options of [{}, { peer: "me" }]) {
    const lead = createRealmLead();
    const held = createLatch();
    const first = createTask(() => held.promise);
    const second = createTask();
    const a = lead("job", first.run, options);
    await first.nth(1);
    const closing = a.close();
    const b = lead("job", second.run, options);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(second.runs).toEqual([]);
    held.open();
    await closing;
    await second.nth(1);
    expect(b.isLeader).toBe(true);
    expect(b.election.alive).toHaveLength(1);
    await b.close();
  }
});

test("lead: a realm that is suspended lets another lead, and comes back", async () => {
  const page = createPage(cluster.hub.medium);
  const first = createTask();
  const second = createTask();
  const a = createRealmLead()("job", first.run, { medium: page.medium });
  const { signal } = await first.nth(1);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  page.suspend();
  expect(signal.aborted).toBe(true);
  expect(a.isLeader).toBe(false);
  await second.nth(1);
  page.resume();
  expect(await agreed([a, b])).toBe(b);
  await a.close();
  expect(page.watchers).toBe(0);
});

test("lead: a realm that is suspended while its clean-up runs gives the fence back at once", async () => {
  const page = createPage(cluster.hub.medium);
  const held = createLatch();
  const first = createTask(() => held.promise);
  const second = createTask();
  const a = createRealmLead()("job", first.run, { medium: page.medium, clock: createManualClock() });
  await first.nth(1);
  const b = createRealmLead()("job", second.run);
  await agreed([a, b]);
  void a.close();
  expect(b.isLeader).toBe(false);
  page.suspend();
  await second.nth(1);
  expect(b.isLeader).toBe(true);
  held.open();
});

test("lead: a realm that is suspended before it could open stays away, and opens once when it is resumed", async () => {
  const page = createPage(cluster.hub.medium);
  const realmLead = createRealmLead();
  const before = realmLead("job", () => {}, { medium: page.medium });
  await agreed([before]);
  await before.close();
  const task = createTask();
  const again = realmLead("job", task.run, { medium: page.medium });
  page.suspend();
  page.resume();
  page.suspend();
  await new Promise((resolve) => setImmediate(resolve));
  expect(again.election.phase).toBe("away");
  page.resume();
  await task.nth(1);
  expect(task.runs).toHaveLength(1);
});

test("lead: a stepDown that cannot be done leaves the function alone, and so does a second one", async () => {
  const task = createTask();
  const next = createTask();
  const a = createRealmLead()("job", task.run, { peer: "a" });
  const { signal } = await task.nth(1);
  const b = createRealmLead()("job", next.run, { peer: "b" });
  await agreed([a, b]);
  await expect(a.stepDown({ to: "a" })).rejects.toMatchObject({ code: "peer-down", peer: "a" });
  expect(signal.aborted).toBe(false);
  const both = [a.stepDown(), a.stepDown({ to: "b" })];
  await expect(a.stepDown({ to: "a" })).rejects.toMatchObject({ code: "peer-down" });
  await Promise.all(both);
  await next.nth(1);
  expect(signal.aborted).toBe(true);
  expect(task.runs).toHaveLength(1);
});

test("lead: what the platform refuses is told to subscribers, and is not silent", async () => {
  const refusal = new Error("no locks here");
  const medium: MediumFactory = (name, options) => {
    const made = cluster.hub.medium(name, options);
    return { ...made, failureDetector: { ...made.failureDetector, open: () => Promise.reject(refusal) } };
  };
  const leadership = createRealmLead()("job", () => {}, { medium });
  expect(leadership.error).toBeNull();
  const told = createLatch<unknown>();
  leadership.subscribe(({ error }) => {
    if (error !== null) told.open(error);
  });
  expect(await told.promise).toBe(refusal);
  expect(leadership.isLeader).toBe(false);
  await leadership.close();
});

test("lead: a name that is taken is told as NameTakenError", async () => {
  const a = createRealmLead()("job", () => {}, { peer: "twin" });
  await agreed([a]);
  const b = createRealmLead()("job", () => {}, { peer: "twin" });
  const told = createLatch<unknown>();
  b.subscribe(({ error }) => {
    if (error !== null) told.open(error);
  });
  expect(await told.promise).toMatchObject({ code: "name-taken", peer: a.election.self });
  expect(a.isLeader).toBe(true);
});

test("lead: clusters of one name in two namespaces lead apart", async () => {
  const lead = createRealmLead();
  const tasks = ["red", "blue"].map((namespace) => {
    const task = createTask();
    lead("job", task.run, { namespace });
    return task;
  });
  await Promise.all(tasks.map((task) => task.nth(1)));
});

test("lead: has nothing to do with a server of the same name", async () => {
  const task = createTask();
  const a = createRealmLead()("job", task.run);
  await task.nth(1);
  const server = await cluster.start("job", createLog(), { limits });
  await until(server, ({ isLeader }) => isLeader);
  expect([a.election.alive.length, server.election.alive.length]).toEqual([1, 1]);
  expect(await server.leaderCall({ type: "append", item: "x" })).toBe(1);
  expect(a.isLeader).toBe(true);
});
