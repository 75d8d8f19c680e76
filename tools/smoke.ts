/**
 * `npm run smoke`: runs the demo on every runtime of threads that is supported: the Nodes, Deno and Bun. This process's own Node is
 * one of them; the others come from npm into a cache, on the first run. `npm run smoke -- deno bun` runs those alone.
 *
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fieldsOf } from "./fields.js";
import { createMachine, type Machine } from "./machine.js";
import { root } from "./published.js";

/** What the demo has to pass on. */
interface Runtime {
  readonly name: "node" | "deno" | "bun";
  /** Of Node, the major; of the others npm's newest, which this project pins nowhere. */
  readonly release: string;
  /** The package of npm that brings it, and where in `node_modules` its program is. */
  readonly package: string;
  readonly program: string;
  /** How it runs TypeScript of the workspaces. */
  readonly flags: readonly string[];
}

const condition = "--conditions=gen-leader-source";
/** The package `bun` fetches this one in a script of its installation. */
const bunPackage = `@oven/bun-${process.platform}-${process.arch === "arm64" ? "aarch64" : process.arch}`;
const nodePackage = `node-${process.platform}-${process.arch}`;

const runtimes: readonly Runtime[] = [
  ...["20", "22", "24", "26"].map(
    (release): Runtime => ({
      name: "node",
      release,
      package: nodePackage,
      program: `${nodePackage}/bin/node`,
      flags: [condition, "--import", "tsx"],
    }),
  ),
  // Imports of TypeScript name the file that it is compiled to, which Deno calls sloppy.
  { name: "deno", release: "2", package: "deno", program: ".bin/deno", flags: ["run", "-A", "--unstable-sloppy-imports", condition] },
  { name: "bun", release: "1", package: bunPackage, program: `${bunPackage}/bin/bun`, flags: [condition] },
];

const installMs = 5 * 60_000;
const demoMs = 3 * 60_000;

interface Row {
  readonly runtime: string;
  readonly outcome: string;
  readonly ok: boolean;
}

/** The path of the runtime's program: the running one, or one that npm brings. */
async function programOf(machine: Machine, { name, release, package: from, program }: Runtime): Promise<string> {
  if (name === "node" && process.versions.node.startsWith(`${release}.`)) return process.execPath;
  const folder = `${root}node_modules/.cache/gen-leader/${name}/${release}`;
  const path = `${folder}/node_modules/${program}`;
  if (machine.exists(path)) return path;
  machine.say(`Installing ${name} ${release} from npm (${from}@${release}) into node_modules/.cache.`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/package.json`, JSON.stringify({ private: true }));
  const { code, output } = await machine.run(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", `${from}@${release}`],
    installMs,
    folder,
  );
  if (code !== 0) throw new Error(`npm could not install it: ${output.trim().split("\n")[0]}`);
  return path;
}

async function smoke(machine: Machine, runtime: Runtime): Promise<Row> {
  try {
    const program = await programOf(machine, runtime);
    const version = (await machine.run(program, ["--version"], demoMs)).output.match(/\d+\.\d+\.\d+/)?.[0];
    const named = `${runtime.name} ${version ?? runtime.release}`;
    const { code, output } = await machine.run(program, [...runtime.flags, "demo/main.ts", "--json"], demoMs, `${root}examples/dictionary`);
    const lines = output.trim().split("\n");
    const last = lines.findLast((line) => line.startsWith("{")) ?? lines.at(-1) ?? "";
    if (code !== 0) return { runtime: named, outcome: `ended with code ${code}: ${last}`, ok: false };
    const { threads, rounds, acknowledged, lost, failoverMs } = fieldsOf(JSON.parse(last));
    const figures = `${threads} threads, ${rounds} rounds, ${acknowledged} acknowledged, ${lost} lost, failover ${fieldsOf(failoverMs).median} ms`;
    return { runtime: named, outcome: figures, ok: lost === 0 };
  } catch (error) {
    return { runtime: `${runtime.name} ${runtime.release}`, outcome: error instanceof Error ? error.message : String(error), ok: false };
  }
}

const machine = createMachine();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (unknown.length > 0) throw new Error(`No runtime is called ${unknown.join(" or ")}: there are node, deno and bun.`);
const rows: Row[] = [];
for (const runtime of runtimes) {
  if (asked.length > 0 && !asked.includes(runtime.name)) continue;
  const row = await smoke(machine, runtime);
  rows.push(row);
  console.log(`${row.ok ? "ok    " : "failed"}  ${row.runtime.padEnd(14)} ${row.outcome}`);
}
const failed = rows.filter(({ ok }) => !ok).length;
console.log(`${rows.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
