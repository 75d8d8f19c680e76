/**
 * Bundles a hunt with a mutant in it: the replacement is made while the one file is loaded, so that no source is touched.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Edit } from "./mutants/mutant.js";

/** The root of the repository, with a slash at the end. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

export const cacheFolder = `${root}node_modules/.cache/gen-leader/mutants`;

/** How often a text stands in another. */
export function occurrences(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** The source of a file with the edits made in it. @throws if what is to be replaced does not stand there exactly once */
export function editedSource(file: string, edits: readonly Edit[]): string {
  let source = readFileSync(`${root}${file}`, "utf8");
  for (const { from, to } of edits.filter((edit) => edit.file === file)) {
    const times = occurrences(source, from);
    if (times !== 1) throw new Error(`${file} holds ${times} times, not once: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}

/** Writes a bundle of `entry`. Whether all edited files are part of it: a hunt that does not run them cannot tell. */
export async function bundleHunt(entry: string, outfile: string, edits: readonly Edit[]): Promise<boolean> {
  const edited = new Map([...new Set(edits.map(({ file }) => file))].map((file) => [`${root}${file}`, editedSource(file, edits)]));
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["gen-leader-source"],
    metafile: true,
    logLevel: "error",
    plugins: [
      {
        name: "mutant",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const contents = edited.get(path);
            return contents === undefined ? null : { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
  return edits.every(({ file }) => used.some(([path, { bytesInOutput }]) => path === file && bytesInOutput > 0));
}
