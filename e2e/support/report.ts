/**
 * What a run came to: read from the report that the runner writes, told to people and to `npm run check`.
 *
 * @module
 */

/** The part of the runner's report that is looked at. */
export interface RunnerReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
    readonly duration: number;
  };
  readonly suites?: readonly RunnerSuite[];
}

interface RunnerSuite {
  readonly suites?: readonly RunnerSuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly tests: readonly { readonly annotations: readonly { readonly type: string; readonly description?: string }[] }[];
  }[];
}

/** How long it took until the next leader was elected, in milliseconds, over all times that it was measured. */
export interface FailoverFigures {
  readonly count: number;
  readonly medianMs: number;
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** What one run came to. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly durationMs: number;
  /** How many simultaneous starts were made. */
  readonly starts: number;
  /** By the way in which the leader ended: `close`, `kill`, `cache` … */
  readonly failover: Readonly<Record<string, FailoverFigures>>;
}

export function summarise(report: RunnerReport, starts: number): Summary {
  const { expected, unexpected, flaky, skipped, duration } = report.stats;
  const samples = new Map<string, number[]>();
  for (const { kind, ms } of (report.suites ?? []).flatMap(failoversOf)) samples.set(kind, [...(samples.get(kind) ?? []), ms]);
  return {
    passed: expected,
    failed: unexpected + flaky + skipped,
    durationMs: Math.round(duration),
    starts,
    failover: Object.fromEntries([...samples].map(([kind, times]) => [kind, figuresOf(times)])),
  };
}

function failoversOf(suite: RunnerSuite): readonly { readonly kind: string; readonly ms: number }[] {
  const own = suite.specs
    .flatMap(({ tests }) => tests.flatMap(({ annotations }) => annotations))
    .flatMap(({ type, description }) => (type === "failover" && description !== undefined ? [readFailover(description)] : []));
  return [...own, ...(suite.suites ?? []).flatMap(failoversOf)];
}

function readFailover(text: string): { readonly kind: string; readonly ms: number } {
  const read: { kind: string; ms: number } = JSON.parse(text);
  return read;
}

function figuresOf(times: readonly number[]): FailoverFigures {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (index: number): number => Math.round((sorted[index] ?? Number.NaN) * 10) / 10;
  return { count: sorted.length, medianMs: at(Math.floor(sorted.length / 2)), minimumMs: at(0), maximumMs: at(sorted.length - 1) };
}

/** The figures as a table, a line for each kind. */
export function printFailovers(failover: Summary["failover"]): string {
  const lines = Object.entries(failover).map(
    ([kind, { count, medianMs, minimumMs, maximumMs }]) =>
      `  ${kind.padEnd(18)} ${String(medianMs).padStart(8)}   (${minimumMs}..${maximumMs}, n ${count})`,
  );
  return ["Failover in milliseconds, median (range):", ...lines].join("\n");
}
