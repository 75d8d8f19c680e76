/**
 * Which process each page runs in. The devtools do not say; a trace does: each page makes a mark, and the trace tells by
 * which process each mark was made.
 *
 * @module
 */
import type { PageDriver } from "./browser.js";

/** What a trace says of one event, as far as it matters here. */
export interface TraceEvent {
  readonly name: string;
  readonly pid: number;
}

/** A trace of marks under way. */
export interface Trace {
  /** Ends it, and returns its events. */
  end(): Promise<readonly TraceEvent[]>;
}

/** What a trace of nothing but marks is started with. */
export const marksOnly = {
  transferMode: "ReportEvents",
  traceConfig: { includedCategories: ["blink.user_timing"], excludedCategories: ["*"] },
} as const;

/** The processes of the pages, in their order. `begin` starts the trace. */
export async function findProcesses(pages: readonly PageDriver[], begin: () => Promise<Trace>): Promise<readonly number[]> {
  const trace = await begin();
  await Promise.all(pages.map((page, index) => page.evaluate((name) => void performance.mark(name), markOf(index))));
  const pids = new Map((await trace.end()).map(({ name, pid }) => [name, pid]));
  return pages.map((_, index) => {
    const pid = pids.get(markOf(index));
    if (pid === undefined) throw new Error(`The trace does not say in which process page ${index} runs.`);
    return pid;
  });
}

function markOf(index: number): string {
  return `gen-leader-page-${index}`;
}

/** Reads what a trace has collected; what has another form is left out. */
export function traceEvents(collected: readonly unknown[]): readonly TraceEvent[] {
  return collected.filter(
    (event): event is TraceEvent =>
      typeof event === "object" &&
      event !== null &&
      "name" in event &&
      typeof event.name === "string" &&
      "pid" in event &&
      typeof event.pid === "number",
  );
}
