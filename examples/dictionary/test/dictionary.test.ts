import { createRealm, type Server } from "gen-leader";
import { createMemoryHub } from "gen-leader/memory";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, changed, type DictionaryTypes, dictionary, type Entries } from "../src/index.js";

const before: Entries = new Map<string, unknown>([
  ["colour", "blue"],
  ["list", [1]],
]);

describe("a request", () => {
  test("store replaces what was there and says so to everybody", () => {
    const { state, broadcast } = answer(before, { type: "store", key: "colour", value: "red" });
    expect(state.get("colour")).toBe("red");
    expect(broadcast).toEqual({ type: "stored", key: "colour", value: "red" });
  });

  test("append makes a list, lengthens one, and returns its length", () => {
    expect(answer(before, { type: "append", key: "new", value: "a" })).toMatchObject({ reply: 1 });
    expect(answer(before, { type: "append", key: "list", value: 2 })).toMatchObject({ reply: 2 });
    const { state, reply } = answer(before, { type: "append", key: "colour", value: "red" });
    expect(reply).toBe(2);
    expect(state.get("colour")).toEqual(["blue", "red"]);
  });

  test("erase tells whether the key was there, and is silent if not", () => {
    expect(answer(before, { type: "erase", key: "colour" })).toMatchObject({ reply: true, broadcast: { type: "erased", key: "colour" } });
    const nothing = answer(before, { type: "erase", key: "none" });
    expect(nothing.reply).toBe(false);
    expect(nothing.broadcast).toBeUndefined();
    expect(nothing.state).toBe(before);
  });

  test("a follower that applies the broadcast has what the leader has, and no state once seen changes", () => {
    for (const request of [
      { type: "store", key: "colour", value: "red" },
      { type: "append", key: "list", value: 2 },
      { type: "erase", key: "colour" },
    ] as const) {
      const { state, broadcast } = answer(before, request);
      expect(broadcast === undefined ? undefined : changed(before, broadcast)).toEqual(state);
    }
    expect([...before]).toEqual([
      ["colour", "blue"],
      ["list", [1]],
    ]);
  });
});

describe("three peers", () => {
  let hub = createMemoryHub();
  let peers: Server<DictionaryTypes>[] = [];

  beforeEach(async () => {
    hub = createMemoryHub();
    const realms = ["a", "b", "c"].map((peer) => ({ peer, realm: createRealm(hub.medium) }));
    peers = await Promise.all(realms.map(({ peer, realm }) => realm.start("dictionary", dictionary, { peer })));
  });

  afterEach(() => Promise.all(peers.map((peer) => peer.stop())));

  /** What a peer has, once it has what the leader had when this was called. */
  async function copyOf(peer: Server<DictionaryTypes>): Promise<readonly (readonly [string, unknown])[]> {
    await peer.leaderCall({ type: "lookup", key: "" }, { retry: true });
    return peer.call({ type: "entries" });
  }

  test("what one stores all have, and who comes later too", async () => {
    const [first, second] = peers;
    await first?.leaderCall({ type: "store", key: "x", value: 1 });
    await second?.leaderCall({ type: "append", key: "y", value: 2 });
    const late = await createRealm(hub.medium).start("dictionary", dictionary, { peer: "late" });
    peers.push(late);
    for (const peer of peers) {
      expect(await copyOf(peer)).toEqual([
        ["x", 1],
        ["y", [2]],
      ]);
    }
    expect(await late.call({ type: "keys" })).toEqual(["x", "y"]);
    expect(await late.call({ type: "lookup", key: "x" })).toBe(1);
  });

  test("nothing that was acknowledged to a survivor is lost with the leader", async () => {
    await Promise.all(peers.map(copyOf));
    const leader = peers.find((peer) => peer.election.isLeader);
    const survivors = peers.filter((peer) => peer !== leader);
    if (leader === undefined) throw new Error("Nobody leads although calls were answered.");
    for (let value = 1; value <= 20; value += 1) await survivors[0]?.leaderCall({ type: "append", key: "log", value });
    hub.crash(leader.election.self);
    for (const peer of survivors) expect(new Map(await copyOf(peer)).get("log")).toHaveLength(20);
  });

  test("a cast is stored as well", async () => {
    peers[1]?.leaderCast({ type: "store", key: "cast", value: true });
    expect(await peers[1]?.leaderCall({ type: "lookup", key: "cast" })).toBe(true);
  });
});
