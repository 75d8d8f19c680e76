/**
 * The exhaustive explorer: every world that a small cluster can get into, breadth first, each looked at once. Of every step and every
 * world the checkers say whether a promise is broken; of every world it is checked that one leader can still be reached
 * by what happens by itself.
 *
 * @module
 */
import { step as realStep } from "gen-leader/protocol";
import { possibleActions } from "./actions.js";
import { followStep } from "./callback-order.js";
import { createFingerprinter } from "./fingerprint.js";
import { initialWorld } from "./initial-world.js";
import { IntegerList } from "./integer-list.js";
import type { ExplorationOptions } from "./options.js";
import type { ObservedStep, Platform } from "./platform.js";
import { ProgressGraph } from "./progress.js";
import { StateTable } from "./state-table.js";
import { stepCheckers } from "./step-checkers.js";
import { createTracer } from "./trace.js";
import { transition } from "./transition.js";
import type { World } from "./world.js";
import { isGoal, worldCheckers } from "./world-checkers.js";

/** A broken promise, and the shortest way to it. */
export interface Violation {
  readonly checker: string;
  readonly complaint: string;
  readonly trace: string;
}

export interface ExplorationResult {
  readonly states: number;
  readonly transitions: number;
  /** Whether every world within the bounds was looked at. */
  readonly complete: boolean;
  /** How many actions deep every world was looked at. */
  readonly depth: number;
  /** Worlds whose future was not looked at because of the bound of elections. */
  readonly cut: number;
  readonly violations: readonly Violation[];
}

/** How far an exploration is. */
export interface ExplorationProgress {
  readonly depth: number;
  readonly states: number;
  readonly frontier: number;
}

export interface Exploration {
  readonly options: ExplorationOptions;
  /** The core to explore. @default the real one */
  readonly step?: typeof realStep;
  /** Called now and then. */
  onProgress?(progress: ExplorationProgress): void;
}

/** Looks at everything, or up to the first broken promise. */
export function explore({ options, step = realStep, onProgress }: Exploration): ExplorationResult {
  const deadline = performance.now() + options.minutes * 60_000;
  const parents = new IntegerList();
  const choices = new IntegerList();
  const table = new StateTable();
  const graph = new ProgressGraph();
  const fingerprint = createFingerprinter(options);
  let broken: { readonly checker: string; readonly complaint: string } | null = null;
  let transitions = 0;
  let cut = 0;

  const platform: Platform = { options, step, observe };
  function observe(seen: ObservedStep): void {
    if (broken === null)
      for (const [checker, check] of stepCheckers) {
        const complaint = check(seen, options);
        if (complaint !== null) broken ??= { checker, complaint: `${seen.before.self} ${complaint}` };
      }
    followStep(seen);
  }

  function lookAt(world: World): void {
    for (const [checker, check] of worldCheckers) {
      const complaint = check(world, options);
      if (complaint !== null) broken ??= { checker, complaint };
    }
  }

  /** Takes a world in, if it is new. Returns the number of its state, negated and less one if it is. */
  function take(world: World, parent: number, choice: number): number {
    const known = table.find(fingerprint(world));
    if (known >= 0) return known;
    const state = table.size - 1;
    parents.push(parent);
    choices.push(choice);
    lookAt(world);
    if (isGoal(world, options)) graph.addGoal(state);
    return -1 - state;
  }

  function tryTransition(world: World, index: number): World | null {
    const action = possibleActions(world, options)[index];
    if (action === undefined) return null;
    try {
      return transition(platform, world, action);
    } catch (error) {
      broken ??= { checker: "nothingThrows", complaint: String(error) };
      return null;
    }
  }

  function traceTo(state: number, last: number | null): string {
    const path: number[] = last === null ? [] : [last];
    for (let at = state; at > 0; at = parents.at(at)) path.unshift(choices.at(at));
    return createTracer(options, step)(path);
  }

  let lastReport = performance.now();
  let depth = 0;
  let isComplete = true;

  function result(violations: readonly Violation[], complete: boolean): ExplorationResult {
    return { states: table.size, transitions, complete, depth, cut, violations };
  }

  let first: World;
  try {
    first = initialWorld({ ...platform, observe: followStep });
  } catch (error) {
    return result([{ checker: "aClusterSettles", complaint: String(error), trace: "" }], false);
  }
  take(first, 0, 0);
  let frontier: { readonly state: number; readonly world: World }[] = [{ state: 0, world: first }];
  while (frontier.length > 0) {
    const next: { state: number; world: World }[] = [];
    for (const [place, { state, world }] of frontier.entries()) {
      if ((place & 63) === 0) {
        const now = performance.now();
        if (now - lastReport > 3000) {
          lastReport = now;
          onProgress?.({ depth, states: table.size, frontier: frontier.length - place + next.length });
        }
        if (now > deadline) {
          isComplete = false;
          for (const { state: open } of [...frontier.slice(place), ...next]) graph.addGoal(open);
          break;
        }
      }
      if (options.epochs > 0 && world.elections > options.epochs) {
        cut += 1;
        graph.addGoal(state);
        continue;
      }
      const actions = possibleActions(world, options);
      for (const [index, { kind }] of actions.entries()) {
        transitions += 1;
        const after = tryTransition(world, index);
        const target = after === null ? 0 : take(after, state, index);
        if (broken !== null) {
          const { checker, complaint }: { checker: string; complaint: string } = broken;
          return result([{ checker, complaint, trace: traceTo(state, index) }], false);
        }
        if (after === null) continue;
        if (target < 0) next.push({ state: -1 - target, world: after });
        if (kind === "ordinary") graph.addStep(state, target < 0 ? -1 - target : target);
      }
    }
    if (!isComplete) break;
    frontier = next;
    if (frontier.length > 0) depth += 1;
  }
  const [stuck] = graph.stuckStates(table.size);
  if (stuck === undefined) return result([], isComplete);
  return result([{ checker: "oneLeaderCanBeReached", complaint: "no leader can be reached", trace: traceTo(stuck, null) }], isComplete);
}
