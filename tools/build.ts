/**
 * Builds what is published, and the playground's site. The private packages are inlined, declarations too: those are
 * emitted eagerly by a program that names all sources, since tsdown otherwise starts a program for every file.
 *
 * @module
 */
import { spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { build } from "tsdown";
import { type BuiltModule, builtModules, publishedFolders, readManifest, root, stage } from "./published.js";

async function buildModules(folder: string, modules: readonly BuiltModule[], forNode: boolean): Promise<void> {
  const wanted = modules.filter((module) => module.forNode === forNode);
  if (wanted.length === 0) return;
  const outDir = forNode ? "dist/node" : "dist";
  await build({
    config: false,
    cwd: `${root}${folder}`,
    tsconfig: "tsconfig.build.json",
    entry: Object.fromEntries(wanted.map(({ target, source }) => [target.slice(outDir.length + 1), source])),
    outDir,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    fixedExtension: false,
    clean: false,
    dts: wanted.some(({ declared }) => declared) && { eager: true },
    sourcemap: true,
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
  for (const { target, declared } of wanted) if (!declared) await rm(`${root}${folder}/${target}.d.ts`, { force: true });
}

for (const folder of publishedFolders) {
  const modules = builtModules(await readManifest(folder));
  await rm(`${root}${folder}/dist`, { recursive: true, force: true });
  await buildModules(folder, modules, false);
  await buildModules(folder, modules, true);
  await stage(folder);
  console.log(`built ${folder}: ${modules.map(({ target }) => target).join(", ")}`);
}

const site = spawnSync("npm", ["run", "build", "--workspace", "playground"], { cwd: root, stdio: "inherit" });
process.exitCode = site.status ?? 1;
