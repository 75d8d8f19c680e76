/** The numbers in the last line of `npm test` are those that the reporters wrote, and nothing broken counts as passed. */
import { describe, expect, test } from "vitest";
import { brokenOutcome, type Outcome, printOutcomes, withExit } from "./outcome.js";
import { readChecks, readPlaywrightReport, readVitestReport } from "./reports.js";

const clean: Outcome = { passed: 3, failed: 0, skipped: 0, failures: [] };

describe("Vitest's report", () => {
  const vitest = (...testResults: object[]): string => JSON.stringify({ success: true, testResults });
  const assertion = (status: string, fullName = status): object => ({ status, fullName });

  test("is counted test by test", () => {
    const outcome = readVitestReport(
      vitest(
        { name: "a.test.ts", status: "failed", assertionResults: [assertion("passed"), assertion("failed", "a leads")] },
        { name: "b.test.ts", status: "passed", assertionResults: [assertion("passed"), assertion("skipped"), assertion("todo")] },
      ),
    );
    expect(outcome).toEqual({ passed: 2, failed: 1, skipped: 2, failures: ["a leads"] });
  });

  test("a file that does not load is a failure, and so is one whose hook fails", () => {
    const outcome = readVitestReport(
      vitest(
        { name: "a.test.ts", status: "failed", message: "SyntaxError: x\n  at y", assertionResults: [] },
        { name: "b.test.ts", status: "failed", message: "afterAll", assertionResults: [assertion("passed")] },
      ),
    );
    expect(outcome).toEqual({ passed: 1, failed: 2, skipped: 0, failures: ["a.test.ts: SyntaxError: x", "b.test.ts: afterAll"] });
  });
});

describe("Playwright's report", () => {
  const spec = (title: string, ...statuses: string[]): object => ({ title, tests: statuses.map((status) => ({ status })) });

  test("is counted test by test, through all suites", () => {
    const outcome = readPlaywrightReport(
      JSON.stringify({
        suites: [
          {
            title: "a.spec.ts",
            specs: [spec("one", "expected")],
            suites: [{ title: "inner", specs: [spec("two", "unexpected", "expected")] }],
          },
          { title: "b.spec.ts", specs: [spec("three", "skipped"), spec("four", "flaky")] },
        ],
        errors: [],
      }),
    );
    expect(outcome).toEqual({ passed: 2, failed: 2, skipped: 1, failures: ["a.spec.ts > inner > two", "b.spec.ts > four"] });
  });

  test("an error outside all tests is a failure", () => {
    expect(readPlaywrightReport(JSON.stringify({ suites: [], errors: [{ message: "no browser\nat x" }] }))).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ["no browser"],
    });
  });
});

test("checks are counted one by one", () => {
  const checks = [
    { name: "a", ok: true, detail: "" },
    { name: "b", ok: false, detail: "too heavy\nby far" },
  ];
  expect(readChecks(JSON.stringify(checks))).toEqual({ passed: 1, failed: 1, skipped: 0, failures: ["b: too heavy"] });
});

describe("how a stage ended", () => {
  test("a clean end changes nothing", () => expect(withExit(clean, 0)).toEqual(clean));

  test("a failure that no test shows counts", () => {
    expect(withExit(clean, 1)).toMatchObject({ passed: 3, failed: 1, failures: ["ended with code 1, although no test failed"] });
    expect(withExit(clean, null)).toMatchObject({ passed: 3, failed: 1 });
    expect(withExit({ ...clean, failed: 2 }, 1)).toMatchObject({ passed: 3, failed: 2 });
  });

  test("a stage that tested nothing has failed", () => {
    expect(withExit({ ...clean, passed: 0 }, 0)).toMatchObject({ passed: 0, failed: 1, failures: ["tested nothing"] });
  });
});

test("the last line sums up", () => {
  const text = printOutcomes(
    new Map([
      ["unit", { ...clean, skipped: 2 }],
      ["types", clean],
      ["build", brokenOutcome("no disk")],
    ]),
  );
  expect(text.split("\n").at(-1)).toBe("6 passed, 1 failed");
  expect(text).toContain("2 skipped");
  expect(text).toContain("build: no disk");
});
