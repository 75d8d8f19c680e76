/**
 * The scenarios in two shares that run at once, each in a browser of its own: those that are measured, one after the other, and beside
 * them the ones that mostly wait.
 *
 * @module
 */
import type { RunnerReport } from "./report.js";

export const shares = ["in-turn", "beside"] as const;

export type Share = (typeof shares)[number];

/** Names the share to the runner. */
export const shareVariable = "GEN_LEADER_SHARE";

/** The tag of a scenario that waits for nearly all of its time, and measures nothing that others could slow down. */
export const besideTag = "@beside";

/** How the runner is told which scenarios to run: those of the share that fit, which may be none. */
export function selection(share: Share, grep: string | null): readonly string[] {
  const wanted = grep === null ? [] : ["--grep", grep];
  if (share === "in-turn") return [...wanted, "--grep-invert", besideTag, "--pass-with-no-tests"];
  return ["--grep", grep === null ? besideTag : `^(?=[^]*${besideTag})(?=[^]*(?:${grep}))`, "--pass-with-no-tests"];
}

/** One report of both. */
export function together(reports: readonly RunnerReport[]): RunnerReport {
  return {
    stats: {
      startTime: reports.map(({ stats }) => stats.startTime).sort()[0] ?? "",
      duration: Math.max(...reports.map(({ stats }) => stats.duration)),
    },
    suites: reports.flatMap(({ suites = [] }) => suites),
    errors: reports.flatMap(({ errors = [] }) => errors),
  };
}
