/**
 * The public API as declarations, the way users get them: one file for each module that the published packages export,
 * and for what those share.
 *
 * @module
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { bundlePackage } from "./bundle-package.js";
import { filesBelow } from "./files.js";
import { publishedFolders } from "./published.js";

/** The declarations of all published packages, by path: `gen-leader/index.d.ts`. */
export async function emitApi(): Promise<ReadonlyMap<string, string>> {
  const report = new Map<string, string>();
  for (const folder of publishedFolders) {
    const into = await mkdtemp(join(tmpdir(), "gen-leader-api-"));
    try {
      await bundlePackage(folder, { into, declarationsOnly: true });
      for (const path of filesBelow(join(into, "dist"), [])) {
        if (path.endsWith(".d.ts")) report.set(`${basename(folder)}/${path}`, await readFile(join(into, "dist", path), "utf8"));
      }
    } finally {
      await rm(into, { recursive: true, force: true });
    }
  }
  return report;
}
