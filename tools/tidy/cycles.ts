/**
 * No file imports itself, however long the way round.
 *
 * @module
 */
import { workspacesOf } from "./packages.js";
import { resolveImport } from "./resolve.js";
import type { Problem, Rule } from "./rule.js";
import { importsOf, isCode } from "./source.js";

/** There are no import cycles, types included: files that need each other's types share a third. */
export const noCycles: Rule = (files) => {
  const workspaces = workspacesOf(files);
  const paths = new Set(files.map((file) => file.path));
  const graph = new Map<string, readonly string[]>();
  for (const file of files.filter(isCode)) {
    const targets = importsOf(file).map(({ specifier }) => resolveImport(file.path, specifier, paths, workspaces));
    graph.set(
      file.path,
      targets.flatMap((target) => (target.type === "file" || target.type === "workspace" ? (target.path ?? []) : [])),
    );
  }
  return findCycles(graph).map((cycle): Problem => {
    const path = cycle[0] ?? "";
    return {
      path,
      line: 1,
      message: `is part of an import cycle: ${[...cycle, path].join(" -> ")}. Move what they share to a file of its own.`,
    };
  });
};

/** One cycle for every edge that closes one in a depth-first walk. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) cycles.push(trail.slice(seenAt));
    if (seenAt >= 0 || done.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}
