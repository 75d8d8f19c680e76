/**
 * What users load: the bytes of one import of the built package, minified and gzipped, in a browser.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./published.js";

/** One import whose size matters. */
export interface SizeAim {
  /** The package that it is imported from. */
  readonly folder: string;
  readonly name: string;
  /** What it is to weigh one day. */
  readonly aimBytes: number;
  /** What it may weigh now: the check fails above it, so that it grows no further unnoticed. */
  readonly limitBytes: number;
}

/** The aims; kB are thousands of bytes. */
export const sizeAims: readonly SizeAim[] = [
  { folder: "packages/gen-leader", name: "lead", aimBytes: 5000, limitBytes: 27_600 },
  { folder: "packages/gen-leader", name: "start", aimBytes: 8000, limitBytes: 34_700 },
  // Without what it stands on.
  { folder: "packages/store", name: "openStore", aimBytes: 6000, limitBytes: 10_000 },
];

/** An import and what it weighs. */
export interface Size extends SizeAim {
  readonly minifiedBytes: number;
  readonly gzippedBytes: number;
}

/** Weighs each import as its package is packed, without the packages that this one depends on. */
export function measureSizes(): Promise<readonly Size[]> {
  return Promise.all(sizeAims.map(measure));
}

/** Whether an import is so heavy that the check fails. */
export function isTooHeavy({ limitBytes, gzippedBytes }: Size): boolean {
  return gzippedBytes > limitBytes;
}

/** The sizes as a table for people. */
export function printSizes(sizes: readonly Size[]): string {
  const rows = sizes.map((size) => {
    const verdict = isTooHeavy(size)
      ? `over the limit of ${kilobytes(size.limitBytes).trim()}`
      : size.gzippedBytes > size.aimBytes
        ? "over the aim"
        : "";
    return [size.name, kilobytes(size.aimBytes), kilobytes(size.gzippedBytes), kilobytes(size.minifiedBytes), verdict];
  });
  const table = [["import", "aim", "gzipped", "minified", ""], ...rows];
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(9) : cell.padStart(9)))
        .join(" ")
        .trimEnd(),
    )
    .join("\n");
}

async function measure(aim: SizeAim): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${aim.name} } from "./dist/index.js";`, resolveDir: `${root}${aim.folder}/.pack` },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2023",
    legalComments: "none",
    packages: "external",
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { ...aim, minifiedBytes: code.byteLength, gzippedBytes: gzipSync(code, { level: 9 }).byteLength };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
