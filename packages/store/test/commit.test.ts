/**
 * When a commit is committed, who is told, and what a change of leader leaves of it.
 */
import type { PeerId, Token } from "gen-leader";
import { expect, test } from "vitest";
import type { Offer } from "../src/offer.js";
import { adding, deliver, imagineElection, imagineKeeper, imaginePeer } from "./imagined-peer.js";

const [a, b, c]: readonly [PeerId, PeerId, PeerId] = ["a#1", "b#2", "c#3"];
const first: Token = { epoch: 1, leader: a };
const second: Token = { epoch: 2, leader: b };
const third: Token = { epoch: 3, leader: a };

/** Of a leader that has nothing. */
const blankOffer: Offer = { position: 0, lineage: [], committed: 0, tail: [] };

async function leaderOf(inStep: readonly PeerId[], workers: readonly PeerId[] = []) {
  const election = imagineElection(a, workers);
  election.leads(first, inStep);
  const leader = await imaginePeer(election);
  await leader.elected();
  return leader;
}

/** A follower of the first leader. */
async function followerOf(self: PeerId) {
  const election = imagineElection(self);
  election.follows(first);
  return imaginePeer(election);
}

test("a leader answers when all candidates in step have acknowledged, and has said so before", async () => {
  const leader = await leaderOf([a, b, c]);
  await leader.isAsked(adding(5));
  expect(leader.said()).toMatchObject([{ type: "made", commit: { position: 1, token: first, values: [5] } }]);
  await leader.isTold({ peer: b, token: first, position: 1 });
  expect([leader.said(), leader.answered(), leader.shown()]).toEqual([[], [], []]);
  await leader.isTold({ peer: c, token: first, position: 1 });
  expect(leader.said()).toEqual([{ type: "committed", position: 1 }]);
  expect(leader.answered()).toEqual([{ call: 1, answer: { type: "done", values: [5] } }]);
  expect(leader.shown()).toEqual([5]);
});

test("a leader that is alone, or has only workers, waits for nobody else", async () => {
  for (const leader of [await leaderOf([a]), await leaderOf([a, b], [b])]) {
    await leader.isAsked(adding(5));
    expect(leader.answered()).toHaveLength(1);
    expect(leader.said().map(({ type }) => type)).toEqual(["made", "committed"]);
  }
});

test("with `leader`, nobody else is waited for", async () => {
  const leader = await leaderOf([a, b]);
  await leader.isAsked({ ...adding(5), durability: "leader" });
  expect(leader.answered()).toHaveLength(1);
});

test("with `persisted`, both the others and the storage are waited for, in whatever order they come", async () => {
  for (const isStoredFirst of [true, false]) {
    const election = imagineElection(a);
    election.leads(first, [a, b]);
    const leader = await imaginePeer(election, {}, imagineKeeper());
    await leader.elected();
    await leader.isAsked({ ...adding(5), durability: "persisted" });
    const tellStored = () => leader.gets({ type: "stored", token: first, position: 1, isStored: true });
    const tellApplied = () => leader.isTold({ peer: b, token: first, position: 1 });
    await (isStoredFirst ? tellStored() : tellApplied());
    expect(leader.answered()).toEqual([]);
    await (isStoredFirst ? tellApplied() : tellStored());
    expect(leader.answered()).toEqual([{ call: 1, answer: { type: "done", values: [5] } }]);
  }
});

test("what a leader made counts when its broadcast was taken: one that was deposed before has changed nothing", async () => {
  const leader = await leaderOf([a]);
  leader.isDeafToItself = true;
  await leader.isAsked(adding(5));
  expect([leader.shown(), leader.answered()]).toEqual([[], []]);
  // What it told itself comes after the tenure.
  leader.election.follows(second);
  await leader.surrenders(blankOffer, second);
  leader.election.leads(third, [a]);
  await leader.elected();
  await leader.hearsItself();
  expect(leader.shown().every((value) => value === 0)).toBe(true);
  expect(leader.ledger.committed.position).toBe(0);
});

test("what a leader made does not count before its broadcast was taken, whatever others acknowledge", async () => {
  const leader = await leaderOf([a, b]);
  leader.isDeafToItself = true;
  await leader.isAsked({ ...adding(5), durability: "leader" });
  await leader.isTold({ peer: b, token: first, position: 0 });
  expect(leader.shown()).toEqual([]);
  await leader.hearsItself();
  expect(leader.shown()).toEqual([5]);
});

test("a command that outlives its tenure does nothing", async () => {
  const leader = await leaderOf([a]);
  const asked = leader.isAsked(adding(5, { command: "addLater" }));
  leader.abort();
  leader.election.leads(third, [a]);
  await asked;
  expect([leader.said(), leader.answered(), leader.ledger.tentative]).toEqual([[], [], []]);
});

test("nobody is waited for who is gone", async () => {
  const leader = await leaderOf([a, b, c]);
  await leader.isAsked(adding(5));
  await leader.isTold({ peer: b, token: first, position: 1 });
  leader.election.leads(first, [a, b]);
  await leader.losesPeer(c);
  expect(leader.answered()).toHaveLength(1);
});

test("what was acknowledged to one leader says nothing to the next", async () => {
  const leader = await leaderOf([a, b]);
  await leader.isAsked(adding(5));
  await leader.isTold({ peer: b, token: second, position: 1 });
  expect(leader.answered()).toEqual([]);
  await leader.isTold({ peer: b, token: first, position: 9 });
  expect(leader.answered()).toHaveLength(1);
  // The same peer leads once more; its followers are to say anew how far they are.
  leader.election.leads(third, [a, b]);
  await leader.elected();
  await leader.isAsked(adding(1, { number: 2 }));
  expect(leader.answered()).toEqual([]);
});

test("a leader answers nobody who asked it in another tenure", async () => {
  const leader = await leaderOf([a, b]);
  await leader.isAsked(adding(5));
  leader.election.leads(third, [a]);
  await leader.elected();
  await leader.isAsked("barrier");
  expect(leader.answered().map(({ call }) => call)).toEqual([2]);
});

test("whoever is asked after others waits for what these have made, to be refused as well", async () => {
  const leader = await leaderOf([a, b]);
  await leader.isAsked(adding(5));
  await leader.isAsked({ ...adding(1, { number: 2 }), durability: "leader" });
  await leader.isAsked(adding(-1, { number: 3 }));
  await leader.isAsked(adding(0, { number: 4 }));
  await leader.isAsked("barrier");
  expect(leader.answered()).toEqual([]);
  await leader.isTold({ peer: b, token: first, position: 2 });
  expect(leader.answered()).toMatchObject([
    { call: 1, answer: { type: "done", values: [5] } },
    { call: 2, answer: { type: "done", values: [6] } },
    { call: 3, answer: { type: "refused", error: { name: "RangeError" } } },
    { call: 4, answer: { type: "done", values: [6] } },
    { call: 5, answer: null },
  ]);
});

test("a new leader commits what it was left with before anybody reads it", async () => {
  const old = await leaderOf([a, b, c]);
  await old.isAsked(adding(5));
  const heir = await followerOf(b);
  await heir.surrenders(await old.offer(), first);
  expect(heir.acknowledged()).toEqual([{ peer: b, token: first, position: 1 }]);
  expect(heir.ledger.committed.position).toBe(0);

  heir.election.leads(second, [b, c]);
  await heir.elected();
  await heir.isAsked("barrier");
  await heir.isAsked(adding(5, { isRepeated: true }));
  expect(heir.answered()).toEqual([]);
  await heir.isTold({ peer: c, token: second, position: 1 });
  expect(heir.answered()).toEqual([
    { call: 1, answer: null },
    { call: 2, answer: { type: "done", values: [5] } },
  ]);
  expect(heir.ledger.committed.state).toEqual({ value: 5 });
});

test("a new leader that is alone commits what it was left with although nobody asks for anything", async () => {
  const old = await leaderOf([a, b]);
  await old.isAsked(adding(5));
  const heir = await followerOf(b);
  await heir.surrenders(await old.offer(), first);
  heir.shown();
  heir.election.leads(second, [b]);
  await heir.elected();
  expect(heir.shown()).toEqual([5]);
});

test("what a peer knows to be committed stays so under a leader that has not heard of it, and stays the same object", async () => {
  const leader = await leaderOf([a, b, c]);
  await leader.isAsked(adding(5));
  const tentative = await leader.offer();
  const peer = await followerOf(c);
  await peer.surrenders(tentative, first);
  await peer.hears({ type: "committed", position: 1 });
  const { committed } = peer.ledger;
  await peer.surrenders(structuredClone(tentative), second);
  expect(peer.ledger.committed).toBe(committed);
  expect(committed.state).toEqual({ value: 5 });
  expect(peer.lost).toBeNull();
});

/** The second leader, which has heard nothing of the first. */
async function leaderWithNothing() {
  const election = imagineElection(b);
  election.leads(second, [b, c]);
  const leader = await imaginePeer(election);
  await leader.elected();
  return leader;
}

test("a peer whose readers saw what the leader does not have says so, and goes back", async () => {
  const leader = await leaderOf([a]);
  await leader.isAsked(adding(5));
  const [made] = leader.said();
  const peer = await followerOf(c);
  await peer.surrenders(await leader.offer(), first);
  peer.election.follows(second);
  const other = await leaderWithNothing();
  await peer.surrenders(await other.offer(), second, made && [made]);
  // Until it has what that leader has, it shows what it had, and says that it is old.
  expect([peer.isBehind, peer.ledger.committed.state]).toEqual([true, { value: 5 }]);
  await deliver(peer, other);
  expect(peer.isBehind).toBe(false);
  expect(peer.ledger.committed.state).toEqual({ value: 0 });
  expect(peer.lost).toEqual([1]);
});

test("a commit of another history at the same position is not taken for the one that a peer has seen", async () => {
  const alone = await leaderOf([a]);
  await alone.isAsked(adding(5));
  const peer = await followerOf(c);
  // It has it by what it took over: no broadcast tells it of what is lost.
  await peer.surrenders(await alone.offer(), first);
  expect(peer.ledger.committed.state).toEqual({ value: 5 });

  const other = await leaderWithNothing();
  await other.isAsked(adding(7));
  peer.election.follows(second);
  await peer.surrenders(await other.offer(), second);
  await deliver(peer, other);
  expect(peer.ledger.committed.position).toBe(0);
  expect(peer.lost).toEqual([]);
});
