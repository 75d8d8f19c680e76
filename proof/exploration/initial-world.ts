/**
 * Where an exploration begins: nobody has started, or a cluster has settled.
 *
 * @module
 */
import { type Config, initialState, type Limits, type PeerId, peerId } from "gen-leader/protocol";
import { possibleActions } from "./actions.js";
import { type ExplorationOptions, noBudget } from "./options.js";
import type { Platform } from "./platform.js";
import { transition } from "./transition.js";
import type { Realm, World } from "./world.js";
import { isGoal, leaderOf } from "./world-checkers.js";

const names = "abcdefgh";

/**
 * Few different times, so that few differences between them can be left over when one deadline has passed and another has not. Clocks of two
 * realms are not compared, so it only matters which limits of one realm are the longer ones: those that are so by default.
 * `suspectMs` is beyond all others, lest an idle leader doubt itself; one that hung still does.
 */
const limits: Limits = {
  discoveryMs: 100,
  responseMs: 100,
  settleMs: 100,
  challengeMs: 200,
  acknowledgeMs: 200,
  unresponsiveMs: 200,
  electionMs: 300,
  backOffMs: 300,
  abandonMs: 400,
  suspectMs: 10_000,
};

function unborn(slot: number, { peers, workers, fenced }: ExplorationOptions): Realm {
  const isWorker = slot >= peers - workers;
  const name = isWorker ? `w${slot - peers + workers || ""}` : names.charAt(slot);
  const config: Config = {
    role: isWorker ? "worker" : "candidate",
    priority: 0,
    version: 0,
    epoch: 0,
    lists: null,
    limits,
    historyLimit: 1024,
    fenced,
    snapshots: false,
  };
  const self: PeerId = peerId(name, slot + 1);
  return {
    slot,
    name,
    life: "unborn",
    state: initialState(config, self),
    log: [],
    cursor: { token: null, sequence: 0 },
    fenceEvents: [],
    answers: [],
    told: [],
    missed: [],
    heard: [],
    robbedAsleep: false,
    hasBacklog: false,
    callsMade: 0,
    answered: [],
    memo: null,
  };
}

/** The world in which a run begins. */
export function initialWorld(platform: Platform): World {
  const { options } = platform;
  const empty: World = {
    realms: Array.from({ length: options.peers }, (_, slot) => unborn(slot, options)),
    paths: Array.from({ length: options.peers * options.peers * 2 }, () => []),
    fence: { holder: null, queue: [] },
    budget: options.budget,
    island: 0,
    epochTop: 1000,
    incarnationTop: options.peers,
    won: null,
    elections: 0,
  };
  return options.from === "start" ? empty : settled(platform, empty);
}

/** All but those that join later have started one after the other, and one broadcast lies behind them. */
function settled(platform: Platform, empty: World): World {
  const { options } = platform;
  let world: World = { ...empty, budget: { ...noBudget, broadcasts: 1 } };
  for (let slot = 0; slot < options.peers - options.joins; slot += 1)
    world = comeToRest(platform, transition(platform, world, { kind: "act", type: "open", slot }));
  world = transition(platform, world, { kind: "act", type: "call", slot: leaderOf(world).slot });
  return { ...comeToRest(platform, world), budget: options.budget, elections: 0 };
}

/** What happens by itself, in one order, until nothing does. */
function comeToRest(platform: Platform, from: World): World {
  let world = from;
  for (let steps = 0; steps < 10_000; steps += 1) {
    const next = possibleActions(world, platform.options).find(({ kind }) => kind === "ordinary");
    if (next !== undefined) world = transition(platform, world, next);
    else if (isGoal({ ...world, realms: world.realms.filter(({ life }) => life !== "unborn") }, platform.options)) return world;
    else break;
  }
  throw new Error("The cluster does not settle, even with nothing in its way.");
}
