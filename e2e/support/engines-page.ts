/**
 * `docs/ENGINES.md`: which scenario holds in which engine, from the recorded runs.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { type Engine, engines } from "./engine.js";
import type { FailoverFigures, ScenarioResult, Summary } from "./report.js";

export const enginesPage = new URL("../../docs/ENGINES.md", import.meta.url);

/** Where the last complete run in an engine is recorded. */
export function recordOf(engine: Engine): URL {
  return new URL(`../records/${engine}.json`, import.meta.url);
}

/** The recorded runs, of those engines of which there is one. */
export function readRecords(): readonly Summary[] {
  return engines
    .filter((engine) => existsSync(recordOf(engine)))
    .map((engine): Summary => JSON.parse(readFileSync(recordOf(engine), "utf8")));
}

export function printEnginesPage(records: readonly Summary[]): string {
  const reasons: string[] = [];
  const cell = (scenario: ScenarioResult | undefined): string => {
    if (scenario === undefined) return "not run";
    if (scenario.reason === undefined) return scenario.result;
    if (!reasons.includes(scenario.reason)) reasons.push(scenario.reason);
    return `no ${footnote(reasons.indexOf(scenario.reason))}`;
  };
  const names = records.map(({ engine }) => engine);
  const scenarios = new Map(records.flatMap((record) => record.scenarios.map(({ file, title }) => [`${file} ${title}`, { file, title }])));
  const rows = [...scenarios.values()].map(({ file, title }) => {
    const own = records.map((record) => record.scenarios.find((other) => other.file === file && other.title === title));
    return [title, ...own.map(cell)];
  });
  const kinds = [...new Set(records.flatMap(({ failover }) => Object.keys(failover)))];
  return `${[
    "# Engines",
    "Which end-to-end scenario holds in which engine. Written by `npm run e2e -- --engine <name> --record`, which runs all of them, keeps what came of it in `e2e/records`, and makes this page of that; not edited by hand.",
    "## Runs",
    table(
      ["engine", "browser", "run", "passed", "failed", "cannot be expressed", "each scenario", "took"],
      records.map((run) => [
        run.engine,
        run.browser,
        run.startedAt.slice(0, 10),
        String(run.passed),
        String(run.failed),
        String(run.leftOut),
        run.repeat === 1 ? "once" : `${run.repeat} times`,
        `${Math.round(run.durationMs / 1000)} s`,
      ]),
    ),
    "Passed and failed count every time that a test was run, those of the tests' own checkers included, which need no browser.",
    "## Scenarios",
    table(["scenario", ...names], rows),
    "What an engine cannot express:",
    reasons.map((reason, index) => `- ${footnote(index)} ${reason}`).join("\n"),
    "## From the end of a leader to the next, in milliseconds",
    "Median (range, count), as the pages' clocks tell it. Hidden tabs are throttled as for users, except in Chromium's ordinary scenarios. `hang`, `alert` and `freeze of a worker` wait for a call that nobody answers, `kill without locks` for heartbeats that stay away. Where pages with locks are not cached, `cache` is a page that is left for good, and loaded anew when a person comes back.",
    table(
      ["end", ...names],
      kinds.map((kind) => [kind, ...records.map(({ failover }) => printFigures(failover[kind]))]),
    ),
  ].join("\n\n")}\n`;
}

function footnote(index: number): string {
  return `(${index + 1})`;
}

function printFigures(figures: FailoverFigures | undefined): string {
  return figures === undefined ? "" : `${figures.medianMs} (${figures.minimumMs}..${figures.maximumMs}, ${figures.count})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
