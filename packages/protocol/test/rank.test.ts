import { describe, expect, test } from "vitest";
import {
  blank,
  type Config,
  defaultLimits,
  initialState,
  type Member,
  type PeerId,
  type PeerState,
  rankedCandidates,
  roleIn,
} from "../src/index.js";
import { betterCandidates } from "../src/rank.js";
import type { Known } from "../src/state.js";

const config: Config = {
  role: "candidate",
  priority: 0,
  version: 0,
  epoch: 0,
  lists: null,
  limits: defaultLimits,
  historyLimit: 8,
  fenced: true,
  snapshots: false,
};

interface Described extends Partial<Omit<Member, "id">> {
  readonly holdsState?: boolean;
  readonly inStep?: boolean;
}

/** What a peer called `self` knows when these peers are up, itself among them. */
function knowing(
  peers: { readonly [id: PeerId]: Described },
  self: PeerId,
  others: Partial<PeerState> = {},
  ownConfig: Partial<Config> = {},
): PeerState {
  const known = new Map<PeerId, Known>();
  const members = new Map<PeerId, Member>();
  const position = (holdsState: boolean | undefined) =>
    holdsState ? { token: { epoch: 1, leader: "z#1" } as const, sequence: 0, root: null } : blank;
  for (const [name, { holdsState, inStep, ...rest }] of Object.entries(peers)) {
    const id = name as PeerId;
    const member: Member = { role: "candidate", priority: 0, preference: 0, version: 0, ...rest, id };
    if (id !== self) known.set(id, { member, position: position(holdsState) });
    if (inStep) members.set(id, member);
  }
  const own = peers[self] ?? {};
  const { role = "candidate", priority = 0, preference = 0 } = own;
  const state = initialState({ ...config, role, priority, ...ownConfig }, self, preference);
  return { ...state, peers: known, members, position: position(own.holdsState), ...others };
}

describe("the order of candidates", () => {
  test("the elder comes first, then the smaller id", () => {
    expect(rankedCandidates(knowing({ "b#1": {}, "a#2": {}, "c#2": {} }, "c#2"))).toEqual(["b#1", "a#2", "c#2"]);
  });

  test("a larger preference goes before age", () => {
    expect(rankedCandidates(knowing({ "a#1": {}, "b#2": { preference: 1 } }, "a#1"))).toEqual(["b#2", "a#1"]);
  });

  test("a larger priority goes before preference", () => {
    expect(rankedCandidates(knowing({ "a#1": { preference: 1 }, "b#2": { priority: 1 } }, "b#2"))).toEqual(["b#2", "a#1"]);
  });

  test("an explicit list goes before priority", () => {
    const lists = { candidates: ["c", "a", "b"], workers: [] };
    const state = knowing({ "a#1": { priority: 9 }, "b#2": {}, "c#3": {} }, "a#1", {}, { lists });
    expect(rankedCandidates(state)).toEqual(["c#3", "a#1", "b#2"]);
  });

  test("whoever the last leader counted on goes before the list and the priority", () => {
    const state = knowing({ "a#1": { priority: 9, holdsState: true }, "b#2": { inStep: true, holdsState: true } }, "a#1");
    expect(rankedCandidates(state)).toEqual(["b#2", "a#1"]);
  });

  test("whoever holds state goes before whoever is blank, whatever else", () => {
    const state = knowing({ "a#1": { priority: 9, inStep: true }, "b#2": { holdsState: true } }, "a#1");
    expect(rankedCandidates(state)).toEqual(["b#2", "a#1"]);
  });

  test("whoever stepped down comes last until its back-off is over", () => {
    const peers = { "a#1": { holdsState: true, inStep: true }, "b#2": {} };
    const backOff = { peer: "a#1", until: 100 } as const;
    expect(rankedCandidates(knowing(peers, "b#2", { backOff, now: 99 }))).toEqual(["b#2", "a#1"]);
    expect(rankedCandidates(knowing(peers, "b#2", { backOff, now: 100 }))).toEqual(["a#1", "b#2"]);
  });

  test("workers, and peers that only the census has named, are not in it", () => {
    const state = knowing({ "a#1": {}, "w#2": { role: "worker" } }, "a#1");
    const peers = new Map(state.peers).set("x#3", { member: null, position: blank });
    expect(rankedCandidates({ ...state, peers })).toEqual(["a#1"]);
  });

  test("every peer has the same order, whoever asks", () => {
    const peers = {
      "a#4": { holdsState: true },
      "b#3": { holdsState: true, inStep: true },
      "c#2": { priority: 5 },
      "d#1": { preference: 1 },
    };
    const orders = Object.keys(peers).map((self) => rankedCandidates(knowing(peers, self as PeerId)));
    expect(new Set(orders.map((order) => order.join(" ")))).toEqual(new Set(["b#3 a#4 c#2 d#1"]));
  });
});

describe("better candidates", () => {
  const peers = { "a#1": {}, "b#2": {}, "c#3": {}, "w#4": { role: "worker" } } as const;

  test("are those before a candidate", () => {
    expect(betterCandidates(knowing(peers, "a#1"))).toEqual([]);
    expect(betterCandidates(knowing(peers, "c#3"))).toEqual(["a#1", "b#2"]);
  });

  test("are all of them for a worker", () => {
    expect(betterCandidates(knowing(peers, "w#4"))).toEqual(["a#1", "b#2", "c#3"]);
  });
});

describe("roles", () => {
  test("without lists a peer's own word counts", () => {
    expect(roleIn(config, { id: "a#1", role: "worker" })).toBe("worker");
  });

  test("with lists they count, and a peer on neither has no role", () => {
    const listed = { ...config, lists: { candidates: ["a"], workers: ["w"] } };
    expect(roleIn(listed, { id: "a#1", role: "worker" })).toBe("candidate");
    expect(roleIn(listed, { id: "w#1", role: "candidate" })).toBe("worker");
    expect(roleIn(listed, { id: "x#1", role: "candidate" })).toBeNull();
  });
});
