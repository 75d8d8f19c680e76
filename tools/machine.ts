/**
 * What the tools ask of the machine that they run on, so that a test can stand in for it.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  /** What it wrote to both streams; empty where it was shown instead. */
  readonly output: string;
}

/** The machine, as far as the tools touch it. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  exists(path: string): boolean;
  /** Runs a program to its end, in `folder` or where this process runs, or kills it after `limitMs`. Never rejects: what cannot be started ends with code null. */
  run(program: string, args: readonly string[], limitMs: number, folder?: string): Promise<Ended>;
  /** Tells a person what is being done. */
  say(line: string): void;
}

/** The machine that this process runs on. */
export function createMachine(): Machine {
  return {
    env: process.env,
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    exists: existsSync,
    run: runProgram,
    say: (line) => console.error(line),
  };
}

function runProgram(program: string, args: readonly string[], limitMs: number, folder?: string): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], timeout: limitMs, killSignal: "SIGKILL" });
    const chunks: string[] = [];
    child.stdout.on("data", (chunk) => chunks.push(String(chunk)));
    child.stderr.on("data", (chunk) => chunks.push(String(chunk)));
    child.on("error", (error) => resolve({ code: null, output: error.message }));
    child.on("close", (code) => resolve({ code, output: chunks.join("") }));
  });
}

/** The line of a program's output that is most likely to say why it failed. */
export function reasonIn(output: string): string {
  const lines = output.trim().split("\n");
  return (lines.find((line) => /\berror\b|failed|unable|^E:|❌|^\s*\d+\. /i.test(line)) ?? lines.at(-1) ?? "").trim();
}
