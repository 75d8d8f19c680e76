/** Where Firefox and WebKitGTK are looked for, and what happens on machines that have none. */
import { expect, test } from "vitest";
import { NoBrowserError } from "./find-browser.js";
import { ensureFirefox } from "./firefox.js";
import { imagine } from "./imagined-machine.js";
import { ensureWebKit } from "./webkit.js";

test("the Firefox that is there is taken, and none is installed", async () => {
  const { machine, ran } = imagine({ installed: ["/usr/bin/firefox-esr"] });
  expect(await ensureFirefox(machine)).toBe("/usr/bin/firefox-esr");
  expect(ran).toEqual([]);
});

test("apt installs a Firefox where there is none, for root on Debian, and says so", async () => {
  const { machine, ran, said } = imagine({
    installed: ["/usr/bin/apt-get"],
    root: true,
    installs: { "apt-get install": "/usr/bin/firefox-esr" },
  });
  expect(await ensureFirefox(machine)).toBe("/usr/bin/firefox-esr");
  expect(ran).toEqual(["apt-get update", "apt-get install -y --no-install-recommends firefox-esr"]);
  expect(said).toEqual(["No Firefox found. Installing Debian's (apt-get update && apt-get install -y firefox-esr)."]);
});

test("who may not install a Firefox is told what to do", async () => {
  await expect(ensureFirefox(imagine({ installed: ["/usr/bin/apt-get"] }).machine)).rejects.toThrow("GEN_LEADER_FIREFOX");
});

test("a Python is taken for WebKitGTK only if it has its bindings", async () => {
  const { machine, ran } = imagine({ installed: ["/usr/bin/python3"], installs: { "gi.require_version": "/usr/share/gi" } });
  expect(await ensureWebKit(machine)).toBe("/usr/bin/python3");
  expect(ran).toHaveLength(1);
  await expect(ensureWebKit(imagine({ installed: ["/usr/bin/python3"] }).machine)).rejects.toThrow(NoBrowserError);
});

test("a variable that names a Python without WebKitGTK is an error, not a reason to take another", async () => {
  const { machine } = imagine({ env: { GEN_LEADER_WEBKIT: "/opt/python" }, installed: ["/usr/bin/python3"] });
  await expect(ensureWebKit(machine)).rejects.toThrow("/opt/python");
});
