/**
 * The dictionary of real worker threads as its users see it: whatever is killed or hands over, their calls can be put in one
 * order.
 */
import { checkLinearizability, createRandom } from "@gen-leader/testing";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../demo/cluster.js";
import type { PeerThread } from "../demo/peer-thread.js";
import { startAll } from "../demo/round.js";
import { dictionaryModel } from "../src/dictionary-model.js";
import { forgeHistories } from "../src/forged-histories.js";
import { createThreadUsers, type ThreadUsers } from "./thread-users.js";

const threads = 5;
const usersPerThread = 2;
/** How many calls are made around each end of a leader, and how many of them are answered before it. */
const calls = 150;
const answersBefore = 75;
/** What becomes of one leader after another. */
const ends = ["kill", "hand-over", "kill", "kill", "hand-over", "kill"] as const;

/**
 * The keys around one end. Each lives through three of them at most: a call that was cut short may take effect as long as its key
 * is written, and a search among many of those takes too long.
 */
const keysOf = (round: number): readonly string[] => [0, 1, 2, 3, 4, 5].map((index) => `key-${2 * round + index}`);

let cluster: Cluster;
const users: ThreadUsers = createThreadUsers(usersPerThread, createRandom(1));

/** Adds a thread, and users of it, once all agree again. */
async function replace(): Promise<void> {
  const newcomer = cluster.spawn();
  await cluster.until("the new thread to load", () => newcomer.last("ready"));
  newcomer.tell({ type: "start", peer: newcomer.name });
  await cluster.until("the new thread to follow", cluster.agreedLeader);
  users.join(newcomer);
}

/** Ends the tenure of the leader while calls are under way. */
function endTenure(leader: PeerThread, end: (typeof ends)[number]): void {
  if (end === "kill") {
    cluster.kill(leader);
    return users.abandon(leader);
  }
  const successor = cluster.threads.find((thread) => thread !== leader)?.last("status");
  if (successor === undefined) throw new Error("There is nobody to hand over to.");
  leader.tell({ type: "step-down", to: successor.self });
}

beforeAll(async () => {
  cluster = createCluster({
    code: await bundleWorker(new URL("../demo/peer.worker.ts", import.meta.url)),
    stuckMs: 30_000,
    heard: (_thread, report) => {
      if (report.type === "returned") users.returned(report);
    },
  });
  for (let index = 0; index < threads; index += 1) cluster.spawn();
  await startAll(cluster);
  for (const thread of cluster.threads) users.join(thread);
  for (const [round, end] of ends.entries()) {
    const leader = await cluster.until("agreement on a leader", cluster.agreedLeader);
    const before = users.answered;
    users.turnTo(keysOf(round), calls);
    await cluster.until(`${answersBefore} answers`, () => users.answered >= before + answersBefore);
    endTenure(leader, end);
    await cluster.until("another leader", () => {
      const next = cluster.agreedLeader();
      return next !== leader && next;
    });
    if (end === "kill") await replace();
  }
  await cluster.until("the calls to end", () => users.underWay === 0);
  // What was written long ago has outlived every leader since.
  for (const thread of cluster.threads) for (const key of new Set(users.history.map(({ input }) => input.key))) users.lookUp(thread, key);
  await cluster.until("the last lookups to end", () => users.underWay === 0);
}, 60_000);

afterAll(() => {
  for (const thread of cluster.threads) cluster.kill(thread);
});

test("calls of ten users of five threads, across killed leaders and hand-overs, are linearizable", () => {
  expect(users.answered).toBeGreaterThan(answersBefore * ends.length);
  const killed = ends.filter((end) => end === "kill").length;
  expect(users.cutShort, "Each user of a killed thread had a call under way").toBeGreaterThanOrEqual(killed * usersPerThread);
  expect(checkLinearizability(dictionaryModel, users.history)).toEqual({ type: "linearizable" });
});

test("the same history with one lie in it is not", () => {
  const forged = forgeHistories(users.history, 40);
  expect(forged.length).toBeGreaterThan(40);
  for (const { what, history } of forged) expect(checkLinearizability(dictionaryModel, history).type, what).toBe("violation");
});
