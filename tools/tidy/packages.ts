/**
 * The packages of the repository and the directions in which they may import: the one table of layers.
 *
 * @module
 */
import type { TextFile } from "./rule.js";

/** Which modules from outside the repository a folder may import. */
export type Outside =
  /** None at all. */
  | "none"
  /** Node's own modules. */
  | "node"
  /** Node's own modules, and what the package or the root declares as a dependency. */
  | "declared";

/** One folder and what it may import beside itself. */
export interface Layer {
  /** A folder; the longest that matches a path counts. `*` stands for one segment. */
  readonly folder: string;
  /** Workspaces, by package name. */
  readonly workspaces: readonly string[];
  /** Workspaces of which only types may be imported. */
  readonly typesOf?: readonly string[];
  readonly outside: Outside;
}

const everything = ["@gen-leader/protocol", "@gen-leader/adapters", "@gen-leader/behaviour", "gen-leader", "@gen-leader/testing"];
const published = ["gen-leader", "@gen-leader/testing", "@gen-leader/store"];

/**
 * Imports point downward. Behaviour and adapters never see each other: they meet in `gen-leader`, in tests or in a
 * user's code. Tests may bring together whatever they test.
 */
export const layers: readonly Layer[] = [
  { folder: "packages/protocol/src", workspaces: [], outside: "none" },
  { folder: "packages/adapters/src", workspaces: [], typesOf: ["@gen-leader/protocol"], outside: "none" },
  { folder: "packages/adapters/src/worker-threads", workspaces: [], typesOf: ["@gen-leader/protocol"], outside: "node" },
  { folder: "packages/behaviour/src", workspaces: ["@gen-leader/protocol"], outside: "none" },
  {
    folder: "packages/gen-leader/src",
    workspaces: ["@gen-leader/protocol", "@gen-leader/behaviour", "@gen-leader/adapters"],
    outside: "none",
  },
  { folder: "packages/testing/src", workspaces: ["@gen-leader/protocol", "gen-leader"], outside: "none" },
  { folder: "packages/testing/src/contracts", workspaces: ["@gen-leader/protocol", "@gen-leader/behaviour"], outside: "declared" },
  { folder: "packages/store/src", workspaces: ["gen-leader"], outside: "declared" },
  { folder: "packages/*/test", workspaces: [...everything, "@gen-leader/example-dictionary", "@gen-leader/tools"], outside: "declared" },
  { folder: "examples/*", workspaces: [...published, "@gen-leader/tools"], outside: "declared" },
  { folder: "examples/*/src", workspaces: published, outside: "none" },
  { folder: "playground", workspaces: [...published, "@gen-leader/example-dictionary", "@gen-leader/tools"], outside: "declared" },
  { folder: "e2e", workspaces: [...published, "@gen-leader/example-dictionary", "@gen-leader/tools"], outside: "declared" },
  { folder: "proof", workspaces: [...published, "@gen-leader/example-dictionary", "@gen-leader/tools"], outside: "declared" },
  { folder: "tools", workspaces: [...published, "@gen-leader/example-dictionary"], outside: "declared" },
];

/** The layer that a path lies in, or undefined for files at the root. */
export function layerOf(path: string): Layer | undefined {
  const matching = layers.filter(({ folder }) => matches(path, folder));
  return matching.sort((a, b) => b.folder.split("/").length - a.folder.split("/").length)[0];
}

function matches(path: string, folder: string): boolean {
  const segments = path.split("/");
  return folder.split("/").every((part, index) => part === "*" || part === segments[index]);
}

/** One workspace as its package.json tells. */
export interface Workspace {
  readonly name: string;
  /** Its folder, relative to the root; empty for the root itself. */
  readonly folder: string;
  /** Source of every exported subpath, by subpath: `"."`, `"./*"` … */
  readonly entries: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
  /** Sources of the package's own `#` imports, one for every runtime, by name. */
  readonly privateImports: ReadonlyMap<string, readonly string[]>;
}

/** All workspaces among the files, the root included. */
export function workspacesOf(files: readonly TextFile[]): readonly Workspace[] {
  return files.filter((file) => /(^|\/)package\.json$/.test(file.path)).map(readWorkspace);
}

/** The workspace that a path belongs to. */
export function workspaceOf(path: string, workspaces: readonly Workspace[]): Workspace | undefined {
  const containing = workspaces.filter(({ folder }) => folder === "" || path.startsWith(`${folder}/`));
  return containing.sort((a, b) => b.folder.length - a.folder.length)[0];
}

const sourceCondition = "gen-leader-source";

function readWorkspace(file: TextFile): Workspace {
  const folder = file.path === "package.json" ? "" : file.path.slice(0, -"/package.json".length);
  const manifest = record(JSON.parse(file.text));
  const entries = new Map<string, string>();
  for (const [subpath, target] of Object.entries(record(manifest.exports))) {
    const [source] = sourcesOf(target, folder);
    if (source !== undefined) entries.set(subpath, source);
  }
  const fields = ["dependencies", "devDependencies", "peerDependencies"] as const;
  const dependencies = new Set(fields.flatMap((field) => Object.keys(record(manifest[field]))));
  const privateImports = new Map(Object.entries(record(manifest.imports)).map(([name, target]) => [name, sourcesOf(target, folder)]));
  return { name: String(manifest.name ?? ""), folder, entries, dependencies, privateImports };
}

/** Every source in a tree of conditions. */
function sourcesOf(target: unknown, folder: string, within = false): readonly string[] {
  if (typeof target === "string") return within ? [`${folder}/${target.replace(/^\.\//, "")}`] : [];
  return Object.entries(record(target)).flatMap(([key, value]) => sourcesOf(value, folder, within || key === sourceCondition));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
