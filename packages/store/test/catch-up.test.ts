/**
 * How a peer comes to have what its leader has, and a leader what others have.
 */
import type { PeerId, Token } from "gen-leader";
import { expect, test } from "vitest";
import { latestOf } from "../src/ledger.js";
import { adding, deliver, type ImaginedPeer, imagineElection, imagineKeeper, imaginePeer } from "./imagined-peer.js";

const [a, b, c]: readonly [PeerId, PeerId, PeerId] = ["a#1", "b#2", "c#3"];
const first: Token = { epoch: 1, leader: a };
const second: Token = { epoch: 2, leader: b };
const third: Token = { epoch: 3, leader: c };
const few = { tail: 2, recent: 2, piece: 64, batch: 1 };

async function peerOf(self: PeerId): Promise<ImaginedPeer> {
  const peer = await imaginePeer(imagineElection(self), few);
  peer.election.follows(first);
  return peer;
}

/** Somebody who leads alone, after so many commits. */
async function leaderAfter(commits: number): Promise<ImaginedPeer> {
  const leader = await peerOf(a);
  leader.election.leads(first, [a]);
  await leader.elected();
  for (let number = 1; number <= commits; number += 1) await leader.isAsked(adding(1, { number }));
  leader.said();
  leader.answered();
  return leader;
}

async function joins(peer: ImaginedPeer, leader: ImaginedPeer): Promise<void> {
  leader.election.leads(first, [a, peer.election.self]);
  await peer.surrenders(await leader.offer(), first);
}

/** What a peer that is behind asked for, and nothing has come of yet. */
const wantedBy = (peer: ImaginedPeer) => peer.sent().filter(({ notice }) => notice.type === "wants");

test("who lacks as many commits as the offer has gets nothing else", async () => {
  const leader = await leaderAfter(2);
  const peer = await peerOf(b);
  await joins(peer, leader);
  expect([peer.isBehind, peer.sent(), peer.ledger.committed.state]).toEqual([false, [], { value: 2 }]);
  expect(peer.acknowledged()).toEqual([{ peer: b, token: first, position: 2 }]);
});

test("who lacks more is behind until all of it has come, in pieces, and then has what came meanwhile as well", async () => {
  const leader = await leaderAfter(5);
  const peer = await peerOf(b);
  await joins(peer, leader);
  expect([peer.isBehind, peer.acknowledged(), peer.ledger.committed.state]).toEqual([true, [], { value: 0 }]);
  const [wanted] = wantedBy(peer);
  if (wanted !== undefined) await leader.gets(wanted.notice);
  // The copy is on its way, and commands go on without waiting for it.
  await leader.isAsked(adding(10, { number: 6 }));
  expect(leader.answered()).toHaveLength(1);
  for (const entry of leader.said()) await peer.hears(entry);
  expect([peer.ledger.committed.state, peer.acknowledged()]).toEqual([{ value: 0 }, []]);
  const pieces = leader.sent();
  expect(pieces).toHaveLength(1);
  for (const { notice } of pieces) await peer.gets(notice);
  await deliver(peer, leader);
  expect([peer.isBehind, peer.ledger.committed.state]).toEqual([false, { value: 15 }]);
  expect(peer.acknowledged()).toEqual([{ peer: b, token: first, position: 6 }]);
  // From now on it is waited for.
  await leader.isTold({ peer: b, token: first, position: 6 });
  await leader.isAsked(adding(1, { number: 7 }));
  expect(leader.answered()).toEqual([]);
});

test("who lacks more than the offer has, and less than is remembered, gets that alone", async () => {
  const leader = await imaginePeer(imagineElection(a), { tail: 2, recent: 100 });
  leader.election.leads(first, [a]);
  await leader.elected();
  const peer = await peerOf(b);
  await leader.isAsked(adding(1, { number: 1 }));
  await joins(peer, leader);
  for (let number = 2; number <= 9; number += 1) await leader.isAsked({ ...adding(1, { number }), durability: "leader" });
  // It was away.
  await peer.surrenders(await leader.offer(), first);
  expect(peer.isBehind).toBe(true);
  const [wanted] = wantedBy(peer);
  if (wanted !== undefined) await leader.gets(wanted.notice);
  const [sent] = leader.sent();
  expect(JSON.stringify(sent)).toContain('"type":"commits"');
  if (sent !== undefined) await peer.gets(sent.notice);
  await deliver(peer, leader);
  expect([peer.isBehind, peer.ledger.committed.state]).toEqual([false, { value: 9 }]);
});

test("a leader that is behind gets what others have, before it serves anybody", async () => {
  const old = await leaderAfter(5);
  const [full, behind] = [await peerOf(c), await peerOf(b)];
  await joins(full, old);
  await deliver(full, old);
  await joins(behind, old);
  expect(behind.isBehind).toBe(true);
  behind.sent();

  behind.election.leads(second, [b, c]);
  await behind.elected();
  await behind.isAsked(adding(100, { number: 9 }));
  expect([behind.said(), behind.answered()]).toEqual([[], []]);
  full.election.follows(second);
  await full.surrenders(null, second);
  await deliver(behind, full);
  expect(behind.ledger.committed.state).toEqual({ value: 5 });
  for (const entry of behind.said()) await full.hears(entry);
  expect(full.acknowledged().at(-1)).toEqual({ peer: c, token: second, position: 6 });
  await behind.isTold({ peer: c, token: second, position: 6 });
  expect(behind.answered()).toEqual([{ call: 1, answer: { type: "done", values: [105] } }]);
  expect([behind.isBehind, full.isBehind]).toEqual([false, false]);
});

test("a leader that is behind waits for all who are in step, and asks who has the most", async () => {
  const old = await leaderAfter(5);
  const [full, behind] = [await peerOf(c), await peerOf(b)];
  await joins(full, old);
  await deliver(full, old);
  await joins(behind, old);
  behind.sent();
  const blank = await imaginePeer(imagineElection(a), few);

  behind.election.leads(second, [b, c, a]);
  await behind.elected();
  for (const other of [blank, full]) {
    other.election.follows(second);
    await other.surrenders(null, second);
  }
  const [ofBlank, ofFull] = [blank.sent(), full.sent()];
  for (const { notice } of ofBlank) await behind.gets(notice);
  expect(behind.sent()).toEqual([]);
  for (const { notice } of ofFull) await behind.gets(notice);
  const wanted = behind.sent();
  expect(wanted.map(({ to, notice }) => [to, notice.type])).toEqual([[c, "wants"]]);

  // That one goes before it has sent anything: what is left is what the others have.
  behind.election.leads(second, [b, a]);
  await behind.losesPeer(c);
  expect(behind.said()).toMatchObject([{ type: "offered", offer: { position: 0 } }]);
});

test("what a peer had of another history is not handed on once it has its leader's copy", async () => {
  // It has two commits of its own that nobody else got.
  const peer = await leaderAfter(2);
  for (const number of [3, 4]) await peer.isAsked({ ...adding(100, { number }), durability: "leader" });
  peer.said();
  const other = await imaginePeer(imagineElection(b), { ...few, recentWeight: 1 });
  other.election.leads(second, [b, a]);
  await other.elected();
  for (let number = 1; number <= 4; number += 1) await other.isAsked({ ...adding(1, { number }), durability: "leader" });
  peer.election.follows(second);
  await peer.surrenders(await other.offer(), second);
  await deliver(peer, other);
  expect(peer.ledger.committed.state).toEqual({ value: 4 });
  // Now it leads, and somebody who has half of it surrenders.
  const late = await peerOf(c);
  for (let number = 1; number <= 2; number += 1) {
    const made = {
      position: number,
      token: second,
      origin: adding(1, { number }).origin,
      commands: ["add"],
      values: [number],
      durability: "leader",
    } as const;
    await late.hears({ type: "made", commit: { ...made, patches: [{ op: "replace", path: ["value"], value: number }] } });
  }
  await late.hears({ type: "committed", position: 2 });
  const last: Token = { epoch: 3, leader: a };
  peer.election.leads(last, [a, c]);
  await peer.elected();
  late.election.follows(last);
  await late.surrenders(await peer.offer(), last);
  await deliver(late, peer);
  expect(latestOf(late.ledger).state).toEqual({ value: 4 });
});

test("what a leader had before it took over what is stored is not handed on", async () => {
  const own = await leaderAfter(2);
  const restored = latestOf(own.ledger);
  // As many commits as were stored, and others.
  const peer = await imaginePeer(
    imagineElection(c),
    few,
    imagineKeeper(() => Promise.resolve(restored)),
  );
  peer.election.follows(second);
  for (let number = 1; number <= 2; number += 1) {
    const made = {
      position: number,
      token: second,
      origin: adding(7, { number }).origin,
      commands: ["add"],
      values: [7],
      durability: "leader",
    } as const;
    await peer.hears({ type: "made", commit: { ...made, patches: [{ op: "replace", path: ["value"], value: 7 * number }] } });
  }
  peer.election.leads(third, [c]);
  await peer.elected();
  expect(await peer.offer()).toMatchObject({ position: 2, lineage: restored.lineage, tail: [] });
});

test("what is heard before the copy is made that comes in pieces is in it, and not applied once more", async () => {
  const leader = await leaderAfter(5);
  const peer = await peerOf(b);
  await joins(peer, leader);
  const [wanted] = wantedBy(peer);
  await leader.isAsked({ ...adding(10, { number: 6 }), durability: "leader" });
  const [made] = leader.said();
  if (made !== undefined) await peer.hears(made);
  if (wanted !== undefined) await leader.gets(wanted.notice);
  await deliver(peer, leader);
  expect([peer.ledger.committed.state, peer.ledger.tentative]).toEqual([{ value: 15 }, []]);
});

test("what a peer that is behind has heard of one leader is not applied to the copy of the next", async () => {
  const leader = await leaderAfter(5);
  const peer = await peerOf(b);
  await joins(peer, leader);
  await leader.isAsked({ ...adding(10, { number: 6 }), durability: "leader" });
  for (const entry of leader.said()) await peer.hears(entry);
  const other = await imaginePeer(imagineElection(c), few);
  other.election.leads(third, [c, b]);
  await other.elected();
  for (let number = 1; number <= 3; number += 1) await other.isAsked({ ...adding(1, { number }), durability: "leader" });
  peer.election.follows(third);
  await peer.surrenders(await other.offer(), third);
  await deliver(peer, other);
  expect([latestOf(peer.ledger).position, latestOf(peer.ledger).state]).toEqual([3, { value: 3 }]);
});

test("a peer that is behind, and alone, does not lead if it cannot be told what is stored", async () => {
  const old = await leaderAfter(5);
  const failing = imagineKeeper(() => Promise.reject(new Error("no storage")));
  const behind = await imaginePeer(imagineElection(b), few, failing);
  behind.election.follows(first);
  await joins(behind, old);
  behind.election.leads(second, [b]);
  await expect(behind.elected()).rejects.toThrow("no storage");
});

test("a leader that is behind does without its storage only if one of the others had everything", async () => {
  for (const other of ["behind", "in step"] as const) {
    const old = await leaderAfter(5);
    const behind = await imaginePeer(
      imagineElection(b),
      few,
      imagineKeeper(() => Promise.reject(new Error("no storage"))),
    );
    behind.election.follows(first);
    await joins(behind, old);
    behind.sent();
    const follower = await peerOf(c);
    await joins(follower, old);
    if (other === "in step") await deliver(follower, old);
    follower.sent();
    behind.election.leads(second, [b, c]);
    await behind.elected();
    follower.election.follows(second);
    await follower.surrenders(null, second);
    const gathered = deliver(behind, follower);
    if (other === "behind") await expect(gathered).rejects.toThrow("no storage");
    else {
      await gathered;
      expect(behind.ledger.committed.state).toEqual({ value: 5 });
    }
  }
});

test("a leader that is behind and alone serves with what it has", async () => {
  const old = await leaderAfter(5);
  const behind = await peerOf(b);
  await joins(behind, old);
  behind.election.leads(second, [b]);
  await behind.elected();
  await behind.isAsked(adding(1));
  expect(behind.answered()).toEqual([{ call: 1, answer: { type: "done", values: [1] } }]);
});

test("pieces of what was asked for before, of this leader or the last one, are not taken for those of now", async () => {
  const [old, next] = [await leaderAfter(5), await leaderAfter(7)];
  const peer = await peerOf(b);
  await joins(peer, old);
  const [wanted] = wantedBy(peer);
  if (wanted !== undefined) await old.gets(wanted.notice);
  const late = old.sent();
  await peer.surrenders(await old.offer(), first);
  for (const { notice } of late) await peer.gets(notice);
  expect(peer.sent().map(({ notice }) => notice.type)).toEqual(["wants"]);

  peer.election.follows(third);
  next.election.leads(third, [c, b]);
  await peer.surrenders(await next.offer(), third);
  for (const { notice } of late) await peer.gets(notice);
  expect(peer.isBehind).toBe(true);
  expect(peer.sent().map(({ to, notice }) => [to, notice.type])).toEqual([[c, "wants"]]);
});
