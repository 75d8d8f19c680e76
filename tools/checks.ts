/**
 * A list of things that a script checks, told to a person as it goes and to `npm run check` in a file.
 *
 * @module
 */
import { writeFile } from "node:fs/promises";
import type { Check } from "./stages/reports.js";

/** Names the file that the list is written to. Unset when a person runs the script alone. */
export const checksVariable = "GEN_LEADER_CHECKS";

/** What a script adds its checks to. */
export interface Checks {
  /** Runs one check: it fails by throwing. Resolves with whether it passed. */
  check(name: string, run: () => Promise<void> | void): Promise<boolean>;
  /** Writes the list where it is wanted, and sets the exit code. */
  finish(): Promise<void>;
}

/** An empty list. */
export function createChecks(): Checks {
  const checks: Check[] = [];
  return {
    async check(name, run) {
      const detail = await attempt(run);
      checks.push({ name, ok: detail === undefined, detail: detail ?? "" });
      console.log(detail === undefined ? `  ok      ${name}` : `  failed  ${name}\n${indent(detail)}`);
      return detail === undefined;
    },
    async finish() {
      const path = process.env[checksVariable];
      if (path !== undefined) await writeFile(path, JSON.stringify(checks));
      if (checks.length === 0 || checks.some(({ ok }) => !ok)) process.exitCode = 1;
    },
  };
}

async function attempt(run: () => Promise<void> | void): Promise<string | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function indent(text: string): string {
  return text
    .trim()
    .split("\n")
    .map((line) => `          ${line}`)
    .join("\n");
}
