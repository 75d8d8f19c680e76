/**
 * `npm run conform -- [folder] [--verbose] [--only simulated|threads]`: judges the recordings of a folder, by default those of the real
 * gen_leader in this repository. Prints a line for each, the differences that nothing explains (all of them with `--verbose`), and
 * `{"scenarios":…,"agree":…,"explained":…,"unexplained":…}` last. Ends with 1 if anything is left unexplained.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { conform, detailsOf, lineFor, readFolder, summarise, type Verdict } from "./conform.js";
import type { StageName } from "./stage.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: "boolean", default: false }, only: { type: "string" } },
});
const [folder = fileURLToPath(new URL("../../packages/testing/traces/", import.meta.url))] = positionals;
const on = (["simulated", "threads"] as const satisfies readonly StageName[]).filter(
  (stage) => values.only === undefined || values.only === stage,
);

const verdicts: Verdict[] = [];
for (const script of await readFolder(folder)) {
  const verdict = await conform(script, on);
  verdicts.push(verdict);
  console.log(lineFor(verdict));
  for (const line of detailsOf(verdict, values.verbose)) console.log(line);
}
const summary = summarise(verdicts);
console.log(JSON.stringify(summary));
process.exit(summary.unexplained === 0 ? 0 : 1);
