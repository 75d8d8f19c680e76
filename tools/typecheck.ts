/**
 * Type-checks every workspace, each against the libraries that it may use and no others: one TypeScript
 * program for every `tsconfig*.json` but those of the build. Names of folders as arguments narrow it down.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { createChecks } from "./checks.js";
import { filesBelow } from "./files.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));

interface Checked {
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
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, output: chunks.join("") }));
  });
}

const wanted = process.argv.slice(2);
const found = filesBelow(root).filter((path) => /(^|\/)tsconfig(\.\w+)?\.json$/.test(path) && !path.endsWith(".build.json"));
const projects = wanted.length === 0 ? found : found.filter((path) => wanted.some((folder) => path.startsWith(folder)));
const checks = createChecks();
const queue = [...projects];

async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await check(next);
    await checks.check(next, () => {
      if (!result.ok) throw new Error(result.output);
    });
  }
}

await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, work));
await checks.finish();
