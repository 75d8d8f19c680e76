/**
 * Where an import leads: to a file of the same workspace, to an entry of another, or outside.
 *
 * @module
 */
import { posix } from "node:path";
import { type Workspace, workspaceOf } from "./packages.js";

/** What an import names. */
export type Target =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "workspace"; readonly workspace: Workspace; readonly path: string | undefined }
  | { readonly type: "node" }
  | { readonly type: "package"; readonly name: string }
  | { readonly type: "missing" };

/** Says where `specifier` leads when `from` imports it. `paths` are all files that exist. */
export function resolveImport(from: string, specifier: string, paths: ReadonlySet<string>, workspaces: readonly Workspace[]): Target {
  const bare = specifier.split("?")[0] ?? specifier;
  if (bare.startsWith("#")) return { type: "missing" };
  if (bare.startsWith(".")) {
    const path = fileAt(posix.join(posix.dirname(from), bare), paths);
    return path === undefined ? { type: "missing" } : { type: "file", path };
  }
  if (bare.startsWith("node:")) return { type: "node" };
  const name = bare.split("/", bare.startsWith("@") ? 2 : 1).join("/");
  const workspace = workspaces.find((candidate) => candidate.folder !== "" && candidate.name === name);
  if (workspace === undefined) return { type: "package", name };
  return { type: "workspace", workspace, path: entryOf(workspace, `.${bare.slice(name.length)}`) };
}

/** Whether two paths lie in one workspace. */
export function sameWorkspace(a: string, b: string, workspaces: readonly Workspace[]): boolean {
  return workspaceOf(a, workspaces) === workspaceOf(b, workspaces);
}

function fileAt(path: string, paths: ReadonlySet<string>): string | undefined {
  const stem = path.replace(/\.js$/, "");
  return [path, `${stem}.ts`, `${stem}.tsx`, `${stem}.d.ts`].find((candidate) => paths.has(candidate));
}

function entryOf(workspace: Workspace, subpath: string): string | undefined {
  const exact = workspace.entries.get(subpath);
  if (exact !== undefined) return exact;
  for (const [pattern, target] of workspace.entries) {
    const [before, after] = pattern.split("*");
    if (before === undefined || after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue;
    return target.replace("*", subpath.slice(before.length, subpath.length - after.length));
  }
  return undefined;
}
