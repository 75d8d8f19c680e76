import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("..", import.meta.url));

function demo(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ["--conditions=gen-leader-source", "--import", "tsx", "demo/main.ts", ...args], { cwd: folder });
}

test("the demo loses no acknowledged write, and ends with one line for machines", async () => {
  const { stdout } = await demo("--json", "--threads", "4", "--rounds", "2");
  const summary: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  expect(summary).toEqual({
    threads: 4,
    rounds: 2,
    acknowledged: expect.any(Number),
    lost: 0,
    leaders: [expect.any(String), expect.any(String), expect.any(String)],
    failoverMs: { median: expect.any(Number), min: expect.any(Number), max: expect.any(Number) },
  });
  expect(summary).toHaveProperty(
    "acknowledged",
    expect.toSatisfy((acknowledged: number) => acknowledged >= 2 * 300),
  );
});

test("the demo tells its story without colour where there is no terminal", async () => {
  const { stdout } = await demo("--threads", "2", "--rounds", "1");
  expect(stdout).toMatch(/elected +thread-\d {2}epoch \d+/);
  expect(stdout).toContain("0 lost");
  expect(stdout).not.toContain("\u001b");
});

test("the demo refuses what it cannot do", async () => {
  await expect(demo("--threads", "1")).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("at least 2") });
});
