/**
 * A fence says who holds it in its own way: with a promise, perhaps of another realm, or at once.
 */
import type { Fence, PeerId } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { afterEach, beforeEach, expect, test } from "vitest";
import { agreed, type Cluster, createCluster, until } from "./support/cluster.js";
import { createLog } from "./support/log.js";
import { patient } from "./support/patience.js";

let cluster: Cluster;
beforeEach(() => {
  cluster = createCluster(createMemoryHub());
});
afterEach(() => cluster.close());

const limits = patient;

type Holder = ReturnType<Fence["holder"]>;

/** A server whose fence answers in another way than that of its medium. `answer` is handed who leads, as the medium says. */
function startWith(answer: (holder: Holder) => Holder) {
  const medium = (name: string) => {
    const made = cluster.hub.medium(name);
    const { fence } = made;
    return { ...made, fence: fence && { ...fence, holder: () => answer(fence.holder()) } };
  };
  return cluster.start("log", createLog(), { limits, medium });
}

/** A promise that `instanceof` does not know, as one of another realm. */
function foreign(promise: Holder): Holder {
  return Object.create(null, {
    // biome-ignore lint/suspicious/noThenProperty: it is to be one
    then: { value: (...reactions: Parameters<Promise<PeerId | null>["then"]>) => Promise.resolve(promise).then(...reactions) },
  });
}

test("a promise of another realm is waited for", async () => {
  const leader = await startWith((holder) => holder);
  await until(leader, ({ isLeader }) => isLeader);
  const follower = await startWith(foreign);
  await agreed([leader, follower]);
  expect(await follower.leaderCall({ type: "append", item: "1" })).toBe(1);
});

test("what is said at once is taken at once", async () => {
  const leader = await startWith((holder) => holder);
  await until(leader, ({ isLeader }) => isLeader);
  const { self } = leader.election;
  const follower = await startWith(() => self);
  await agreed([leader, follower]);
  expect(await follower.leaderCall({ type: "append", item: "1" })).toBe(1);
});
