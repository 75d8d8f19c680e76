/**
 * What a run came to: read from the report that the runner writes, told to people and to `npm run check`.
 *
 * @module
 */
import type { Engine } from "./engine.js";

/** The type of the annotation that tells which browser a scenario ran in. */
export const browserAnnotation = "browser";

interface Annotation {
  readonly type: string;
  readonly description?: string;
}

interface RunnerTest {
  readonly annotations: readonly Annotation[];
  readonly status: "expected" | "unexpected" | "flaky" | "skipped";
}

interface RunnerSpec {
  readonly title: string;
  readonly file: string;
  readonly tests: readonly RunnerTest[];
}

interface RunnerSuite {
  readonly title: string;
  readonly suites?: readonly RunnerSuite[];
  readonly specs: readonly RunnerSpec[];
}

/** The part of the runner's report that is looked at. */
export interface RunnerReport {
  readonly stats: { readonly startTime: string; readonly duration: number };
  readonly suites?: readonly RunnerSuite[];
  /** What went wrong outside of scenarios. */
  readonly errors?: readonly { readonly message?: string }[];
}

/** How long it took until the next leader was elected, in milliseconds, over all times that it was measured. */
export interface FailoverFigures {
  readonly count: number;
  readonly medianMs: number;
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** What became of one scenario, over all times that it was run. */
export interface ScenarioResult {
  readonly file: string;
  readonly title: string;
  readonly result: "passed" | "failed" | "cannot be expressed";
  /** Why the engine cannot express it. */
  readonly reason?: string;
}

/** What one run came to. */
export interface Summary {
  readonly engine: Engine;
  readonly browser: string;
  readonly startedAt: string;
  readonly passed: number;
  readonly failed: number;
  /** What this engine cannot express, each with its reason. */
  readonly leftOut: number;
  readonly durationMs: number;
  /** How many simultaneous starts were made. */
  readonly starts: number;
  /** How many times each scenario was run. */
  readonly repeat: number;
  /** Every scenario that needs a browser. */
  readonly scenarios: readonly ScenarioResult[];
  /** By the way in which the leader ended: `close`, `kill`, `cache` … */
  readonly failover: Readonly<Record<string, FailoverFigures>>;
}

export interface RunSettings {
  readonly engine: Engine;
  readonly starts: number;
  readonly repeat: number;
}

export function summarise(report: RunnerReport, settings: RunSettings): Summary {
  const specs = (report.suites ?? []).flatMap((suite) => specsOf(suite, ""));
  const tests = specs.flatMap((spec) => spec.tests);
  const annotations = tests.flatMap((test) => test.annotations);
  const samples = new Map<string, number[]>();
  for (const { type, description } of annotations) {
    if (type !== "failover" || description === undefined) continue;
    const { kind, ms } = readFailover(description);
    samples.set(kind, [...(samples.get(kind) ?? []), ms]);
  }
  const results = tests.map(resultOf);
  const count = (result: ScenarioResult["result"]): number => results.filter((other) => other === result).length;
  return {
    ...settings,
    browser: annotations.find(({ type }) => type === browserAnnotation)?.description ?? "none",
    startedAt: report.stats.startTime,
    passed: count("passed"),
    failed: count("failed"),
    leftOut: count("cannot be expressed"),
    durationMs: Math.round(report.stats.duration),
    scenarios: scenariosOf(specs),
    failover: Object.fromEntries([...samples].map(([kind, times]) => [kind, figuresOf(times)])),
  };
}

/** All specs of a suite, with the titles of the groups that they are in. */
function specsOf(suite: RunnerSuite, group: string): readonly RunnerSpec[] {
  const own = suite.specs.map((spec) => ({ ...spec, title: `${group}${spec.title}` }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => specsOf(inner, `${group}${inner.title}: `))];
}

/** What is left out without a reason has failed: nothing may be skipped in silence. */
function resultOf(test: RunnerTest): ScenarioResult["result"] {
  if (test.status === "expected") return "passed";
  return test.status === "skipped" && reasonOf(test) !== undefined ? "cannot be expressed" : "failed";
}

function reasonOf({ annotations }: RunnerTest): string | undefined {
  return annotations.find(({ type }) => type === "skip")?.description;
}

/** The scenarios among the tests, each once: those that ran in a browser, or were to. */
function scenariosOf(specs: readonly RunnerSpec[]): readonly ScenarioResult[] {
  const scenarios = new Map<string, ScenarioResult>();
  for (const { file, title, tests } of specs) {
    for (const test of tests) {
      const result = resultOf(test);
      if (result === "passed" && !test.annotations.some(({ type }) => type === browserAnnotation)) continue;
      const key = `${file} ${title}`;
      if (scenarios.get(key)?.result === "failed") continue;
      const reason = result === "cannot be expressed" ? reasonOf(test) : undefined;
      scenarios.set(key, { file, title, result, ...(reason === undefined ? {} : { reason }) });
    }
  }
  return [...scenarios.values()].sort((a, b) => a.file.localeCompare(b.file));
}

function readFailover(text: string): { readonly kind: string; readonly ms: number } {
  const read: { kind: string; ms: number } = JSON.parse(text);
  return read;
}

function figuresOf(times: readonly number[]): FailoverFigures {
  const sorted = [...times].sort((a, b) => a - b);
  const last = sorted.length - 1;
  /** At a place between two, the mean of both. */
  const at = (place: number): number => {
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return Math.round(((below + above) / 2) * 10) / 10;
  };
  return { count: sorted.length, medianMs: at(last / 2), minimumMs: at(0), maximumMs: at(last) };
}

/** What the run came to, for people: what was left out and why, the figures, a line for each kind, and the last line. */
export function printSummary({ failover, leftOut, passed, failed, scenarios }: Summary): string {
  const reasons = new Map<string, number>();
  for (const { reason } of scenarios) if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const figures = Object.entries(failover).map(
    ([kind, { count, medianMs, minimumMs, maximumMs }]) =>
      `  ${kind.padEnd(18)} ${String(medianMs).padStart(8)}   (${minimumMs}..${maximumMs}, n ${count})`,
  );
  return [
    ...(leftOut === 0 ? [] : ["What this engine cannot express:", ...[...reasons].map(([reason, count]) => `  ${count} × ${reason}`)]),
    ...(figures.length === 0 ? [] : ["Failover in milliseconds, median (range):", ...figures]),
    `e2e: ${passed} passed, ${failed} failed${leftOut === 0 ? "" : `, ${leftOut} cannot be expressed`}`,
  ].join("\n");
}
