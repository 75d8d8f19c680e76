/**
 * The public API is what `docs/api` says. A change of it shows in the diff of that folder: `npm run rewrite` writes it
 * anew.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { emitApi } from "./api-report.js";
import { filesBelow } from "./files.js";

const folder = fileURLToPath(new URL("../docs/api", import.meta.url));

test("docs/api holds the declarations that users get", { timeout: 120_000 }, async () => {
  const emitted = await emitApi();
  if (process.env.REWRITE === "yes") {
    await rm(folder, { recursive: true, force: true });
    for (const [path, text] of emitted) {
      await mkdir(dirname(`${folder}/${path}`), { recursive: true });
      await writeFile(`${folder}/${path}`, text);
    }
  }
  const recorded = existsSync(folder) ? filesBelow(folder) : [];
  expect([...emitted.keys()].sort()).toEqual(recorded);
  for (const [path, text] of emitted) expect(text, path).toBe(readFileSync(`${folder}/${path}`, "utf8"));
});
