/**
 * Reads what reporters wrote: Vitest's and Playwright's JSON, and the list of checks that our own scripts write.
 *
 * @module
 */
import { fieldsOf } from "../fields.js";
import type { Outcome } from "./outcome.js";

/** The outcome in the report of Vitest's `json` reporter. A file that could not be loaded is one failure. */
export function readVitestReport(text: string): Outcome {
  const report = fieldsOf(JSON.parse(text));
  const files = list(report.testResults).map(fieldsOf);
  const tests = files.flatMap((file) => list(file.assertionResults).map(fieldsOf));
  const failedTests = tests.filter(({ status }) => status === "failed").map(({ fullName }) => String(fullName));
  const brokenFiles = files.filter((file) => file.status === "failed" && !list(file.assertionResults).map(fieldsOf).some(isFailed));
  const failures = [...failedTests, ...brokenFiles.map(({ name, message }) => `${String(name)}: ${firstLine(message)}`)];
  const passed = tests.filter(({ status }) => status === "passed").length;
  return { passed, failed: failures.length, skipped: tests.length - passed - failedTests.length, failures };
}

/** The outcome in the report of Playwright's `json` reporter. A flaky test has failed. */
export function readPlaywrightReport(text: string): Outcome {
  const report = fieldsOf(JSON.parse(text));
  const specs = list(report.suites).flatMap((suite) => specsOf(suite, ""));
  const failures = specs.filter(({ status }) => status === "unexpected" || status === "flaky").map(({ title }) => title);
  const errors = list(report.errors).map((error) => firstLine(fieldsOf(error).message));
  const passed = specs.filter(({ status }) => status === "expected").length;
  const skipped = specs.filter(({ status }) => status === "skipped").length;
  return { passed, failed: failures.length + errors.length, skipped, failures: [...failures, ...errors] };
}

/** One thing that a script of ours checked. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** Why it is not. */
  readonly detail: string;
}

/** The outcome in a list of checks. */
export function readChecks(text: string): Outcome {
  const checks = list(JSON.parse(text)).map(fieldsOf);
  const failures = checks.filter(({ ok }) => ok !== true).map(({ name, detail }) => `${String(name)}: ${firstLine(detail)}`);
  return { passed: checks.length - failures.length, failed: failures.length, skipped: 0, failures };
}

interface Spec {
  readonly title: string;
  readonly status: string;
}

function specsOf(suite: unknown, above: string): readonly Spec[] {
  const { title, specs, suites } = fieldsOf(suite);
  const path = above === "" ? String(title) : `${above} > ${String(title)}`;
  const own = list(specs)
    .map(fieldsOf)
    .flatMap((spec) =>
      list(spec.tests).map((test) => ({ title: `${path} > ${String(spec.title)}`, status: String(fieldsOf(test).status) })),
    );
  return [...own, ...list(suites).flatMap((inner) => specsOf(inner, path))];
}

function isFailed({ status }: Readonly<Record<string, unknown>>): boolean {
  return status === "failed";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstLine(value: unknown): string {
  return (
    String(value ?? "")
      .trim()
      .split("\n")[0] ?? ""
  );
}
