/**
 * The packages that users install: what is built for each, and the folder that is packed.
 *
 * Inside the repository a package's exports name its sources first. What is published is staged in `.pack`: the built
 * files, the licence, the README, and a package.json without the source condition, which would lead nowhere.
 *
 * @module
 */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fieldsOf } from "./fields.js";

/** The root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Folders of the packages that are published. */
export const publishedFolders = ["packages/gen-leader", "packages/testing", "packages/store"] as const;

const sourceCondition = "gen-leader-source";

/** One module that is built. */
export interface BuiltModule {
  /** Relative to the package, without an extension: `dist/node/index`. */
  readonly target: string;
  /** Relative to the package: `src/index.ts`. */
  readonly source: string;
  /** Whether it is built for Node, so that a package's own `#` imports resolve as they do there. */
  readonly forNode: boolean;
  /** Whether exports name its declarations. */
  readonly declared: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The package.json of a folder. */
export async function readManifest(folder: string): Promise<Fields> {
  return fieldsOf(JSON.parse(await readFile(`${root}${folder}/package.json`, "utf8")));
}

/** Every module that a package's exports lead to once it is built. */
export function builtModules(manifest: Fields): readonly BuiltModule[] {
  return Object.values(fieldsOf(manifest.exports)).flatMap((entry) => {
    const { [sourceCondition]: source, types, ...targets } = fieldsOf(entry);
    if (typeof source !== "string") return [];
    return Object.values(targets).flatMap((path): readonly BuiltModule[] => {
      if (typeof path !== "string") return [];
      const target = path.replace(/^\.\//, "").replace(/\.js$/, "");
      const declared = types === `./${target}.d.ts`;
      return [{ target, source: source.replace(/^\.\//, ""), forNode: target.startsWith("dist/node/"), declared }];
    });
  });
}

/** The package.json that is published: no source condition, nothing that only the repository needs. */
export function publishedManifest(manifest: Fields): Fields {
  const { imports: _imports, devDependencies: _devDependencies, scripts: _scripts, publishConfig: _publishConfig, ...rest } = manifest;
  const exports = Object.entries(fieldsOf(manifest.exports)).map(([subpath, entry]) => {
    if (typeof entry === "string") return [subpath, entry];
    const { [sourceCondition]: _source, ...conditions } = fieldsOf(entry);
    return [subpath, conditions];
  });
  return { ...rest, exports: Object.fromEntries(exports) };
}

/** Fills a package's `.pack` folder from what was built, and returns its path. */
export async function stage(folder: string): Promise<string> {
  const target = `${root}${folder}/.pack`;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await cp(`${root}${folder}/dist`, `${target}/dist`, { recursive: true });
  await cp(`${root}LICENSE`, `${target}/LICENSE`);
  await cp(`${root}${await readmeOf(folder)}`, `${target}/README.md`);
  const manifest = publishedManifest(await readManifest(folder));
  await writeFile(`${target}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
  return target;
}

/** A package's own README, or the one of the repository. */
async function readmeOf(folder: string): Promise<string> {
  const own = `${folder}/README.md`;
  return (await readdir(`${root}${folder}`)).includes("README.md") ? own : "README.md";
}
