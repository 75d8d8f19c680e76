/**
 * What a peer says when it is asked who leads, and why.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "./support/cluster.js";
import { createLog } from "./support/log.js";
import { patient } from "./support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster();
});
afterEach(() => cluster.close());

const limits = patient;

test("a follower tells whom it follows, who is up in order of rank, who is counted on, and whom it watches", async () => {
  const leader = await cluster.start("log", createLog(), { limits, peer: "a", priority: 1 });
  await until(leader, ({ isLeader }) => isLeader);
  const low = await cluster.start("log", createLog(), { limits, peer: "b" });
  const high = await cluster.start("log", createLog(), { limits, peer: "c", priority: 2 });
  const worker = await cluster.start("log", createLog(), { limits, peer: "w", role: "worker" });
  await agreed([leader, low, high, worker]);
  const [a, b, c, w] = [leader, low, high, worker].map(({ election }) => election.self);

  const seen = low.diagnostics();
  expect(seen).toMatchObject({ name: "log", running: true, self: b, phase: "following", leader: a, token: leader.election.token });
  expect(seen.members.map(({ id, role, inStep, watched }) => [id, role, inStep, watched])).toEqual([
    [c, "candidate", true, true],
    [a, "candidate", true, true],
    [b, "candidate", true, false],
    [w, "worker", true, false],
  ]);
  expect(seen).toMatchObject({ suspicion: null, down: [], guarantees: { medium: "memory" }, statistics: low.sys.statistics(), log: [] });
  expect(JSON.parse(JSON.stringify(seen)), "plain data").toStrictEqual(seen);
});

test("a snapshot stays as it was, and the next one tells who went down and how that was noticed", async () => {
  const first = await cluster.start("log", createLog(), { limits });
  await until(first, ({ isLeader }) => isLeader);
  const second = await cluster.start("log", createLog(), { limits, debug: ["log"] });
  await agreed([first, second]);
  const before = second.diagnostics();
  const old = structuredClone(before);
  cluster.crash(first);
  await until(second, ({ isLeader }) => isLeader);
  expect(before).toEqual(old);
  const after = second.diagnostics();
  expect(after).toMatchObject({ phase: "leading", leader: second.election.self, holder: second.election.self });
  expect(after.down).toEqual([{ id: first.election.self, reason: "crashed" }]);
  expect(after.log.map(({ type }) => type)).toContain("fence-granted");
  expect(Object.keys(after.deadlines)).toEqual(["settle"]);
  expect(JSON.parse(JSON.stringify(after)), "plain data").toStrictEqual(after);
});

test("who waits for a leader tells until when, and how many of its calls wait", async () => {
  const worker = await cluster.start("log", createLog(), { limits, role: "worker" });
  const call = worker.leaderCall({ type: "items" }, { timeoutMs: Infinity });
  const { phase, leader, token, deadlines, statistics } = worker.diagnostics();
  expect({ phase, leader, token, pending: statistics.pendingCalls }).toEqual({ phase: "joining", leader: null, token: null, pending: 1 });
  expect(deadlines.response).toBeGreaterThan(0);
  expect(deadlines.response).toBeLessThanOrEqual(600_000);
  await worker.stop();
  await expect(call).rejects.toMatchObject({ code: "server-ended" });
  expect(worker.diagnostics()).toMatchObject({ running: false, phase: "away", members: [{ id: worker.election.self, inStep: false }] });
});
