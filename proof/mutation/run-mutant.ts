/**
 * Lets the hunts loose on one mutant, or on the code as it is, each in a process of its own with a time limit.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { bundleHunt, cacheFolder } from "./bundle.js";
import type { Verdict } from "./hunts/serve.js";
import type { Hunt } from "./hunts.js";
import type { Edit } from "./mutants/mutant.js";

/** Who noticed, by what, in which run. */
export interface Catch {
  readonly hunt: string;
  readonly checker: string;
  readonly seed: number;
  readonly detail: string;
}

/** More than any hunt of code that works needs. */
const timeLimitMs = 180_000;

/** Runs hunts in turn until one catches what `edits` broke. `null` if none does. */
export async function runMutant(id: string, edits: readonly Edit[], hunts: readonly Hunt[]): Promise<Catch | null> {
  await mkdir(cacheFolder, { recursive: true });
  for (const hunt of hunts) {
    const outfile = `${cacheFolder}/${id}-${hunt.name}-${process.pid}.mjs`;
    try {
      const concerns = await bundleHunt(hunt.entry, outfile, edits);
      if (!concerns) continue;
      const verdict = await runHunt(outfile, hunt);
      if (verdict.caught) return { hunt: hunt.name, checker: verdict.checker, seed: verdict.seed, detail: verdict.detail };
    } finally {
      await rm(outfile, { force: true });
    }
  }
  return null;
}

/** A hunt that does not come back was led in circles; one that ends without a verdict tells nothing, and that is an error of ours. */
function runHunt(bundle: string, { firstSeed, seeds }: Hunt): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(process.execPath, [bundle, String(firstSeed), String(seeds)], { stdio: ["ignore", "pipe", "pipe"] });
    const printed: string[] = [];
    let isLate = false;
    child.stdout?.on("data", (chunk: Buffer) => printed.push(String(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => printed.push(String(chunk)));
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, timeLimitMs);
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      const text = printed.join("");
      const verdict = verdictIn(text);
      if (verdict !== null) resolve(verdict);
      else if (isLate) resolve({ caught: true, checker: "bounded-work", seed: firstSeed, detail: `not done within ${timeLimitMs} ms` });
      else reject(new Error(`the hunt ended without a verdict: ${text.slice(-600)}`));
    });
  });
}

/** The last line that is a verdict. */
function verdictIn(text: string): Verdict | null {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) return null;
  const value: unknown = JSON.parse(line);
  if (typeof value !== "object" || value === null || !("caught" in value)) return null;
  if (value.caught === false) return { caught: false };
  if (!("checker" in value && "seed" in value && "detail" in value)) return null;
  return { caught: true, checker: String(value.checker), seed: Number(value.seed), detail: String(value.detail) };
}
