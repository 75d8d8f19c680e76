/**
 * The simulator's front door: many faults, one seed, and every promise checked.
 *
 * @module
 */
import { defaultLimits } from "@gen-leader/protocol";
import type { BehaviourTypes } from "gen-leader";
import type { Checker, Conditions } from "../checkers/checker.js";
import { checkers as allCheckers } from "../checkers/index.js";
import { createRandom } from "../simulation/random.js";
import { drawPlan, type PlannedFault, printPlan } from "./fault-plan.js";
import { type Faults, noFaults, plannedFaultTypes } from "./faults.js";
import type { History } from "./history.js";
import { observed } from "./history.js";
import { type SimulatedMedium, simulatedMedia } from "./media.js";
import { type RunOptions, type RunResult, runOnce, type Scenario, type SimulatedPeerOptions } from "./run.js";
import { shrink } from "./shrink.js";
import type { SimulatedBehaviour } from "./simulated-realm.js";

/** What a simulation is made of. */
export interface SimulateOptions<T extends BehaviourTypes> {
  /** The behaviour that every peer is started with; or a function that makes it from what the peer's realm has of the platform. */
  readonly behaviour: SimulatedBehaviour<T>;
  /** How many peers there are at first, or what each is started with. */
  readonly peers: number | readonly SimulatedPeerOptions<T>[];
  /** What everything random is drawn from: one seed, one run. @default 1 */
  readonly seed?: number;
  /** What may go wrong. @default nothing */
  readonly faults?: Partial<Faults>;
  /** The platform that is simulated. @default "locks" */
  readonly medium?: SimulatedMedium;
  /** Within what time the planned faults happen, in virtual milliseconds. @default 10000 */
  readonly durationMs?: number;
  /** Exactly these faults instead of ones that are drawn: as a failure prints them. */
  readonly plan?: readonly PlannedFault[];
  /** Within what time all must be at rest once the faults are over, in virtual milliseconds. @default 120000 */
  readonly restMs?: number;
  /** What is checked, by name. @default every promise */
  readonly checkers?: Readonly<Record<string, Checker>>;
  /** Whether a failing run is tried again with fewer faults, until none can be left out. @default true */
  readonly shrink?: boolean;
}

/** What came of a run in which all was well. */
export interface SimulationReport {
  readonly history: History;
  /** How many things happened. */
  readonly steps: number;
  /** How many elections were won. */
  readonly elections: number;
  /** How many faults of each kind befell anybody. */
  readonly befallen: Readonly<Record<string, number>>;
}

/** Something that must never happen, and by what it was found. */
export interface Violation {
  readonly checker: string;
  readonly problem: string;
}

/** How many lines of a failing run are printed. */
const shownLines = 50;

/** A promise was broken. The message tells everything that is needed to see it again. */
export class SimulationError extends Error {
  readonly code = "simulation-failed";
  constructor(
    readonly violations: readonly Violation[],
    readonly seed: number,
    readonly faults: Faults,
    /** The fewest faults that were found to break it. */
    readonly plan: readonly PlannedFault[],
    /** Everything that happened, in the notation of the transcripts. */
    readonly transcript: readonly string[],
  ) {
    super(
      [
        ...violations.slice(0, 5).map(({ checker, problem }) => `${checker}: ${problem}`),
        `seed ${seed}, faults ${JSON.stringify(onlyThoseThatHappen(faults))}`,
        `Run it again with { seed: ${seed}, plan: ${printPlan(plan)} }. Its last lines:`,
        ...transcript.slice(-shownLines),
      ].join("\n"),
    );
    this.name = "SimulationError";
  }
}

/**
 * Runs peers of one cluster in virtual time, over the real behaviour and protocol, while the scenario calls them and the
 * faults befall them; then mends everything and checks every promise. One run is a pure function of its options. Runs in
 * Node.
 *
 * @throws SimulationError if a promise was broken; what the scenario throws
 */
export async function simulate<T extends BehaviourTypes>(options: SimulateOptions<T>, scenario: Scenario<T>): Promise<SimulationReport> {
  const { seed = 1, medium = "locks", durationMs = 10_000, peers } = options;
  const faults: Faults = { ...noFaults, ...options.faults };
  const plan = options.plan ?? drawPlan(faults, durationMs, createRandom(seed * 16 + 12));
  const setup: RunOptions<T> = {
    behaviour: options.behaviour,
    peers: typeof peers === "number" ? Array.from({ length: peers }, () => ({})) : peers,
    seed,
    medium,
    faults,
    plan,
    restMs: options.restMs ?? 120_000,
    tell: null,
  };
  const conditions: Conditions = {
    faults,
    fenced: simulatedMedia[medium].gate !== null,
    suspectMs: Math.max(...setup.peers.map(({ limits }) => limits?.suspectMs ?? defaultLimits.suspectMs)),
    historyLimit: Math.min(...setup.peers.map((peer) => peer.historyLimit ?? Infinity)),
  };
  const judge = ({ history }: RunResult): Violation[] =>
    Object.entries(options.checkers ?? allCheckers).flatMap(([checker, check]) =>
      check(history, conditions).map((problem) => ({ checker, problem })),
    );
  const result = await runOnce(setup, scenario);
  const violations = judge(result);
  if (violations.length === 0)
    return {
      history: result.history,
      steps: result.steps,
      elections: observed(result.history, "elected").length,
      befallen: result.befallen,
    };
  const broken = new Set(violations.map(({ checker }) => checker));
  const stillBreaks = async (fewer: readonly PlannedFault[]): Promise<boolean> =>
    judge(await runOnce({ ...setup, plan: fewer }, scenario)).some(({ checker }) => broken.has(checker));
  const fewest = options.shrink === false ? plan : await shrink(plan, stillBreaks);
  const transcript: string[] = [];
  const again = await runOnce({ ...setup, plan: fewest, tell: (line) => transcript.push(line) }, scenario);
  throw new SimulationError(judge(again), seed, faults, fewest, transcript);
}

function onlyThoseThatHappen(faults: Faults): Partial<Faults> {
  const planned: ReadonlySet<string> = new Set(plannedFaultTypes);
  return Object.fromEntries(Object.entries(faults).filter(([name, value]) => value !== 0 || !planned.has(name)));
}
