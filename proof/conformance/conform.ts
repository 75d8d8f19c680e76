/**
 * Judges every recording of a folder on both media.
 *
 * @module
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "./compare.js";
import { type Judgement, judge } from "./judge.js";
import { recordedCourse } from "./recorded-course.js";
import { replay } from "./replay.js";
import { createScript, type Script } from "./script.js";
import { createSimulatedStage } from "./simulated-stage.js";
import type { StageFactory, StageName } from "./stage.js";
import { createThreadsStage } from "./threads-stage.js";
import { readTrace } from "./trace-reader.js";

export const stages: { readonly [name in StageName]: StageFactory } = { simulated: createSimulatedStage, threads: createThreadsStage };

export interface Verdict {
  readonly scenario: string;
  /** What the reader did not know. */
  readonly unknown: readonly string[];
  readonly judgements: ReadonlyMap<StageName, Judgement>;
}

export interface Summary {
  readonly scenarios: number;
  readonly agree: number;
  readonly explained: number;
  readonly unexplained: number;
}

/** The scripts of all recordings in a folder and in those below it, by file. */
export async function readFolder(folder: string): Promise<readonly Script[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".jsonl")).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(folder, file), "utf8");
      return createScript(readTrace(file.slice(0, -".jsonl".length).replaceAll("\\", "/"), text));
    }),
  );
}

/** Replays a script on one stage and judges it. */
export async function conformOn(script: Script, stage: StageName): Promise<Judgement> {
  return judge(script, recordedCourse(script), await replay(script, stages[stage]));
}

export async function conform(script: Script, on: readonly StageName[]): Promise<Verdict> {
  const judgements = new Map<StageName, Judgement>();
  for (const stage of on) judgements.set(stage, await conformOn(script, stage));
  return { scenario: script.trace.file, unknown: script.unknown, judgements };
}

/** A scenario agrees if it does on every medium, and is explained if every difference on each is. */
export function verdictOf({ judgements }: Verdict): Judgement["verdict"] {
  const verdicts = [...judgements.values()].map(({ verdict }) => verdict);
  if (verdicts.includes("unexplained")) return "unexplained";
  return verdicts.includes("explained") ? "explained" : "agree";
}

export function summarise(verdicts: readonly Verdict[]): Summary {
  const count = (which: Judgement["verdict"]) => verdicts.filter((verdict) => verdictOf(verdict) === which).length;
  return { scenarios: verdicts.length, agree: count("agree"), explained: count("explained"), unexplained: count("unexplained") };
}

/** One line for a scenario. */
export function lineFor({ scenario, judgements, unknown }: Verdict): string {
  const each = [...judgements].map(([stage, judgement]) => `${stage}: ${inWords(judgement)}`);
  return [scenario, ...each, ...(unknown.length === 0 ? [] : [`unknown: ${unknown.length}`])].join("  ");
}

/** Verdict, rules, and how many differences nothing explains. */
export function inWords({ verdict, rules, differences }: Judgement): string {
  const ids = [...rules.keys()].join(",");
  const left = differences.filter(({ rules: own }) => own.length === 0).length;
  if (verdict === "unexplained") return `unexplained ${left}${ids === "" ? "" : ` (explained ${ids})`}`;
  return verdict === "agree" ? "agree" : `explained ${ids}`;
}

/** The differences of a scenario, line by line. */
export function detailsOf({ judgements, unknown }: Verdict, all: boolean): readonly string[] {
  return [
    ...unknown.map((problem) => `  unknown  ${problem}`),
    ...[...judgements].flatMap(([stage, { differences }]) =>
      differences
        .filter(({ rules }) => all || rules.length === 0)
        .map(({ difference, rules }) => `  ${stage}  ${rules.length === 0 ? "unexplained" : rules.join(",")}  ${describe(difference)}`),
    ),
  ];
}
