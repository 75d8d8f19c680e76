/**
 * The named configurations: one for each set of faults, within bounds that complete.
 *
 * @module
 */
import { type Budget, defaultOptions, type ExplorationOptions, noBudget } from "./options.js";

export interface Configuration {
  readonly says: string;
  readonly options: ExplorationOptions;
}

type Choice = Partial<Omit<ExplorationOptions, "budget">> & { readonly budget?: Partial<Budget> };

function configuration(says: string, { budget, ...rest }: Choice): Configuration {
  return { says, options: { ...defaultOptions, ...rest, budget: { ...noBudget, ...budget } } };
}

const heartbeat = { fenced: false, census: false } as const;
/** Where everything at once is too much: one path from peer to peer, a platform that answers at once, and one at a time after a hang. */
const coarse = { paths: "merged", answers: "at-once", backlog: "first" } as const;

export const configurations: ReadonlyMap<string, Configuration> = new Map(
  Object.entries({
    start: configuration("three peers start at once", { from: "start" }),
    "start-crash": configuration("three peers start at once, and one crashes", {
      ...coarse,
      from: "start",
      budget: { crashes: 1 },
    }),
    crashes: configuration("two of three crash, under a broadcast and a call", {
      budget: { crashes: 2, broadcasts: 1, calls: 1, early: 1 },
    }),
    hang: configuration("one of three hangs, is robbed of the fence if it leads, and goes on", { budget: { hangs: 1, calls: 1 } }),
    "hang-early": configuration("the same, with a deadline that passes early, or a realm that goes on too soon", {
      ...coarse,
      budget: { hangs: 1, calls: 1, early: 1 },
    }),
    "hang-crash": configuration("one hangs and one crashes", { paths: "merged", budget: { hangs: 1, crashes: 1, calls: 1 } }),
    restart: configuration("one crashes and starts again under its name", { budget: { crashes: 1, restarts: 1, calls: 1 } }),
    "hand-over": configuration("the leader hands over, under a call", { budget: { handOvers: 1, calls: 1 } }),
    "hand-over-crash": configuration("the leader hands over, under a call, and one crashes", {
      paths: "merged",
      budget: { handOvers: 1, crashes: 1, calls: 1 },
    }),
    "hand-over-hang": configuration("the leader hands over, and one hangs", { ...coarse, budget: { handOvers: 1, hangs: 1 } }),
    loss: configuration("a message is lost, under a call, and a deadline passes early", {
      ...coarse,
      budget: { losses: 1, calls: 1, early: 1 },
    }),
    "loss-crash": configuration("a message is lost, under a call, and one crashes", {
      paths: "merged",
      budget: { losses: 1, crashes: 1, calls: 1 },
    }),
    corpse: configuration("one stands still for good, and may be granted the fence when another crashes", {
      budget: { corpses: 1, crashes: 1, calls: 1, early: 1 },
    }),
    worker: configuration("three candidates and a worker, under a call, and one crashes", {
      peers: 4,
      workers: 1,
      budget: { crashes: 1, calls: 1 },
    }),
    join: configuration("a newcomer joins two, and one crashes", { joins: 1, paths: "merged", budget: { crashes: 1, calls: 1 } }),
    "heartbeat-crashes": configuration("without a fence and without a census: two of three crash", {
      ...heartbeat,
      budget: { crashes: 2, calls: 1, early: 1 },
    }),
    "heartbeat-hang": configuration("without a fence and without a census: one of three hangs", {
      ...heartbeat,
      paths: "merged",
      budget: { hangs: 1, calls: 1 },
    }),
    partition: configuration("without a fence and without a census: the network is cut and mended", {
      ...heartbeat,
      paths: "merged",
      budget: { partitions: 1 },
    }),
    four: configuration("one of four crashes: as far as the time allows", {
      peers: 4,
      budget: { crashes: 1, broadcasts: 1, calls: 1, early: 1 },
    }),
  }),
);
