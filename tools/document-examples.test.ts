/**
 * Every example in the documents type-checks and runs. Those of the README are run in a fresh app by check-readme.ts.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesBelow } from "./files.js";
import { type Example, readExamples } from "./readme-examples.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = filesBelow(root).filter((path) => /^(docs|packages)\/.*\.md$/.test(path));
const exampleLimitMs = 60_000;

/** Where an example stands for the compilers: beside what may import the packages by name, and in no file. */
const placeOf = (file: string): string => join(root, "tools", "example", file);

/** Takes the files of one document for files of that folder. */
function inFolder(examples: readonly Example[]): Plugin {
  const texts = new Map(examples.map(({ file, code }) => [placeOf(file), code]));
  return {
    name: "examples",
    setup(builder) {
      builder.onResolve({ filter: /^[./]/ }, ({ path, importer, kind }) => {
        const wanted = kind === "entry-point" ? path : join(dirname(importer), path.replace(/\.js$/, ".ts"));
        return texts.has(wanted) ? { path: wanted } : null;
      });
      builder.onLoad({ filter: /[\\/]tools[\\/]example[\\/]/ }, ({ path }) => ({
        contents: texts.get(path) ?? "",
        loader: "ts",
        resolveDir: join(root, "tools"),
      }));
    },
  };
}

/** What the compiler complains of. */
function complaints(examples: readonly Example[]): readonly string[] {
  const texts = new Map(examples.map(({ file, code }) => [placeOf(file), code]));
  const configuration = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...configuration.config, files: ["x.ts"] }, ts.sys, root);
  const host = ts.createCompilerHost({ ...options, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] });
  const { directoryExists, fileExists, readFile: read, getSourceFile } = host;
  host.directoryExists = (path) => path === dirname(placeOf("x")) || (directoryExists?.(path) ?? true);
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? read(path);
  host.getSourceFile = (path, ...rest) => {
    const text = texts.get(path);
    return text === undefined ? getSourceFile(path, ...rest) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2023);
  };
  const program = ts.createProgram([...texts.keys()], { ...options, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] }, host);
  return [...texts.keys()].flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  );
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gen-leader-examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs an example in Node as a program of its own. What it prints. */
async function run(example: Example, examples: readonly Example[]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [placeOf(example.file)],
    plugins: [inFolder(examples)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["gen-leader-source", "node"],
    logLevel: "silent",
  });
  const program = join(folder, example.file.replace(/\.ts$/, ".mjs"));
  await writeFile(program, outputFiles[0]?.contents ?? "");
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: exampleLimitMs });
  return stdout;
}

for (const path of documents) {
  const examples = readExamples(await readFile(join(root, path), "utf8"));
  if (examples.length > 0)
    describe(path, () => {
      test("the examples type-check", { timeout: exampleLimitMs }, () => {
        expect(complaints(examples)).toEqual([]);
      });

      test.each(examples)("$file runs", { timeout: exampleLimitMs }, async (example) => {
        const told = await run(example, examples);
        if (example.code.includes("console.log")) expect(told).not.toBe("");
      });
    });
}
