/**
 * `npm run e2e`: makes sure of a browser, serves the pages, runs the scenarios, and says what they came to.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { engineVariables } from "@gen-leader/tools/browsers";
import { parseOptions, type RunOptions, usage } from "./options.js";
import { runCommand } from "./support/command.js";
import { engineVariable } from "./support/engine.js";
import { enginesPage, printEnginesPage, readRecords, recordOf } from "./support/engines-page.js";
import { ensureEngine } from "./support/launch.js";
import { printSummary, type RunnerReport, summarise } from "./support/report.js";
import { type Share, selection, shares, shareVariable, together } from "./support/shares.js";
import { serveSite } from "./support/site.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const results = new URL("./test-results/", import.meta.url);
const runner = createRequire(import.meta.url).resolve("@playwright/test/cli");

/** Runs a share of the scenarios in processes of its own. Resolves with the exit code. */
function runScenarios(
  { engine, grep, repeat, starts }: RunOptions,
  environment: Readonly<Record<string, string>>,
  share: Share,
): Promise<number> {
  // The scenarios import packages of the repository, whose sources are found under this condition; it is handed on to every process.
  const args = [
    "--conditions=gen-leader-source",
    runner,
    "test",
    "--config",
    "playwright.config.ts",
    "--repeat-each",
    String(repeat),
    ...selection(share, grep),
  ];
  const env = { ...process.env, ...environment, GEN_LEADER_STARTS: String(starts), [engineVariable]: engine, [shareVariable]: share };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

async function readReport(share: Share): Promise<RunnerReport> {
  return JSON.parse(await readFile(new URL(`report-${share}.json`, results), "utf8"));
}

async function main(options: RunOptions): Promise<number> {
  const { engine } = options;
  const browser = await ensureEngine[engine]();
  console.log(`${engine}: ${browser}`);
  await rm(results, { recursive: true, force: true });
  const site = await serveSite();
  try {
    const environment = { ...site.environment, [engineVariables[engine]]: browser };
    const codes = await Promise.all(shares.map((share) => runScenarios(options, environment, share)));
    const code = codes.find((one) => one !== 0) ?? 0;
    const report = together(await Promise.all(shares.map(readReport)));
    await writeFile(new URL("report.json", results), JSON.stringify(report));
    const { starts, repeat } = options;
    const summary = summarise(report, { engine, starts, repeat });
    await mkdir(results, { recursive: true });
    await writeFile(new URL("summary.json", results), `${JSON.stringify(summary, null, 2)}\n`);
    if (options.record && summary.failed > 0) console.log("Not recorded: scenarios have failed.");
    else if (options.record) {
      await writeFile(recordOf(engine), `${JSON.stringify(summary, null, 2)}\n`);
      await writeFile(enginesPage, printEnginesPage(readRecords()));
    }
    console.log(printSummary(summary));
    if (summary.scenarios.length === 0) console.error("No scenario has such a title.");
    return code === 0 && (summary.failed > 0 || summary.scenarios.length === 0) ? 1 : code;
  } finally {
    await site.close();
  }
}

await runCommand({ usage, parse: parseOptions, run: main });
