/**
 * Nothing lies about unused: every source is reached from what its package exports, or from somebody's import.
 *
 * @module
 */
import { workspacesOf } from "./packages.js";
import { resolveImport } from "./resolve.js";
import type { Problem, Rule } from "./rule.js";
import { importsOf, isCode } from "./source.js";

/** Every source of a package is imported by another file, or is an entry of the package, and has a kebab-case name. */
export const noDeadFiles: Rule = (files) => {
  const workspaces = workspacesOf(files);
  const paths = new Set(files.map((file) => file.path));
  const used = new Set(workspaces.flatMap(({ privateImports }) => [...privateImports.values()].flat()));
  for (const { entries } of workspaces) {
    for (const [subpath, path] of entries) if (!subpath.includes("*")) used.add(path);
  }
  for (const file of files.filter(isCode)) {
    for (const { specifier } of importsOf(file)) {
      const target = resolveImport(file.path, specifier, paths, workspaces);
      if ((target.type === "file" || target.type === "workspace") && target.path !== undefined) used.add(target.path);
    }
    for (const [, asset] of file.text.matchAll(/new URL\(\s*"(\.[^"]+)",\s*import\.meta\.url/g)) {
      const target = resolveImport(file.path, asset ?? "", paths, workspaces);
      if (target.type === "file") used.add(target.path);
    }
  }
  return files
    .filter((file) => /^packages\/[^/]+\/src\/.+\.ts$/.test(file.path))
    .flatMap((file): readonly Problem[] => [
      ...(used.has(file.path) ? [] : [{ path: file.path, line: 1, message: "is imported by nothing: use it or delete it." }]),
      ...(/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.ts$/.test(file.path.split("/").at(-1) ?? "")
        ? []
        : [{ path: file.path, line: 1, message: "is not named in kebab-case." }]),
    ]);
};
