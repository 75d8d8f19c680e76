/**
 * Elections in the timeline of the User Timing API.
 */
import { lead, measureElections } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "./support/cluster.js";
import { createLog } from "./support/log.js";
import { patient } from "./support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster(createMemoryHub());
});
afterEach(async () => {
  await cluster.close();
  performance.clearMarks();
  performance.clearMeasures();
});

const limits = patient;

/** The entries that tell of elections, in their order. */
function entries() {
  const all = [...performance.getEntriesByType("measure"), ...performance.getEntriesByType("mark")];
  return all.filter(({ name }) => name.startsWith("gen-leader "));
}

test("a leader that dies and its successor are measured, from one to the other", async () => {
  const leader = await cluster.start("log", createLog(), { limits, peer: "low" });
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await cluster.start("log", createLog(), { limits, peer: "high" });
  await agreed([leader, follower]);
  const end = measureElections("log", follower);
  await follower.leaderCall({ type: "append", item: "1" });
  const died = performance.now();
  await leader.stop();
  await until(follower, ({ isLeader }) => isLeader);
  const measured = entries().find(({ name }) => name.includes("high"));
  expect(measured).toMatchObject({
    name: "gen-leader log: high leads",
    entryType: "measure",
    detail: { self: follower.election.self, token: follower.election.token, devtools: { track: "gen-leader" } },
  });
  expect(measured?.startTime).toBeGreaterThanOrEqual(died);
  expect((measured?.startTime ?? 0) + (measured?.duration ?? 0)).toBeLessThanOrEqual(performance.now());
  const seen = entries().length;
  end();
  await follower.stepDown({ backOffMs: 0 }).catch(() => undefined);
  expect(entries()).toHaveLength(seen);
});

test("a leader that led before is not told of, however much happens in its time", async () => {
  const leader = await cluster.start("log", createLog(), { limits, peer: "low" });
  await until(leader, ({ isLeader }) => isLeader);
  const end = measureElections("log", leader);
  const follower = await cluster.start("log", createLog(), { limits, peer: "high" });
  await agreed([leader, follower]);
  await follower.leaderCall({ type: "append", item: "1" });
  expect(entries()).toEqual([]);
  end();
});

test("the first election of `lead` is measured from the call", async () => {
  const before = performance.now();
  const leadership = lead("job", () => undefined, { medium: createMemoryHub().medium });
  const end = measureElections("job", leadership);
  await new Promise<void>((resolve) => {
    leadership.subscribe(({ isLeader }) => {
      if (isLeader) resolve();
    });
  });
  const [measured] = entries();
  expect(measured).toMatchObject({ entryType: "measure", name: expect.stringMatching(/^gen-leader job: \w+ leads$/) });
  expect(measured?.startTime).toBeGreaterThanOrEqual(before);
  end();
  await leadership.close();
});
