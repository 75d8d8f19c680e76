/**
 * The fence of threads: peers each begin with one of their own, and what they show each other makes them agree on one.
 */
import { createWorkerThreadsMedium } from "@gen-leader/adapters/worker-threads";
import type { Fence, FenceEvent, PeerId } from "@gen-leader/protocol";
import { afterEach, expect, test } from "vitest";

interface Peer {
  readonly id: PeerId;
  readonly fence: Fence;
  readonly told: FenceEvent["type"][];
  /** The next event. */
  next(): Promise<FenceEvent["type"]>;
}

const peers: Peer[] = [];
afterEach(() => {
  for (const { fence } of peers.splice(0)) fence.close();
});

/** A peer whose fence is younger than those of all before it. */
async function createPeer(name: string): Promise<Peer> {
  const start = Date.now();
  while (Date.now() === start);
  const { fence } = createWorkerThreadsMedium()("adoption");
  if (fence === null) throw new Error("This medium has no fence.");
  const told: FenceEvent["type"][] = [];
  let wake = (): void => undefined;
  let taken = 0;
  const peer: Peer = {
    id: `${name}#1`,
    fence,
    told,
    async next() {
      if (told.length === taken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return told[taken - 1] ?? "ended";
    },
  };
  await fence.open(peer.id, ({ type }) => {
    told.push(type);
    wake();
  });
  peers.push(peer);
  return peer;
}

/** `to` hears from `from`, and sees its fence. */
function show(from: Peer, to: Peer, authority: "peer" | "holder" = "peer"): void {
  to.fence.adopt?.(from.fence.share?.(), from.id, authority);
}

async function hold(peer: Peer): Promise<void> {
  peer.fence.request([]);
  expect(await peer.next()).toBe("granted");
}

test("of two that nobody holds, the elder is everybody's", async () => {
  const [elder, younger] = [await createPeer("a"), await createPeer("b")];
  show(elder, younger);
  show(younger, elder);
  await hold(elder);
  expect(await younger.fence.holder()).toBe(elder.id);
  expect(await elder.fence.holder()).toBe(elder.id);
});

test("one that is held goes before one that is not, elder or not", async () => {
  const [elder, younger] = [await createPeer("a"), await createPeer("b")];
  await hold(younger);
  show(elder, younger);
  expect(younger.fence.holds()).toBe(true);
  show(younger, elder);
  expect(await elder.fence.holder()).toBe(younger.id);
  expect(younger.told).toEqual(["granted"]);
});

test("a bystander stays with the fence that is held when it hears of an elder one that is not", async () => {
  const [elder, leader, follower] = [await createPeer("a"), await createPeer("b"), await createPeer("c")];
  await hold(leader);
  show(leader, follower, "holder");
  show(elder, follower);
  expect(await follower.fence.holder()).toBe(leader.id);
});

test("whoever claims to hold a fence is believed if the fence says so", async () => {
  const [elder, younger] = [await createPeer("a"), await createPeer("b")];
  show(younger, elder, "holder");
  await hold(elder);
  expect(await younger.fence.holder(), "the false claim moved nobody").toBeNull();
  elder.fence.release();
  await hold(younger);
  show(younger, elder, "holder");
  expect(await elder.fence.holder()).toBe(younger.id);
});

test("of two who hold a fence each, the younger fence's holder loses it", async () => {
  const [elder, younger] = [await createPeer("a"), await createPeer("b")];
  await hold(elder);
  await hold(younger);
  show(younger, elder, "holder");
  show(elder, younger, "holder");
  expect(await younger.next()).toBe("lost");
  expect(younger.fence.holds()).toBe(false);
  expect(elder.fence.holds()).toBe(true);
  expect(await younger.fence.holder()).toBe(elder.id);
  expect(elder.told).toEqual(["granted"]);
});

test("two who hold a fence each keep it while neither claims to", async () => {
  const [elder, younger] = [await createPeer("a"), await createPeer("b")];
  await hold(elder);
  await hold(younger);
  show(elder, younger);
  show(younger, elder);
  expect([elder.fence.holds(), younger.fence.holds()]).toEqual([true, true]);
});

test("a request goes along to the fence that is adopted, and waits there", async () => {
  const [leader, waiting, other] = [await createPeer("a"), await createPeer("b"), await createPeer("c")];
  await hold(other);
  show(other, waiting, "holder");
  waiting.fence.request([]);
  expect(await waiting.next()).toBe("busy");
  await hold(leader);
  show(leader, waiting, "holder");
  other.fence.release();
  expect(await waiting.fence.holder()).toBe(leader.id);
  leader.fence.release();
  expect(await waiting.next()).toBe("granted");
  expect(await leader.fence.holder()).toBe(waiting.id);
});

test("a request is granted at once by an adopted fence that is free", async () => {
  const [free, busy, waiting] = [await createPeer("a"), await createPeer("b"), await createPeer("c")];
  await hold(busy);
  show(busy, waiting, "holder");
  waiting.fence.request([]);
  expect(await waiting.next()).toBe("busy");
  await hold(free);
  show(free, waiting, "holder");
  free.fence.release();
  expect(await waiting.next()).toBe("granted");
  expect(await free.fence.holder()).toBe(waiting.id);
});

test("a fence that was adopted is handed on", async () => {
  const [first, second, third] = [await createPeer("a"), await createPeer("b"), await createPeer("c")];
  await hold(first);
  show(first, second, "holder");
  show(second, third);
  expect(await third.fence.holder()).toBe(first.id);
});

test("many threads that die with the fence leave its names in order", async () => {
  const first = await createPeer("first");
  let dead: Peer[] = [];
  for (let round = 0; round < 100; round += 1) {
    const next = await createPeer(`peer-${round}`);
    show(first, next);
    next.fence.request(dead.map(({ id }) => id));
    expect(await next.next()).toBe("granted");
    expect(await first.fence.holder()).toBe(next.id);
    // Not closed: as if its thread had ended.
    dead = [next];
  }
});

test("an id that the shared memory has no room for is refused at once", async () => {
  const { fence } = createWorkerThreadsMedium()("adoption");
  await expect(fence?.open(`${"x".repeat(200)}#1`, () => undefined)).rejects.toThrow(RangeError);
});

test("whoever is stolen from before it was told has never had the fence", async () => {
  const [first, thief] = [await createPeer("a"), await createPeer("b")];
  show(first, thief);
  first.fence.request([]);
  thief.fence.steal(first.id);
  expect(await thief.next()).toBe("granted");
  expect(await first.next()).toBe("ended");
  expect(first.told).toEqual(["ended"]);
});
