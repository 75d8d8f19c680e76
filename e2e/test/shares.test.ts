/** The two shares of the scenarios: each scenario is in one of them, and both reports count. */
import { expect, test } from "vitest";
import type { RunnerReport } from "../support/report.js";
import { besideTag, selection, shares, together } from "../support/shares.js";

/** Whether the runner would take a scenario that it knows under this name: as it reads its options. */
function takes(args: readonly string[], name: string): boolean {
  const pattern = (option: string): RegExp | null => {
    const at = args.indexOf(option);
    return at < 0 ? null : new RegExp(args[at + 1] ?? "", "gi");
  };
  return pattern("--grep")?.test(name) !== false && pattern("--grep-invert")?.test(name) !== true;
}

const scenarios = ["a tab is closed", `a tab idles ${besideTag}`, "a tab | with (odd) words", `closed and idle ${besideTag}`];

test.each([null, "closed", "idle|closed", "^a tab", "nothing of the kind"])(
  "with --grep %s, each scenario that fits is run once",
  (grep) => {
    for (const name of scenarios) {
      const fits = grep === null || new RegExp(grep, "gi").test(name);
      expect(
        shares.filter((share) => takes(selection(share, grep), name)),
        name,
      ).toHaveLength(fits ? 1 : 0);
    }
  },
);

test("a failure of either share is one of the run", () => {
  const report = (title: string, duration: number, startTime: string, ...messages: string[]): RunnerReport => ({
    stats: { startTime, duration },
    suites: [{ title, specs: [] }],
    errors: messages.map((message) => ({ message })),
  });
  expect(together([report("one", 5, "2026-01-02"), report("other", 7, "2026-01-01", "it broke")])).toEqual({
    stats: { startTime: "2026-01-01", duration: 7 },
    suites: [
      { title: "one", specs: [] },
      { title: "other", specs: [] },
    ],
    errors: [{ message: "it broke" }],
  });
});
