/**
 * Writers in the threads of a process, whose store is kept in files.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { bundleWorker } from "@gen-leader/tools/bundle-worker";
import type { Told } from "./lanes.js";
import type { Place } from "./place.js";

export async function openProcesses(): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "gen-leader-chaos-"));
  const program = fileURLToPath(await bundleWorker(new URL("./writers.ts", import.meta.url)));
  return {
    version: `node/${process.versions.node}`,
    async begin(life, tell) {
      const child: ChildProcess = spawn(process.execPath, [program, directory, String(life)], { stdio: ["pipe", "pipe", "inherit"] });
      const ended = once(child, "exit");
      if (child.stdout === null) throw new Error("The process has no output.");
      createInterface(child.stdout).on("line", (line) => {
        const told: Told = JSON.parse(line);
        tell(told);
      });
      const closed = once(child.stdout, "close");
      let isKilled = false;
      void ended.then(([code]: unknown[]) => {
        if (!isKilled) throw new Error(`The process has ended by itself (${code}).`);
      });
      return {
        endOne: () => new Promise((resolve) => child.stdin?.write("end one\n", () => resolve())),
        async kill() {
          isKilled = true;
          child.kill("SIGKILL");
          await Promise.all([ended, closed]);
        },
      };
    },
    clear: () => rm(directory, { recursive: true, force: true }),
  };
}
