/**
 * What an exploration looks at: the cluster, the faults that may befall it, and the bounds that make its space finite. Every one of them
 * is printed before a run.
 *
 * @module
 */

/** How often each thing may still happen in a run: faults, acts of users, and deadlines that pass early. */
export interface Budget {
  /** A realm ends without a word. */
  readonly crashes: number;
  /** A realm stands still, and goes on later. */
  readonly hangs: number;
  /** A realm stands still for good, but shows its sign of life, and may be granted the fence. */
  readonly corpses: number;
  /** A crashed peer starts again, blank, under its name. */
  readonly restarts: number;
  /** A user stops a peer, which says good-bye. */
  readonly stops: number;
  /** A user asks the leader to hand over. */
  readonly handOvers: number;
  /** The network is cut in two, and mended later. */
  readonly partitions: number;
  /** A message vanishes. */
  readonly losses: number;
  /** The user of the leader's own peer calls: one broadcast each. */
  readonly broadcasts: number;
  /** The user of a follower calls: a message, a broadcast and a reply each. */
  readonly calls: number;
  /** A deadline passes, a realm that hung goes on or the network is mended, although messages or answers are still under way. */
  readonly early: number;
}

export interface ExplorationOptions {
  /** Candidates and workers together. */
  readonly peers: number;
  readonly workers: number;
  /** How many of the peers start during the run, if it begins with a settled cluster. */
  readonly joins: number;
  /** Whether there is a fence; without one, deaths are told by silence, and there is no census. */
  readonly fenced: boolean;
  readonly census: boolean;
  /** `start`: nobody has started. `settled`: one leads and all others follow, with one broadcast behind them. */
  readonly from: "start" | "settled";
  /** `split`: a path for what is posted and one for what is sent, with no order between them, as the port promises. `merged`: one path. */
  readonly paths: "split" | "merged";
  /** `late`: the platform takes its time to say who holds the fence, and anything may happen meanwhile. `at-once`: nothing does. */
  readonly answers: "late" | "at-once";
  /** `first`: a realm that hung takes in all that waited for it, in any order, before anybody takes in what it says. `mixed`: in any order. */
  readonly backlog: "first" | "mixed";
  /** `moving`: every campaign begins later than those before, as the wall clock shows. `still`: it shows nothing, and epochs may meet. */
  readonly wall: "moving" | "still";
  readonly budget: Budget;
  /** Elections that are followed; what comes after the last one is not looked at. 0 for all. */
  readonly epochs: number;
  readonly minutes: number;
}

export const noBudget: Budget = {
  crashes: 0,
  hangs: 0,
  corpses: 0,
  restarts: 0,
  stops: 0,
  handOvers: 0,
  partitions: 0,
  losses: 0,
  broadcasts: 0,
  calls: 0,
  early: 0,
};

export const defaultOptions: ExplorationOptions = {
  peers: 3,
  workers: 0,
  joins: 0,
  fenced: true,
  census: true,
  from: "settled",
  paths: "split",
  answers: "late",
  backlog: "mixed",
  wall: "moving",
  budget: { ...noBudget, broadcasts: 1, early: 1 },
  epochs: 0,
  minutes: 15,
};

/** The bounds of a run in one line. */
export function printBounds({ budget, ...rest }: ExplorationOptions): string {
  const fields = Object.entries({ ...rest, ...budget });
  return fields.map(([name, value]) => `${name}=${value}`).join(" ");
}
