/**
 * Type-checks every workspace, each against the libraries that it may use and no others: one TypeScript
 * program for every `tsconfig*.json` below a workspace but those of the build. Names of folders as arguments narrow it down.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { filesBelow } from "./files.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

interface Checked {
  readonly project: string;
  readonly ok: boolean;
  readonly output: string;
}

function check(project: string): Promise<Checked> {
  const buildInfo = `node_modules/.cache/gen-leader/types/${project.replaceAll("/", "_")}.tsbuildinfo`;
  const flags = ["--incremental", "--tsBuildInfoFile", buildInfo, "--pretty", String(process.stdout.isTTY === true)];
  const child = spawn(process.execPath, [compiler, "-p", project, ...flags], { cwd: root });
  return new Promise((resolve) => {
    const chunks: string[] = [];
    child.stdout.on("data", (chunk) => chunks.push(String(chunk)));
    child.stderr.on("data", (chunk) => chunks.push(String(chunk)));
    child.on("error", (error) => resolve({ project, ok: false, output: error.message }));
    child.on("close", (code) => resolve({ project, ok: code === 0, output: chunks.join("") }));
  });
}

const wanted = process.argv.slice(2);
const found = filesBelow(root).filter((path) => /\/tsconfig(\.\w+)?\.json$/.test(path) && !path.endsWith(".build.json"));
const projects = wanted.length === 0 ? found : found.filter((path) => wanted.some((folder) => path.startsWith(folder)));
const results: Checked[] = [];
const queue = [...projects];

async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await check(next);
    results.push(result);
    if (!result.ok) process.stdout.write(`${result.output.trimEnd()}\n`);
  }
}

await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
const failed = results.filter((result) => !result.ok).map((result) => result.project);
console.log(failed.length === 0 ? `types: ${results.length} programs, no errors` : `types: errors in ${failed.sort().join(", ")}`);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
