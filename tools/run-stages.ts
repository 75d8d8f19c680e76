/**
 * `npm test` and `npm run check`: every stage in turn, whatever became of the one before, and at the end the sum of
 * what their reporters wrote. The last line is `N passed, N failed`. Names of stages narrow it down: `npm test -- unit`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { checksVariable } from "./checks.js";
import { ensureChromium } from "./chromium.js";
import { engineVariables } from "./find-browser.js";
import { root } from "./published.js";
import { brokenOutcome, type Outcome, printOutcomes, withExit } from "./stages/outcome.js";
import { readChecks, readPlaywrightReport, readVitestReport } from "./stages/reports.js";

interface Stage {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Relative to the root; left out where the exit code is all that there is. */
  readonly report?: { readonly path: string; readonly read: (text: string) => Outcome };
}

const folder = "node_modules/.cache/gen-leader/reports";
const limitMs = 12 * 60_000;

const vitestStage = (name: string, script: string): Stage => {
  const path = `${folder}/${name}.json`;
  return {
    name,
    command: ["npm", "run", "--silent", script, "--", "--reporter=default", "--reporter=json", `--outputFile.json=${path}`],
    report: { path, read: readVitestReport },
  };
};

const checksStage = (name: string, ...command: [string, ...string[]]): Stage => {
  return { name, command, report: { path: `${folder}/${name}.json`, read: readChecks } };
};

const testStages: readonly Stage[] = [
  checksStage("types", "npm", "run", "--silent", "typecheck"),
  { name: "format", command: ["npm", "run", "--silent", "lint:style"] },
  { name: "promises", command: ["npm", "run", "--silent", "lint:promises"] },
  vitestStage("unit", "test:unit"),
  vitestStage("threads", "test:threads"),
  {
    name: "end-to-end",
    command: ["npm", "run", "--silent", "e2e"],
    report: { path: "e2e/test-results/report.json", read: readPlaywrightReport },
  },
];

const checkStages: readonly Stage[] = [
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  checksStage("packages", "tsx", "tools/check-packages.ts"),
  checksStage("readme", "tsx", "tools/check-readme.ts"),
];

async function runStage({ name, command, report }: Stage, env: NodeJS.ProcessEnv): Promise<Outcome> {
  console.log(`\n── ${name}: ${command.join(" ")}`);
  if (report !== undefined) await rm(`${root}${report.path}`, { force: true });
  const checksFile = report?.read === readChecks ? { [checksVariable]: `${root}${report.path}` } : {};
  const code = await runToEnd(command, { ...env, ...checksFile });
  if (report === undefined)
    return withExit(code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : brokenOutcome("see above"), code);
  const text = await readFile(`${root}${report.path}`, "utf8").catch(() => undefined);
  if (text === undefined) return brokenOutcome(`ended with code ${code} and left no report`);
  return withExit(report.read(text), code);
}

/** Runs a program in a group of its own, so that nothing that it started outlives its limit. */
function runToEnd([program, ...args]: Stage["command"], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"], detached: true });
    const endGroup = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(() => {
      console.error(`took longer than ${limitMs / 60_000} minutes`);
      endGroup();
    }, limitMs);
    const interrupted = (): void => {
      endGroup();
      process.exit(130);
    };
    process.once("SIGINT", interrupted);
    process.once("SIGTERM", interrupted);
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", interrupted);
      resolve(code);
    };
    child.on("error", (error) => {
      console.error(error.message);
      settle(null);
    });
    child.on("close", settle);
  });
}

/** Sets the Chromium that all stages use. */
async function browserStage(): Promise<{ outcome: Outcome; path: string | undefined }> {
  console.log("── browser: looking for a Chromium");
  try {
    const path = await ensureChromium();
    console.log(path);
    return { outcome: { passed: 1, failed: 0, skipped: 0, failures: [] }, path };
  } catch (error) {
    return { outcome: brokenOutcome(error instanceof Error ? error.message : String(error)), path: undefined };
  }
}

const [mode, ...wanted] = process.argv.slice(2);
const allStages = mode === "check" ? [...testStages, ...checkStages] : testStages;
const stages = wanted.length === 0 ? allStages : allStages.filter(({ name }) => wanted.includes(name));
const outcomes = new Map<string, Outcome>();
await mkdir(`${root}${folder}`, { recursive: true });
const browser = await browserStage();
outcomes.set("browser", browser.outcome);
const env = browser.path === undefined ? process.env : { ...process.env, [engineVariables.chromium]: browser.path };
for (const stage of stages) {
  const outcome = await runStage(stage, env).catch((error: unknown) => brokenOutcome(String(error)));
  outcomes.set(stage.name, outcome);
}
console.log(printOutcomes(outcomes));
process.exitCode = [...outcomes.values()].some(({ failed }) => failed > 0) ? 1 : 0;
