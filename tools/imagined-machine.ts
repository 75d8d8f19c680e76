/**
 * A machine for tests of what is looked for and installed: what is there, and what commands would bring.
 *
 * @module
 */
import type { Machine } from "./machine.js";

interface Imagined {
  readonly env?: Readonly<Record<string, string>>;
  readonly installed?: readonly string[];
  readonly root?: boolean;
  /** What ends well, by a word of its command, and the program that it brings. */
  readonly installs?: Readonly<Record<string, string>>;
}

export function imagine({ env = {}, installed = [], root = false, installs = {} }: Imagined): {
  machine: Machine;
  ran: string[];
  said: string[];
} {
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
