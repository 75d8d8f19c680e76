import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describe } from "../conformance/compare.js";
import { conformOn, readFolder } from "../conformance/conform.js";

const scripts = await readFolder(fileURLToPath(new URL("../../packages/testing/traces/", import.meta.url)));

test.each(scripts.map((script) => [script.trace.file, script] as const))(
  "%s over worker threads: every difference is explained",
  async (_, script) => {
    const { differences } = await conformOn(script, "threads");
    expect(differences.filter(({ rules }) => rules.length === 0).map(({ difference }) => describe(difference))).toEqual([]);
  },
);
