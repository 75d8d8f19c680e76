/**
 * What looking for any browser comes to: the one that a variable names, else one of the usual places, else apt.
 *
 * @module
 */
import { type Machine, reasonIn } from "./machine.js";

/** The variables that name the browser to use; then no other is looked for. */
export const engineVariables = {
  chromium: "GEN_LEADER_CHROMIUM",
  firefox: "GEN_LEADER_FIREFOX",
  webkit: "GEN_LEADER_WEBKIT",
} as const;

/** How long an installation may take. */
export const installMs = 10 * 60_000;
const versionMs = 30_000;

/** No browser was found and none could be installed. The message says what to do. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
}

/** The path that `variable` names, or the first of `places` where a program is that runs, or undefined. @throws NoBrowserError */
export async function findBrowser(machine: Machine, variable: string, places: readonly string[]): Promise<string | undefined> {
  const named = machine.env[variable];
  if (named !== undefined && named !== "") {
    if (await runs(machine, named)) return named;
    throw new NoBrowserError(`${variable} names ${named}, which does not run. Correct it, or unset it to let one be looked for.`);
  }
  for (const path of places) {
    if (machine.exists(path) && (await runs(machine, path))) return path;
  }
  return undefined;
}

/** Whether a program starts and says its version. */
export async function runs(machine: Machine, path: string): Promise<boolean> {
  const { code } = await machine.run(path, ["--version"], versionMs);
  return code === 0;
}

/** Whether `installWithApt` may be tried: this is Debian or the like, and we are root. */
export function mayUseApt(machine: Machine): boolean {
  return machine.isRoot && machine.exists("/usr/bin/apt-get");
}

/** Installs packages of the distribution; says why, and what it does, before it does it. */
export async function installWithApt(machine: Machine, why: string, packages: readonly string[]): Promise<void> {
  machine.say(`${why} Installing Debian's (apt-get update && apt-get install -y ${packages.join(" ")}).`);
  await machine.run("apt-get", ["update"], installMs);
  const installed = await machine.run("apt-get", ["install", "-y", "--no-install-recommends", ...packages], installMs);
  if (installed.code !== 0) machine.say(`That did not work: ${reasonIn(installed.output)}`);
}
