import { createMemoryHub, type MemoryHub } from "@gen-leader/adapters/memory";
import { createRealm, type Server } from "@gen-leader/behaviour";
import { type DictionaryTypes, dictionary } from "@gen-leader/example-dictionary";
import { type PeerId, peerId, protocolVersion } from "@gen-leader/protocol";
import { afterEach, expect, test } from "vitest";

/** A leader with one follower, and somebody in their cluster who posts whatever it likes. */
interface Scene {
  readonly leader: Server<DictionaryTypes>;
  readonly follower: Server<DictionaryTypes>;
  readonly stranger: PeerId;
  /** Posts a frame to all. Resolves to the reason for which the leader dropped it. */
  attack(frame: object): Promise<string>;
}

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function until(server: Server<DictionaryTypes>, fits: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    server.subscribe(() => {
      if (fits()) resolve();
    });
  });
}

async function startServer(hub: MemoryHub): Promise<Server<DictionaryTypes>> {
  const server = await createRealm(hub.medium).start("dictionary", dictionary);
  ends.push(() => server.stop());
  return server;
}

async function setScene(): Promise<Scene> {
  const hub = createMemoryHub();
  const leader = await startServer(hub);
  await until(leader, () => leader.election.isLeader);
  const follower = await startServer(hub);
  await until(follower, () => follower.election.leader === leader.election.self);
  await leader.leaderCall({ type: "store", key: "kept", value: 1 });
  const stranger = peerId("stranger", 1);
  const { transport } = hub.medium("dictionary");
  await transport.open(stranger, () => {});
  ends.push(async () => transport.close());
  return {
    leader,
    follower,
    stranger,
    attack: (frame) =>
      new Promise((resolve) => {
        const stop = leader.sys.trace(({ type, text }) => {
          if (type !== "dropped") return;
          stop();
          resolve(text.split(" ")[1] ?? "");
        });
        transport.post(frame);
      }),
  };
}

/** Whatever came: the same leader leads, in the same epoch, and answers; nothing has found its way into the state or the realm. */
async function expectUnharmed({ leader, follower }: Scene, epoch: number): Promise<void> {
  expect(leader.election).toMatchObject({ isLeader: true, epoch });
  expect(follower.election).toMatchObject({ leader: leader.election.self, epoch });
  expect(await follower.leaderCall({ type: "lookup", key: "kept" })).toBe(1);
  await follower.leaderCall({ type: "store", key: "after", value: 2 });
  expect(await follower.call({ type: "entries" })).toEqual([
    ["kept", 1],
    ["after", 2],
  ]);
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
}

/** A larger tenure than any, as only a leader could claim. */
function forgedToken(scene: Scene) {
  return { epoch: scene.leader.election.epoch + 1, leader: scene.stranger };
}

const attacks: readonly (readonly [name: string, reason: string, frame: (scene: Scene) => object])[] = [
  ["no message at all", "malformed", () => ({ hello: "world" })],
  ["a message of another version", "version", ({ stranger }) => ({ gl: protocolVersion + 1, from: stranger, type: "leave" })],
  ["an unknown message", "malformed", ({ stranger }) => ({ gl: protocolVersion, from: stranger, type: "constructor" })],
  ["a sender that is no peer", "malformed", () => ({ gl: protocolVersion, from: "__proto__", type: "leave" })],
  [
    "fields that would pollute a prototype",
    "malformed",
    ({ stranger }) =>
      JSON.parse(
        `{"gl":${protocolVersion},"from":"${stranger}","type":"join","__proto__":{"polluted":true},"member":{"__proto__":{"polluted":true}}}`,
      ),
  ],
  [
    "an announcement of who does not hold the fence",
    "unfenced",
    (scene) => ({
      gl: protocolVersion,
      from: scene.stranger,
      type: "announce",
      token: forgedToken(scene),
      campaign: forgedToken(scene),
      members: [],
      sync: new Map(),
      root: null,
      ancestry: [],
    }),
  ],
  [
    "an absurd epoch",
    "malformed",
    ({ stranger }) => ({
      gl: protocolVersion,
      from: stranger,
      type: "digest",
      token: { epoch: Number.MAX_SAFE_INTEGER, leader: stranger },
      sequence: 0,
    }),
  ],
  [
    "an epoch that is no whole number",
    "malformed",
    ({ stranger }) => ({ gl: protocolVersion, from: stranger, type: "digest", token: { epoch: 1e308, leader: stranger }, sequence: 0 }),
  ],
  [
    "a broadcast in the leader's name",
    "malformed",
    ({ stranger, leader }) => ({
      gl: protocolVersion,
      from: stranger,
      type: "broadcast",
      token: { epoch: leader.election.epoch, leader: leader.election.self },
      sequence: 99,
      entry: { type: "message", payload: { type: "erased", key: "kept" } },
    }),
  ],
  [
    "a resignation in the leader's name",
    "malformed",
    ({ stranger, leader }) => ({
      gl: protocolVersion,
      from: stranger,
      type: "resign",
      token: { epoch: leader.election.epoch, leader: leader.election.self },
      leaving: true,
      successor: null,
      backOffMs: 0,
    }),
  ],
  [
    "a reply to a call that nobody made, replayed",
    "stale",
    ({ stranger, leader }) => ({
      gl: protocolVersion,
      from: stranger,
      type: "reply",
      token: { epoch: leader.election.epoch, leader: leader.election.self },
      serial: 1,
      call: 1,
      after: 0,
      result: { type: "value", value: 1 },
    }),
  ],
  ["64 MB that are nobody's", "malformed", () => ({ gl: "other", payload: new Uint8Array(64 * 1024 * 1024) })],
];

for (const [name, reason, frame] of attacks)
  test(`${name}: dropped as ${reason} and counted, and nobody is deposed`, async () => {
    const scene = await setScene();
    const { epoch } = scene.leader.election;
    const before = scene.leader.sys.statistics().dropped[reason] ?? 0;
    expect(await scene.attack(frame(scene))).toBe(reason);
    expect(scene.leader.sys.statistics().dropped[reason]).toBe(before + 1);
    await expectUnharmed(scene, epoch);
  });
