/**
 * Imports point downward, through the front door: the table in packages.ts, no deep imports.
 *
 * @module
 */
import { type Layer, layerOf, type Workspace, workspaceOf, workspacesOf } from "./packages.js";
import { resolveImport, sameWorkspace, type Target } from "./resolve.js";
import type { Problem, Rule, TextFile } from "./rule.js";
import { type ImportedModule, importsOf, isCode } from "./source.js";

/** Every import of every file goes where its layer may go. */
export const importDirections: Rule = (files) => {
  const workspaces = workspacesOf(files);
  const paths = new Set(files.map((file) => file.path));
  const problems: Problem[] = [];
  for (const file of files.filter(isCode)) {
    const layer = nodeFiles.test(file.path) ? nodeLayer(layerOf(file.path)) : layerOf(file.path);
    if (layer === undefined) continue;
    for (const imported of importsOf(file)) {
      const target = resolveImport(file.path, imported.specifier, paths, workspaces);
      const message = complaint(file, imported, target, layer, workspaces, paths);
      if (message !== undefined) problems.push({ path: file.path, line: imported.line, message });
    }
  }
  return problems;
};

/** What is for Node alone says so in its name, wherever it stands. */
const nodeFiles = /^packages\/(adapters\/src\/.*worker-threads|(adapters|gen-leader)\/src\/.*\.node\.ts$)/;

function nodeLayer(layer: Layer | undefined): Layer | undefined {
  return layer && { ...layer, outside: "node" };
}

function complaint(
  file: TextFile,
  { specifier, typeOnly }: ImportedModule,
  target: Target,
  layer: Layer,
  workspaces: readonly Workspace[],
  paths: ReadonlySet<string>,
): string | undefined {
  switch (target.type) {
    case "missing":
      return exempt(file, specifier, workspaces) ? undefined : `imports "${specifier}", which does not exist.`;
    case "file":
      if (!sameWorkspace(file.path, target.path, workspaces)) {
        return `reaches into another package with "${specifier}": import the package by its name.`;
      }
      if (file.path.includes("/src/") && /\/(test|demo)\//.test(target.path)) return `imports the test "${specifier}" from a source.`;
      return undefined;
    case "workspace":
      return workspaceComplaint(file, specifier, typeOnly, target, layer, paths);
    case "node":
      return layer.outside === "none" ? `imports the platform ("${specifier}"): ${layer.folder} knows no platform.` : undefined;
    case "package": {
      const own = workspaceOf(file.path, workspaces)?.dependencies.has(target.name) ?? false;
      const root = workspaces.find(({ folder }) => folder === "")?.dependencies.has(target.name) ?? false;
      if (layer.outside !== "declared") return `imports "${specifier}" from outside the repository: ${layer.folder} has no dependencies.`;
      return own || root ? undefined : `imports "${specifier}", which neither its package.json nor the root's declares.`;
    }
  }
}

function workspaceComplaint(
  file: TextFile,
  specifier: string,
  typeOnly: boolean,
  { workspace, path }: Extract<Target, { type: "workspace" }>,
  layer: Layer,
  paths: ReadonlySet<string>,
): string | undefined {
  const own = file.path.startsWith(`${workspace.folder}/`);
  if (path === undefined || !paths.has(path)) return `imports "${specifier}", which ${workspace.name} does not export.`;
  if (own && file.path.includes("/src/")) return `imports its own package as "${specifier}": use a relative import.`;
  if (own || layer.workspaces.includes(workspace.name)) return undefined;
  if (!layer.typesOf?.includes(workspace.name)) return `imports upward: ${layer.folder} may not import ${workspace.name}.`;
  return typeOnly ? undefined : `imports values of ${workspace.name}: ${layer.folder} may import types of it only ("import type").`;
}

/** Assets that a bundler resolves, and a package's own `#` imports. */
function exempt(file: TextFile, specifier: string, workspaces: readonly Workspace[]): boolean {
  if (specifier.startsWith("#")) return workspaceOf(file.path, workspaces)?.privateImports.has(specifier) ?? false;
  return /\.(css|svg|png|html)(\?\w+)?$/.test(specifier) && file.path.startsWith("playground/");
}
