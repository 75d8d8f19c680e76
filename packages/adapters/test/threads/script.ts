/**
 * Runs a few lines of a test in a Node process or a thread of their own.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** What a process wrote, and how it ended. */
export interface Ended {
  readonly output: string;
  readonly code: number | null;
}

/** A folder of bundled scripts. */
export interface Scripts {
  /** Bundles lines of TypeScript, which may import the packages of this repository. */
  bundle(lines: string): Promise<URL>;
  /** Runs a script to its end in a process of its own. `talk` may answer what it writes. */
  run(url: URL, talk?: (line: string, say: (line: string) => void) => void): Promise<Ended>;
  remove(): Promise<void>;
}

/** Makes an empty folder for scripts. */
export async function createScripts(): Promise<Scripts> {
  const folder = await mkdtemp(join(tmpdir(), "gen-leader-scripts-"));
  return {
    async bundle(lines) {
      const { outputFiles } = await build({
        stdin: { contents: lines, loader: "ts", resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
        bundle: true,
        write: false,
        platform: "node",
        format: "esm",
        conditions: ["gen-leader-source"],
        logLevel: "silent",
      });
      const code = outputFiles[0]?.text ?? "";
      const file = join(folder, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
      await writeFile(file, code);
      return pathToFileURL(file);
    },
    run: (url, talk) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [fileURLToPath(url)], { stdio: ["pipe", "pipe", "inherit"] });
        let output = "";
        child.stdout.setEncoding("utf8");
        child.stdout.on("data", (text: string) => {
          output += text;
          for (const line of text.split("\n")) if (line !== "") talk?.(line, (answer) => child.stdin.write(`${answer}\n`));
        });
        child.on("error", reject);
        child.on("close", (code) => resolve({ output, code }));
      }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
