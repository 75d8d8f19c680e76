/**
 * `npm run chaos`: makes sure of a browser, serves the pages, lets things happen to them, and says what came of it.
 *
 * @module
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { engineVariables } from "@gen-leader/tools/browsers";
import { wallTime } from "../pages/src/records.js";
import { runCommand } from "../support/command.js";
import { diagnose } from "../support/diagnosis.js";
import { type Engine, engineVariable } from "../support/engine.js";
import { ensureEngine, launchBrowser, lifecycleDriver } from "../support/launch.js";
import { serveSite, siteUrl } from "../support/site.js";
import { Stage } from "../support/stage.js";
import { within } from "../support/within.js";
import { Chaos, type ChaosResult } from "./chaos.js";
import { type ChaosOptions, parseOptions, usage } from "./options.js";
import { openBrowsers } from "./store/browser.js";
import { openProcesses } from "./store/process.js";
import { runStoreChaos } from "./store/run.js";

/** How much longer than it should a run may take. The longest that happens is a hidden page that looks at the time once a minute. */
const stuckMs = 180_000;

/** One folder below it for each run that failed. Not where the scenarios leave theirs, which is cleared before each run. */
const results = new URL("./test-results/", import.meta.url);

function isSound({ lost, twoLeaders, pending, leakedLocks, linearizable }: ChaosResult): boolean {
  return linearizable && lost + twoLeaders + pending + leakedLocks === 0;
}

/** What a run that failed leaves: what happened, and what every tab saw. */
async function keep(stage: Stage, chaos: Chaos, { engine, seed }: ChaosOptions, why: string): Promise<void> {
  const time = new Date(wallTime()).toISOString().replaceAll(/[:.]/g, "-");
  const folder = new URL(`${engine}-seed-${seed}-${time}/`, results);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL("schedule.txt", folder), `${chaos.schedule.join("\n")}\n${why}\n`);
  await writeFile(new URL("records.json", folder), JSON.stringify(stage.journal.entries));
  await writeFile(new URL("diagnosis.txt", folder), await diagnose(stage));
  console.error(`What happened is kept in ${fileURLToPath(folder)}`);
}

/** Troubles that no figure tells of. */
function troublesOf(stage: Stage): readonly string[] {
  const errors = stage.journal.recordsOf("error").map(({ tab, record }) => `${tab}: ${record.message}`);
  const ends = stage.journal.recordsOf("ended").map(({ tab, record }) => `${tab} ended: ${record.reason}`);
  const crashes = [...stage.crashed].filter((tab) => !stage.killed.has(tab)).map((tab) => `${tab} crashed`);
  return [...errors, ...ends, ...crashes];
}

async function killTabs(engine: Engine, options: ChaosOptions): Promise<boolean> {
  const { minutes, seed } = options;
  const path = await ensureEngine[engine]();
  const site = await serveSite();
  Object.assign(process.env, site.environment, { [engineVariables[engine]]: path, [engineVariable]: engine });
  const browser = await launchBrowser[lifecycleDriver[engine]]();
  console.error(`${browser.version}, ${minutes} minutes, seed ${seed}`);
  const stage = new Stage(`chaos-${seed}`, browser, siteUrl);
  const chaos = new Chaos(stage, engine, seed);
  try {
    const ran = await within(chaos.run(minutes * 60_000), minutes * 60_000 + stuckMs);
    if (ran === null)
      throw new Error("Something that was waited for has not happened; the end of the schedule and what is waited for tell what.");
    const result = await chaos.judge();
    const troubles = troublesOf(stage);
    for (const trouble of troubles) console.error(trouble);
    const sound = isSound(result) && troubles.length === 0;
    if (!sound) await keep(stage, chaos, options, JSON.stringify(result));
    console.log(JSON.stringify(result));
    return sound;
  } catch (error) {
    await keep(stage, chaos, options, error instanceof Error ? (error.stack ?? error.message) : String(error));
    throw error;
  } finally {
    await browser.close();
    await site.close();
  }
}

/** Kills everything that has a store open, again and again. */
async function killEverything({ engine, minutes, seed }: ChaosOptions): Promise<boolean> {
  const place = await (engine === "node" ? openProcesses() : openBrowsers());
  console.error(`${place.version}, ${minutes} minutes, seed ${seed}`);
  try {
    const result = await runStoreChaos(place, seed, minutes * 60_000, (line) => console.error(line));
    console.log(JSON.stringify(result));
    return result.lost + result.twice === 0;
  } finally {
    await place.clear();
  }
}

function main(options: ChaosOptions): Promise<boolean> {
  const { engine, store } = options;
  return store || engine === "node" ? killEverything(options) : killTabs(engine, options);
}

await runCommand({ usage, parse: parseOptions, run: async (options) => ((await main(options)) ? 0 : 1) });
