/**
 * Tells a way through the worlds in the notation of the transcripts; see docs/TESTING.md. In place of the time stands how deep it is.
 *
 * @module
 */
import { printEffect, printEvent, printState, type step } from "gen-leader/protocol";
import { type Action, actorOf, possibleActions } from "./actions.js";
import { followStep } from "./callback-order.js";
import { initialWorld } from "./initial-world.js";
import type { ExplorationOptions } from "./options.js";
import type { ObservedStep, Platform } from "./platform.js";
import { transition } from "./transition.js";
import type { World } from "./world.js";

/** Tells the way that takes, in each world, the action in the given place. */
export function createTracer(options: ExplorationOptions, core: typeof step): (path: readonly number[]) => string {
  return (path) => {
    const lines: string[] = [];
    let depth = 0;
    function observe(seen: ObservedStep): void {
      const { before, event, effects, after } = seen;
      lines.push(`${String(depth).padStart(6)} ${after.self.padEnd(5)} ${printEvent(event)}`);
      for (const effect of effects) lines.push(`            > ${printEffect(effect)}`);
      const stands = printState(after);
      if (stands !== printState(before)) lines.push(`            = ${stands}`);
      followStep(seen);
    }
    const platform: Platform = { options, step: core, observe };
    let world = initialWorld({ ...platform, observe: followStep });
    for (const choice of path) {
      const action = possibleActions(world, options)[choice];
      if (action === undefined) throw new RangeError(`There is no action ${choice} at depth ${depth}.`);
      depth += 1;
      if (isUnseen(action)) lines.push(`${String(depth).padStart(6)} ${actorOf(world, action).padEnd(5)} ${printUnseen(action)}`);
      try {
        world = transition(platform, world, action);
      } catch (error) {
        lines.push(`       ~ ${String(error)}`);
        break;
      }
    }
    return [...lines, ...printWorld(world)].join("\n");
  };
}

/** Whether no core sees an action. */
function isUnseen({ type }: Action): boolean {
  return ["lose", "crash", "hang", "corpse", "recover", "partition", "heal"].includes(type);
}

function printUnseen(action: Action): string {
  switch (action.type) {
    case "lose":
      return `~ lost: ${printEvent({ now: 0, type: "received", message: action.message })}`;
    case "partition":
      return `~ partition ${action.island.toString(2)}`;
    default:
      return `~ ${action.type}`;
  }
}

function printWorld({ realms, paths, fence }: World): readonly string[] {
  const lines = realms.map(
    ({ life, state, fenceEvents, answers }) =>
      `       = ${life} ${printState(state)} deadlines [${Object.keys(state.deadlines).join(" ")}] holder ${state.holder ?? "-"}` +
      `${fenceEvents.length > 0 ? ` fence [${fenceEvents.join(" ")}]` : ""}${answers.length > 0 ? ` asks ${answers.length}` : ""}`,
  );
  lines.push(`       = fence ${fence.holder ?? "free"} line [${fence.queue.join(" ")}]`);
  for (const [path, messages] of paths.entries()) {
    const target = realms[Math.floor(path / 2) % realms.length];
    for (const { message } of messages)
      lines.push(`       ~ to ${target?.state.self ?? "?"}: ${printEvent({ now: 0, type: "received", message })}`);
  }
  return lines;
}
