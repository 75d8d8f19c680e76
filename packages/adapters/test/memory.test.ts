/**
 * The memory medium keeps the contracts of its ports.
 */
import { createMemoryHub, createMemoryMedium, memoryGuarantees } from "@gen-leader/adapters/memory";
import type { PeerId } from "@gen-leader/protocol";
import { type ContractHarness, createLocalRealm, testFailureDetector, testFence, testTransport } from "@gen-leader/testing/contracts";
import { describe, expect, test } from "vitest";

const hub = createMemoryHub();

const harness: ContractHarness = {
  guarantees: memoryGuarantees,
  deaths: ["crash"],
  deathIsHeardAs: "crashed",
  closingIsHeardAs: "left",
  parallel: "all peers of this medium run in one thread",
  start: (cluster, id, report) => Promise.resolve(createLocalRealm(hub.medium(cluster), id, report, hub.crash)),
};

testTransport("memory", harness);
testFailureDetector("memory", harness);
testFence("memory", harness);

describe("memory hub", () => {
  const a: PeerId = "a#1";
  const b: PeerId = "b#1";

  test("peers of two hubs never hear each other", async () => {
    const here = createMemoryMedium()("cluster");
    const there = createMemoryMedium()("cluster");
    await there.failureDetector.open(b);
    await here.failureDetector.open(a);
    expect(await here.failureDetector.census()).toEqual([a]);
  });

  test("a crashed peer neither speaks nor hears, holds nothing and cannot ask", async () => {
    const { medium, crash } = createMemoryHub();
    const dead = medium("cluster");
    const alive = medium("cluster");
    const heard: unknown[] = [];
    await dead.transport.open(a, (frame) => heard.push(frame));
    await dead.failureDetector.open(a);
    await dead.fence?.open(a, (event) => heard.push(event));
    await new Promise<void>((resolve) => {
      void alive.transport.open(b, () => resolve());
      void alive.failureDetector.open(b);
      dead.fence?.request([]);
      dead.failureDetector.monitor(b, (reason) => heard.push(reason));
      alive.transport.post({ unheard: true });
      crash(a);
      dead.transport.post({ unsaid: true });
      dead.fence?.request([]);
      const other = medium("cluster");
      void other.transport.open("c#1", () => undefined);
      other.transport.post({ said: true });
    });
    alive.failureDetector.close();
    expect(dead.fence?.holds()).toBe(false);
    expect(await alive.fence?.holder()).toBeNull();
    await new Promise<void>((resolve) => {
      const last = medium("cluster");
      void last.fence?.open("d#1", () => resolve());
      last.fence?.request([]);
    });
    expect(heard).toEqual([]);
  });
});
