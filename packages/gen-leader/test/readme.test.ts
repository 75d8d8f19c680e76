/**
 * The README tells what the media themselves tell.
 */
import { readFileSync } from "node:fs";
import { browserGuarantees, browserWithoutLocksGuarantees } from "@gen-leader/adapters/browser";
import { memoryGuarantees } from "@gen-leader/adapters/memory";
import { workerThreadsGuarantees } from "@gen-leader/adapters/worker-threads";
import type { Guarantees } from "gen-leader";
import { describe, expect, test } from "vitest";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");

const fences: { readonly [Kind in Guarantees["fence"]]: string } = {
  "web-lock": "a Web Lock",
  "shared-memory": "a word in shared memory",
  memory: "memory",
  none: "nothing: one leader per token",
};
const detections: { readonly [Kind in Guarantees["failureDetection"]]: string } = {
  perfect: "by the platform, at once",
  heartbeat: "by heartbeats",
};

/** The cells of a medium's row in the table of guarantees, without the one that says where it runs. */
function rowOf(medium: string): readonly string[] {
  const table = readme.split("<!-- guarantees -->")[1]?.split("\n\n")[0] ?? "";
  const row = table.split("\n").find((line) => line.startsWith(`| \`${medium}\` |`)) ?? "";
  const [, name = "", _where, ...rest] = row.split("|").map((cell) => cell.trim());
  return [name, ...rest.slice(0, -1)];
}

describe("README.md", () => {
  test.each([browserGuarantees, browserWithoutLocksGuarantees, workerThreadsGuarantees, memoryGuarantees])(
    "tells what the medium $medium promises, and what not",
    ({ medium, fence, failureDetection, census, caveats }) => {
      expect(rowOf(medium)).toEqual([`\`${medium}\``, fences[fence], detections[failureDetection], census ? "yes" : "no"]);
      const told = readme.replaceAll(/\s+/g, " ");
      for (const caveat of caveats) expect(told).toContain(caveat);
    },
  );
});
