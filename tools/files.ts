/**
 * The files of the repository, as the tools see them.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";

const generatedFolders: readonly string[] = ["node_modules", ".git", "dist", ".pack", "test-results", "playwright-report", "coverage"];

/** Every file below `folder` that is not generated, as paths with forward slashes relative to it, in order. */
export function filesBelow(folder: string, ignoredFolders = generatedFolders): readonly string[] {
  const paths: string[] = [];
  const visit = (relative: string): void => {
    for (const entry of readdirSync(join(folder, relative), { withFileTypes: true })) {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !ignoredFolders.includes(entry.name)) visit(path);
      if (entry.isFile()) paths.push(path);
    }
  };
  visit("");
  return paths.sort();
}
