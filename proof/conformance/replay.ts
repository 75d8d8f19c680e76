/**
 * Replays a script on a stage, and keeps what is seen.
 *
 * @module
 */
import type { Course, Report, Seen, Told } from "./records.js";
import type { Script, Step, Stimulus } from "./script.js";
import type { Stage, StageFactory } from "./stage.js";

/** Longer than any of the recorded timeouts: an operation that has not ended by then will not. */
const longestMs = 20_000;
/** For what the last step sets off. */
const lastPauseMs = 8000;

export async function replay(script: Script, createStage: StageFactory): Promise<Course> {
  const seen: Seen[] = [];
  const told = new Map<number, Told>();
  let step = 0;
  let cutShort: Course["cutShort"] = null;
  const isOver = () => cutShort !== null;

  const stage = await createStage({
    nodes: script.nodes,
    apart: new Set(script.steps.flatMap(({ stimulus }) => (stimulus.does === "kill-process" ? [stimulus.name] : []))),
    splits: script.steps.some(({ stimulus }) => stimulus.does === "network"),
    hear(node: string, report: Report) {
      if (report.type === "seen") seen.push({ node, name: report.name, step, what: report.what });
      else told.set(report.key, { key: report.key, step, result: report.result });
    },
    fail(node, error) {
      cutShort ??= { step, why: `the realm of ${node} died of ${error.stack ?? error.message}` };
    },
  });

  try {
    for (const [place, { stimulus, after, pauseMs }] of script.steps.entries()) {
      await stage.until(() => isOver() || after.every((key) => told.has(key)), longestMs);
      if (isOver()) break;
      if (pauseMs > 0) await stage.pause(pauseMs);
      if (stimulus.does === "network" && !stage.splits) {
        cutShort = { step: place, why: "the medium cannot split" };
        break;
      }
      retireDone(script.steps, place, stage);
      if (pauseMs === 0 && asksElsewhere(script.steps[place - 1], stimulus)) await stage.arrive();
      step = place + 1;
      await perform(stimulus, script, stage);
    }
    await stage.until(() => isOver() || pending(script, told, step).length === 0, longestMs);
    if (!isOver()) await stage.pause(lastPauseMs);
  } finally {
    await stage.close();
  }
  return { seen, told, strays: [], cutShort };
}

/** Whether two operations of a burst are asked at different nodes: the first was sent first. */
function asksElsewhere(before: Step | undefined, now: Stimulus): boolean {
  return before?.stimulus.does === "operate" && now.does === "operate" && before.stimulus.node !== now.node;
}

async function perform(stimulus: Stimulus, script: Script, stage: Stage): Promise<void> {
  switch (stimulus.does) {
    case "start":
      return stage.order({ ...stimulus, lessons: script.manners.get(stimulus.name)?.lessons ?? [] });
    case "operate":
    case "info":
      return stage.order(stimulus);
    case "kill":
      return stage.kill(stimulus.node);
    case "kill-process":
      return stage.killProcess(stimulus.node, stimulus.name);
    case "freeze":
      return stage.freeze(stimulus.node);
    case "thaw":
      return stage.thaw(stimulus.node);
    case "network":
      return stage.network(stimulus.cut);
  }
}

/** What was asked and not told yet. */
function pending(script: Script, told: ReadonlyMap<number, Told>, steps: number): readonly number[] {
  return script.steps.slice(0, steps).flatMap(({ stimulus }) => {
    if (stimulus.does !== "start" && stimulus.does !== "operate") return [];
    return told.has(stimulus.key) || (stimulus.does === "operate" && stimulus.timeoutMs === Infinity) ? [] : [stimulus.key];
  });
}

/** Servers that no later step names have done what they were for. */
function retireDone(steps: readonly Step[], place: number, stage: Stage): void {
  const nameOf = ({ stimulus }: Step) => ("name" in stimulus ? stimulus.name : null);
  const later = new Set(steps.slice(place).map(nameOf));
  const before = new Set(steps.slice(0, place).map(nameOf));
  for (const name of before) if (name !== null && !later.has(name)) stage.retire(name);
}
