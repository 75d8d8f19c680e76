/** Where a Chromium is looked for, and what happens on machines that have none. */
import { expect, test } from "vitest";
import { ensureChromium, findChromium, NoBrowserError } from "./browser.js";
import type { Machine } from "./machine.js";

const playwrightPath = "/cache/chromium";

interface Imagined {
  readonly env?: Readonly<Record<string, string>>;
  readonly installed?: readonly string[];
  readonly root?: boolean;
  /** What ends well, by a word of its command, and the program that it brings. */
  readonly installs?: Readonly<Record<string, string>>;
}

function imagine({ env = {}, installed = [], root = false, installs = {} }: Imagined): { machine: Machine; ran: string[]; said: string[] } {
  const present = new Set(installed);
  const ran: string[] = [];
  const said: string[] = [];
  const machine: Machine = {
    env,
    platform: "linux",
    isRoot: root,
    exists: (path) => present.has(path),
    say: (line) => said.push(line),
    run: async (program, args) => {
      if (args[0] === "--version") return { code: present.has(program) ? 0 : null, output: "" };
      const command = [program, ...args].join(" ");
      ran.push(command.slice(command.lastIndexOf("/") + 1));
      if (command === "apt-get update") return { code: 0, output: "" };
      const brings = Object.entries(installs).find(([word]) => command.includes(word))?.[1];
      if (brings !== undefined) present.add(brings);
      return { code: brings === undefined ? 1 : 0, output: "first\nno network\n" };
    },
  };
  return { machine, ran, said };
}

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
