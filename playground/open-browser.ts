/**
 * Opens an address in the person's browser, if there is one. Never fails: whoever has no browser here has the address.
 *
 * @module
 */
import { spawn } from "node:child_process";

/** What opens an address on this system; `null` where there is no screen to open it on. */
function opener(url: string): readonly [command: string, ...args: string[]] | null {
  if (process.platform === "darwin") return ["open", url];
  if (process.platform === "win32") return ["cmd", "/c", "start", "", url.replaceAll("&", "^&")];
  const screen = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY;
  return screen === undefined || screen === "" ? null : ["xdg-open", url];
}

/** Opens `url` and does not wait. */
export function openBrowser(url: string): void {
  const found = opener(url);
  if (found === null || process.env.CI !== undefined) return;
  const [command, ...args] = found;
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => console.log(`  (${command} could not be run; open the address yourself.)`));
  child.unref();
}
