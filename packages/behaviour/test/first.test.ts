import { afterEach, expect, test } from "vitest";
import { type Behaviour, ok, reply, sync } from "../src/index.js";
import { createPeers, until } from "./peers.js";

type D = {
  state: ReadonlyMap<string, unknown>;
  sync: ReadonlyMap<string, unknown>;
  broadcast: { key: string; value: unknown };
  leaderCalls: { store(r: { key: string; value: unknown }): void; lookup(r: { key: string }): unknown };
  calls: { lookup(r: { key: string }): unknown };
};
const dict: Behaviour<D> = {
  init: () => ok(new Map()),
  elected: (s) => sync(s, s),
  surrendered: (_s, y) => ok(y),
  fromLeader: (s, b) => ok(new Map(s).set(b.key, b.value)),
  handleLeaderCall(s, r) {
    if (r.type === "store") return reply(new Map(s).set(r.key, r.value), undefined, { broadcast: { key: r.key, value: r.value } });
    return reply(s, s.get(r.key));
  },
  handleCall: (s, r) => reply(s, s.get(r.key)),
};
let peers = createPeers();
afterEach(async () => {
  await peers.stopAll();
  peers = createPeers();
});
test("five peers, one leader, writes, crash", async () => {
  const servers = await Promise.all([1, 2, 3, 4, 5].map((i) => peers.start("d", dict, { peer: `n${i}`, debug: ["log"] })));
  await Promise.all(servers.map((s) => until(s, ({ election }) => election.leader !== null && election.alive.length === 5)));
  const leaders = servers.filter((s) => s.election.isLeader);
  expect(leaders).toHaveLength(1);
  for (const [i, s] of servers.entries()) {
    await s.leaderCall({ type: "store", key: `k${i}`, value: i });
    expect(await s.call({ type: "lookup", key: `k${i}` })).toBe(i);
  }
  const leader = leaders[0]!;
  const rest = servers.filter((s) => s !== leader);
  peers.crash(leader as never);
  const t = performance.now();
  await Promise.all(rest.map((s) => until(s, ({ election }) => election.leader !== null && election.leader !== leader.election.self)));
  console.log("failover", performance.now() - t);
  for (const [i] of servers.entries()) expect(await rest[1]!.leaderCall({ type: "lookup", key: `k${i}` })).toBe(i);
  const newLeader = rest.find((s) => s.election.isLeader)!;
  await newLeader.stepDown();
  console.log(rest.map((s) => `${s.election.self} ${s.election.phase} ${s.election.leader}`));
  expect(newLeader.election.isLeader).toBe(false);
  await rest[0]!.leaderCall({ type: "store", key: "z", value: 1 });
});
