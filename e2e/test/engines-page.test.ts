/** The page about the engines is what the recorded runs say, and they are runs of the scenarios that there are. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { engines } from "../support/engine.js";
import { enginesPage, printEnginesPage, readRecords } from "../support/engines-page.js";
import { type RunnerReport, summarise } from "../support/report.js";

const records = readRecords();
const titlesOf = ({ scenarios }: (typeof records)[number]): readonly string[] => scenarios.map(({ title }) => title);

test("docs/ENGINES.md is made of the recorded runs", () => {
  expect(readFileSync(enginesPage, "utf8")).toBe(printEnginesPage(records));
});

test("every engine was run with the same scenarios, and none failed", () => {
  expect(records.map(({ engine }) => engine)).toEqual([...engines]);
  for (const record of records) {
    expect(titlesOf(record)).toEqual(records.slice(0, 1).flatMap(titlesOf));
    expect(record.failed).toBe(0);
    expect(record.scenarios.filter(({ result }) => result === "failed")).toEqual([]);
  }
});

test("the recorded scenarios are those of today", () => {
  const folder = new URL("../tests/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".spec.ts"))
    .map((name) => readFileSync(new URL(name, folder), "utf8"));
  const written = sources.flatMap((source) =>
    [...source.matchAll(/^test\(\s*"([^"]+)",(?: needs\([^)]*\),)? async \(\{ ?\n? *(?:stage|visit)/gm)].map(([, title]) => title ?? ""),
  );
  expect(written.length).toBeGreaterThan(40);
  const recorded = records[0] === undefined ? [] : titlesOf(records[0]);
  expect(written.filter((title) => !recorded.includes(title))).toEqual([]);
  const text = sources.join("\n");
  const gone = recorded.filter((title) => !text.includes(title.slice(title.lastIndexOf(": ") + 1).trim()) && !text.includes(title));
  expect(gone, "What was recorded is still there").toEqual([]);
});

const ran = (status: "expected" | "skipped", ...annotations: { type: string; description?: string }[]) => ({ status, annotations });
const report = (...tests: ReturnType<typeof ran>[]): RunnerReport => ({
  stats: { startTime: "2026-11-22T00:00:00.000Z", duration: 1 },
  suites: [{ title: "a.spec.ts", specs: tests.map((one, index) => ({ title: String(index), file: "a.spec.ts", tests: [one] })) }],
});
const settings = { engine: "firefox", starts: 1, repeat: 1 } as const;

test("what is left out without a reason has failed", () => {
  const summary = summarise(report(ran("skipped"), ran("skipped", { type: "skip", description: "Why." })), settings);
  expect(summary).toMatchObject({ passed: 0, failed: 1, leftOut: 1 });
  expect(summary.scenarios.map(({ result }) => result)).toEqual(["failed", "cannot be expressed"]);
});

test("a test without a browser is no scenario", () => {
  const summary = summarise(report(ran("expected"), ran("expected", { type: "browser", description: "b/1" })), settings);
  expect(summary).toMatchObject({ passed: 2, browser: "b/1", scenarios: [{ title: "1", result: "passed" }] });
});
