/**
 * Bundles one published package with its private parts inlined, declarations too. Those are emitted eagerly by a
 * program that names all sources, since tsdown otherwise starts a program for every file.
 *
 * @module
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "tsdown";
import { type BuiltModule, builtModules, readManifest, root } from "./published.js";

/** What to make of a package. */
export interface BundleOptions {
  /** Where `dist` is made. @default the package's own folder */
  readonly into?: string;
  /** @default false */
  readonly declarationsOnly?: boolean;
}

/** Bundles every module that the exports of the package in `folder` name. Returns them. */
export async function bundlePackage(
  folder: string,
  { into, declarationsOnly = false }: BundleOptions = {},
): Promise<readonly BuiltModule[]> {
  const target = into ?? `${root}${folder}`;
  const modules = builtModules(await readManifest(folder));
  await rm(join(target, "dist"), { recursive: true, force: true });
  for (const forNode of [false, true]) {
    const wanted = modules.filter((module) => module.forNode === forNode && (module.declared || !declarationsOnly));
    if (wanted.length > 0) await bundle(folder, target, wanted, forNode, declarationsOnly);
  }
  return modules;
}

async function bundle(
  folder: string,
  into: string,
  modules: readonly BuiltModule[],
  forNode: boolean,
  declarationsOnly: boolean,
): Promise<void> {
  const outDir = forNode ? "dist/node" : "dist";
  await build({
    config: false,
    cwd: `${root}${folder}`,
    tsconfig: "tsconfig.build.json",
    entry: Object.fromEntries(modules.map(({ target, source }) => [target.slice(outDir.length + 1), source])),
    outDir: join(into, outDir),
    format: "esm",
    platform: "neutral",
    target: "es2023",
    fixedExtension: false,
    clean: false,
    dts: modules.some(({ declared }) => declared) && { eager: true, emitDtsOnly: declarationsOnly },
    sourcemap: !declarationsOnly,
    hash: false,
    external: [/^node:/, "vitest"],
    noExternal: [/^@gen-leader\//],
    outputOptions: { chunkFileNames: "shared/[name].js" },
    inputOptions: {
      checks: { pluginTimings: false },
      resolve: { conditionNames: ["gen-leader-source", ...(forNode ? ["node"] : []), "import", "default"] },
    },
    logLevel: "warn",
  });
  for (const { target, declared } of modules) if (!declared) await rm(join(into, `${target}.d.ts`), { force: true });
}
