/**
 * What is read out of Web Locks, and what happens when a browser refuses them: cases that no real browser shows at will.
 */
import type { PeerId } from "@gen-leader/protocol";
import { expect, test } from "vitest";
import { createSystemClock } from "../src/clocks/system.js";
import { createWebLocksFailureDetector } from "../src/failure-detectors/web-locks.js";
import { createWebLocksFence } from "../src/fences/web-locks.js";
import { holdLock } from "../src/web-locks/hold-lock.js";
import { holderIn } from "../src/web-locks/holder-in.js";
import { contenderLockName, fenceLockName, holderLockName, peerLockName } from "../src/web-locks/lock-names.js";
import type { Locks } from "../src/web-locks/locks.js";
import { createWatches } from "../src/web-locks/watches.js";

const cluster = 'a "cluster"';
const a: PeerId = "a#1";
const b: PeerId = "b#1";

interface Held {
  readonly name: string;
  readonly clientId?: string;
  readonly mode?: LockMode;
}

type Grant = (lock: Lock | null) => unknown;

/** A lock manager that does as the test says. */
function createLocks(
  held: readonly Held[],
  request: (name: string, grant: Grant) => Promise<unknown> = () => new Promise(() => undefined),
) {
  const manager: LockManager = {
    query: () => Promise.resolve({ held: held.map((lock) => ({ clientId: "page", mode: "exclusive", ...lock })), pending: [] }),
    request: (name: string, ...rest: readonly unknown[]) => request(name, rest.at(-1) as Grant) as Promise<never>,
  };
  return manager;
}

const watchesOver = (locks: Locks) => createWatches(cluster, locks, createSystemClock());
const detectorOver = (locks: Locks) => createWebLocksFailureDetector(cluster, locks, watchesOver(locks));
const fenceOver = (locks: Locks) => createWebLocksFence(cluster, locks, watchesOver(locks));

const refusal = (): Promise<never> => Promise.reject(new DOMException("Access to Locks is denied.", "SecurityError"));

test("the census lists who holds its own lock: no watcher of the dead, no other cluster, no rubbish", async () => {
  const locks = createLocks([
    { name: peerLockName(cluster, a) },
    { name: peerLockName(cluster, b), mode: "shared" },
    { name: peerLockName("another", "c#1") },
    { name: `${peerLockName(cluster, a)}x` },
    { name: peerLockName(cluster, a).replace("a#1", "a") },
    { name: "-" },
  ]);
  expect(await detectorOver(locks).census()).toEqual([a]);
});

test("a peer that may not hold its lock does not open", async () => {
  await expect(detectorOver(createLocks([], refusal)).open(a)).rejects.toThrow("denied");
});

test("a watch that is refused is no death", async () => {
  const locks = createLocks([], (name, grant) => (name === peerLockName(cluster, a) ? Promise.resolve(grant(null)) : refusal()));
  const detector = detectorOver(locks);
  await detector.open(a);
  const downs: string[] = [];
  detector.monitor(b, (reason) => downs.push(reason));
  await detector.census();
  expect(downs).toEqual([]);
});

test("a request that is refused has ended", async () => {
  const fence = fenceOver(createLocks([], refusal));
  const event = new Promise((resolve) => {
    void fence.open(a, ({ type }) => resolve(type));
  });
  fence.request([]);
  expect(await event).toBe("ended");
  expect(fence.holds()).toBe(false);
});

test("a lock that is granted after it was given back is given back", async () => {
  const grants: Grant[] = [];
  const locks = createLocks([], (_name, grant) => {
    grants.push(grant);
    return new Promise(() => undefined);
  });
  const told: string[] = [];
  holdLock(locks, "name", { granted: () => told.push("granted") }, "steal")();
  expect(grants.map((grant) => grant(null))).toEqual([undefined]);
  expect(told).toEqual([]);
});

test("nobody holds a fence that is free, whatever else is held", () => {
  expect(holderIn({ held: [{ name: contenderLockName(cluster, a), clientId: "page" }] }, cluster)).toEqual({ type: "none" });
  expect(holderIn({}, cluster)).toEqual({ type: "none" });
});

const fence: Held = { name: fenceLockName(cluster), clientId: "page" };
const readings: readonly (readonly [title: string, held: readonly Held[], reading: ReturnType<typeof holderIn>])[] = [
  [
    "the holder is who has the fence's realm and a lock with its name",
    [fence, { name: holderLockName(cluster, 1, a), clientId: "page" }, { name: holderLockName(cluster, 9, b), clientId: "other page" }],
    { type: "one", peer: a },
  ],
  [
    "of two in one realm the latest holds it: the other was stolen from",
    [fence, { name: holderLockName(cluster, 10, b), clientId: "page" }, { name: holderLockName(cluster, 9, a), clientId: "page" }],
    { type: "one", peer: b },
  ],
  [
    "a realm that stands still is named by who asked",
    [fence, { name: contenderLockName(cluster, a), clientId: "page" }, { name: contenderLockName(cluster, b), clientId: "other page" }],
    { type: "one", peer: a },
  ],
  [
    "two who asked in one realm cannot be told apart",
    [fence, { name: contenderLockName(cluster, a), clientId: "page" }, { name: contenderLockName(cluster, b), clientId: "page" }],
    { type: "several", peers: [a, b] },
  ],
];

test.each(readings)("%s", (_title, held, reading) => {
  expect(holderIn({ held: [...held] }, cluster)).toEqual(reading);
});

test("of two in one realm that stands still, any will do", async () => {
  const held = [fence, ...[a, b].map((peer) => ({ name: contenderLockName(cluster, peer), clientId: "page" }))];
  expect(await fenceOver(createLocks(held)).holder()).toBe(a);
});
