/** Where a Chromium is looked for, and what happens on machines that have none. */
import { expect, test } from "vitest";
import { ensureChromium, findChromium } from "./chromium.js";
import { NoBrowserError } from "./find-browser.js";
import { imagine } from "./imagined-machine.js";

const playwrightPath = "/cache/chromium";

test("the one that the variable names goes before all others", async () => {
  const { machine } = imagine({ env: { GEN_LEADER_CHROMIUM: "/opt/c" }, installed: ["/opt/c", playwrightPath] });
  expect(await findChromium(machine, playwrightPath)).toBe("/opt/c");
});

test("a variable that names nothing is an error, not a reason to take another", async () => {
  const { machine } = imagine({ env: { GEN_LEADER_CHROMIUM: "/opt/gone" }, installed: [playwrightPath] });
  await expect(ensureChromium(machine, playwrightPath)).rejects.toThrow("/opt/gone");
});

test("Playwright's own goes before the system's", async () => {
  expect(await findChromium(imagine({ installed: ["/usr/bin/chromium", playwrightPath] }).machine, playwrightPath)).toBe(playwrightPath);
  expect(await findChromium(imagine({ installed: ["/usr/bin/google-chrome"] }).machine, playwrightPath)).toBe("/usr/bin/google-chrome");
  expect(await findChromium(imagine({}).machine, playwrightPath)).toBeUndefined();
});

test("nothing is installed where one is found", async () => {
  const { machine, ran } = imagine({ installed: ["/usr/bin/chromium"], root: true });
  expect(await ensureChromium(machine, playwrightPath)).toBe("/usr/bin/chromium");
  expect(ran).toEqual([]);
});

test("Playwright installs one where there is none", async () => {
  const { machine, ran, said } = imagine({ installs: { "install chromium": playwrightPath } });
  expect(await ensureChromium(machine, playwrightPath)).toBe(playwrightPath);
  expect(ran).toEqual(["cli.js install chromium"]);
  expect(said).toEqual(["No Chromium found. Downloading Playwright's into its cache (playwright install chromium)."]);
});

test("apt installs one where Playwright cannot, for root on Debian", async () => {
  const { machine, ran, said } = imagine({
    installed: ["/usr/bin/apt-get"],
    root: true,
    installs: { "apt-get install": "/usr/bin/chromium" },
  });
  expect(await ensureChromium(machine, playwrightPath)).toBe("/usr/bin/chromium");
  expect(ran).toEqual(["cli.js install chromium", "apt-get update", "apt-get install -y --no-install-recommends chromium"]);
  expect(said.join("\n")).toContain("That did not work: no network");
});

test("a download that lacks libraries gets them, for root on Debian", async () => {
  const { machine, ran } = imagine({
    installed: ["/usr/bin/apt-get"],
    root: true,
    installs: { "install chromium": "/elsewhere", "install-deps": playwrightPath },
  });
  expect(await ensureChromium(machine, playwrightPath)).toBe(playwrightPath);
  expect(ran).toEqual(["cli.js install chromium", "cli.js install-deps chromium"]);
});

test("others are told what to do", async () => {
  const { machine, ran } = imagine({ installed: ["/usr/bin/apt-get"] });
  await expect(ensureChromium(machine, playwrightPath)).rejects.toThrow(NoBrowserError);
  expect(ran).toEqual(["cli.js install chromium"]);
});
