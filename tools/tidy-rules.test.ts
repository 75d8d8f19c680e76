/**
 * Every rule of the house can fail: each is shown files that break it, and the same files put right.
 */
import { describe, expect, test } from "vitest";
import { bannedConstructs, bannedWords } from "./tidy/banned.js";
import { noCycles } from "./tidy/cycles.js";
import { noDeadFiles } from "./tidy/dead-files.js";
import { liveLinks, oneTitle } from "./tidy/documents.js";
import { importDirections } from "./tidy/layers.js";
import { wholeLockFile } from "./tidy/lock-file.js";
import { documentedSources, oneConcept, shortFiles } from "./tidy/one-concept.js";
import { purity } from "./tidy/purity.js";
import { printProblem, type Rule, type TextFile } from "./tidy/rule.js";
import { rules } from "./tidy/rules.js";

type Files = Readonly<Record<string, string>>;

const manifest = (name: string, exports: object = {}, dependencies: object = {}): string => JSON.stringify({ name, exports, dependencies });
const source = (path: string): object => ({ "gen-leader-source": path });

/** The workspaces in small, with the entries that imports in these tests lead to. */
const repository: Files = {
  "package.json": manifest("root", {}, { vitest: "*" }),
  "packages/protocol/package.json": manifest("@gen-leader/protocol", { ".": source("./src/index.ts") }),
  "packages/protocol/src/index.ts": "export {};",
  "packages/adapters/package.json": manifest("@gen-leader/adapters", { "./*": source("./src/*.ts") }),
  "packages/adapters/src/memory.ts": "export {};",
  "packages/behaviour/package.json": manifest("@gen-leader/behaviour", { ".": source("./src/index.ts") }),
  "packages/behaviour/src/index.ts": "export {};",
  "packages/gen-leader/package.json": manifest("gen-leader", {
    ".": { "gen-leader-source": { node: "./src/index.ts", default: "./src/index.ts" } },
  }),
  "packages/gen-leader/src/index.ts": 'export * from "@gen-leader/adapters/memory";',
  "packages/testing/package.json": manifest("@gen-leader/testing", { ".": source("./src/index.ts") }),
  "packages/testing/src/index.ts": "export {};",
  "examples/dictionary/package.json": manifest("@gen-leader/example-dictionary", { ".": source("./src/index.ts") }),
  "playground/package.json": manifest("@gen-leader/playground", {}, { preact: "*" }),
};

function breaches(rule: Rule, files: Files): readonly string[] {
  const all: readonly TextFile[] = Object.entries({ ...repository, ...files }).map(([path, text]) => ({ path, text }));
  return rule(all).map(printProblem);
}

/** Expects exactly one breach for every file, with these words in it. */
function expectBreach(rule: Rule, files: Files, words: string): void {
  const found = breaches(rule, files);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(words);
}

test("the small repository breaks no rule", () => {
  for (const rule of [importDirections, noCycles, purity, oneConcept, noDeadFiles, bannedWords, bannedConstructs]) {
    expect(breaches(rule, {})).toEqual([]);
  }
});

test("every rule that is enforced is shown to fail here", () => {
  const shown = [
    ...[importDirections, noCycles, purity, oneConcept, shortFiles, documentedSources],
    ...[bannedWords, bannedConstructs, noDeadFiles, oneTitle, liveLinks, wholeLockFile],
  ];
  expect(new Set(rules.values())).toEqual(new Set(shown));
});

describe("import directions", () => {
  test.each([
    ["packages/protocol/src/a.ts", 'import { ok } from "@gen-leader/behaviour";', "imports upward"],
    ["packages/protocol/src/a.ts", 'import type { Behaviour } from "gen-leader";', "imports upward"],
    ["packages/protocol/src/a.ts", 'export * from "@gen-leader/adapters/memory";', "imports upward"],
    ["packages/protocol/src/a.ts", 'const m = await import("@gen-leader/behaviour");', "imports upward"],
    ["packages/protocol/src/a.ts", 'let m: import("@gen-leader/behaviour").Behaviour;', "imports upward"],
    ["packages/behaviour/src/a.ts", 'import { createMemoryMedium } from "@gen-leader/adapters/memory";', "imports upward"],
    ["packages/adapters/src/a.ts", 'import type { Server } from "@gen-leader/behaviour";', "imports upward"],
    ["packages/gen-leader/src/a.ts", 'import { cluster } from "@gen-leader/testing";', "imports upward"],
    ["packages/testing/src/a.ts", 'import { createMemoryHub } from "@gen-leader/adapters/memory";', "imports upward"],
    ["playground/src/a.ts", 'import { step } from "@gen-leader/protocol";', "imports upward"],
    ["examples/dictionary/src/a.ts", 'import { createMailbox } from "@gen-leader/behaviour";', "imports upward"],
    ["e2e/a.ts", 'import { peerId } from "@gen-leader/protocol";', "imports upward"],
  ])("%s: %s", (path, text, words) => expectBreach(importDirections, { [path]: text }, words));

  test.each([
    ["packages/protocol/src/a.ts", 'import { readFile } from "node:fs";', "imports the platform"],
    ["packages/adapters/src/transports/broadcast-channel.ts", 'import { Worker } from "node:worker_threads";', "imports the platform"],
    ["packages/behaviour/src/a.ts", 'import { EventEmitter } from "node:events";', "imports the platform"],
    ["packages/gen-leader/src/a.ts", 'import { Worker } from "node:worker_threads";', "imports the platform"],
    ["packages/protocol/src/a.ts", 'import { produce } from "immer";', "from outside the repository"],
    ["playground/src/a.ts", 'import { produce } from "immer";', "neither its package.json nor the root's declares"],
    ["packages/testing/src/a.ts", 'import { test } from "vitest";', "from outside the repository"],
  ])("%s: %s", (path, text, words) => expectBreach(importDirections, { [path]: text }, words));

  test("adapters may import types of the protocol, and no values", () => {
    expectBreach(importDirections, { "packages/adapters/src/a.ts": 'import { peerId } from "@gen-leader/protocol";' }, "imports values");
    expectBreach(
      importDirections,
      { "packages/adapters/src/a.ts": 'import { type PeerId, peerId } from "@gen-leader/protocol";' },
      "values",
    );
    expect(breaches(importDirections, { "packages/adapters/src/a.ts": 'import type { PeerId } from "@gen-leader/protocol";' })).toEqual([]);
    expect(breaches(importDirections, { "packages/adapters/src/a.ts": 'import { type PeerId } from "@gen-leader/protocol";' })).toEqual([]);
  });

  test("packages are entered through the front door", () => {
    const inner = { "packages/protocol/src/step.ts": "export {};" };
    const deep = 'import { step } from "../../protocol/src/step.js";';
    expectBreach(importDirections, { ...inner, "packages/behaviour/src/a.ts": deep }, "reaches into another package");
    const subpath = 'import { step } from "@gen-leader/protocol/src/step.js";';
    expectBreach(importDirections, { ...inner, "packages/behaviour/src/a.ts": subpath }, "does not export");
    const itself = 'import type { PeerId } from "@gen-leader/protocol";';
    expectBreach(importDirections, { ...inner, "packages/protocol/src/a.ts": itself }, "imports its own package");
  });

  test("an import that leads nowhere is found", () => {
    expectBreach(importDirections, { "packages/protocol/src/a.ts": 'import "./gone.js";' }, "does not exist");
    expectBreach(importDirections, { "packages/gen-leader/src/a.ts": 'import "#gone";' }, "does not exist");
  });

  test("what goes downward is let through", () => {
    expect(
      breaches(importDirections, {
        "packages/behaviour/src/a.ts": 'import { peerId } from "@gen-leader/protocol"; import "./index.js";',
        "packages/gen-leader/src/a.ts": 'import { createMemoryMedium } from "@gen-leader/adapters/memory";',
        "packages/adapters/src/transports/worker-threads.ts": 'import { Worker } from "node:worker_threads";',
        "packages/gen-leader/src/a.node.ts": 'import { Worker } from "node:worker_threads";',
        "packages/adapters/test/a.test.ts": 'import { test } from "vitest"; import "../src/memory.js"; import "gen-leader";',
        "playground/src/a.tsx": 'import { render } from "preact"; import { start } from "gen-leader"; import "./style.css";',
      }),
    ).toEqual([]);
  });
});

describe("import cycles", () => {
  test("two files that import each other", () => {
    const files = { "packages/protocol/src/a.ts": 'import "./b.js";', "packages/protocol/src/b.ts": 'import "./a.js";' };
    expectBreach(noCycles, files, "a.ts -> packages/protocol/src/b.ts -> packages/protocol/src/a.ts");
  });

  test("types count, and so do packages", () => {
    const files = {
      "packages/protocol/src/a.ts": 'import type { B } from "./b.js";',
      "packages/protocol/src/b.ts": 'import type { I } from "@gen-leader/protocol";',
      "packages/protocol/src/index.ts": 'export type { A } from "./a.js";',
    };
    expect(breaches(noCycles, files).join()).toContain("index.ts");
  });
});

describe("purity", () => {
  test.each([
    "Date.now()",
    "new Date()",
    "Math.random()",
    "performance.now()",
    "crypto.randomUUID()",
    "setTimeout(step, 1)",
    "globalThis.x",
    "navigator.locks",
    "window.name",
    "self.name",
    "process.env",
    "console.log(1)",
    "structuredClone({})",
    "queueMicrotask(step)",
    "new BroadcastChannel('x')",
    "new WeakRef({})",
    "new Function('return 1')",
    "eval('1')",
    "Promise.resolve()",
    "'a'.localeCompare('b')",
    "new Intl.NumberFormat()",
    "{ Date }",
    "[...[1].map(Date)]",
    "import.meta.url",
  ])("protocol may not say %s", (expression) => {
    expect(breaches(purity, { "packages/protocol/src/a.ts": `export const step = () => (${expression});` })).not.toEqual([]);
  });

  test("a step does not wait", () => {
    expectBreach(purity, { "packages/protocol/src/a.ts": "export async function step() {}" }, "waits");
  });

  test("the type of a global is a way to it", () => {
    expectBreach(purity, { "packages/protocol/src/a.ts": "export let now: typeof Date;" }, '"Date"');
  });

  test.each(["Date.now()", "Math.random()", "setTimeout(go, 1)", "new BroadcastChannel('x')", "console.log(1)", "navigator.locks"])(
    "behaviour may not say %s",
    (expression) => expectBreach(purity, { "packages/behaviour/src/a.ts": `export const go = () => ${expression};` }, ""),
  );

  test("what is pure is let through", () => {
    const text = `
      import { now } from "./events.js";
      export interface Clock { now(): number; random: Random; readonly process: Date }
      export function step({ random }: Clock, rest = new Map([[1, Math.max(1, 2)]])): Promise<void> | undefined {
        const performance = { now, Date: 1, window: random };
        label: for (const x of [performance.Date, performance.window]) { if (x === undefined) continue label; else break label; }
        return Object.keys(rest).length > 0 ? undefined : undefined;
      }`;
    expect(breaches(purity, { "packages/protocol/src/a.ts": text })).toEqual([]);
    expect(breaches(purity, { "packages/protocol/test/a.test.ts": "Date.now();" })).toEqual([]);
    const waiting = "export const go = async (random: () => number) => { await Promise.resolve(new AbortController().signal); random(); };";
    expect(breaches(purity, { "packages/behaviour/src/a.ts": waiting })).toEqual([]);
  });
});

describe("one concept", () => {
  test("exports with nothing in common", () => {
    const text = "export function parseUrl(x: string) { return x; } export class Stack { push() {} }";
    expectBreach(oneConcept, { "packages/behaviour/src/things.ts": text }, "holds unrelated things");
  });

  test("a platform's type that both use is nothing in common", () => {
    const text =
      'import type { PeerId } from "@gen-leader/protocol"; export const a = (x: PeerId) => x; export const b = (x: PeerId) => x;';
    expectBreach(oneConcept, { "packages/behaviour/src/things.ts": text }, "holds unrelated things");
  });

  test.each([
    ["one refers to the other", "export interface Url { x: number } export function parse(): Url { return { x: 1 }; }"],
    ["both use a private helper", "const both = 1; export const a = () => both; export const b = () => both;"],
    ["both are about a neighbour", 'import type { S } from "./s.js"; export const a = (s: S) => s; export const b = (s: S) => s;'],
    ["both bear the file's name", "export const firstThing = 1; export const otherThing = 2;"],
    ["the opening comment names it", "/** Things: parse and Stack.\n @module */ export function parse() {} export class Stack {}"],
  ])("%s", (_why, text) => expect(breaches(oneConcept, { "packages/behaviour/src/things.ts": text })).toEqual([]));

  test("a long file", () => {
    const path = "packages/adapters/src/a.ts";
    expectBreach(shortFiles, { [path]: "\n".repeat(201) }, "has 201 lines: at most 200");
    expect(breaches(shortFiles, { [path]: "\n".repeat(200) })).toEqual([]);
  });

  test("a file that does not say what it is, or acts at import", () => {
    const path = "packages/gen-leader/src/index.ts";
    const opening = "/**\n * One leader.\n *\n * @module\n */\n";
    const all = Object.fromEntries(Object.keys(repository).map((key) => [key, opening]));
    expect(breaches(documentedSources, all)).toEqual([]);
    expectBreach(documentedSources, { ...all, [path]: "export {};" }, "says what it is");
    expectBreach(documentedSources, { ...all, [path]: `${opening}register();` }, "does something when it is imported");
    expectBreach(documentedSources, { ...all, [path]: `${opening}globalThis.x = 1;` }, "does something when it is imported");
  });
});

describe("banned words", () => {
  const slash = "/";
  test.each([
    ["a.ts", `// TO${""}DO: later`, "do it"],
    ["docs/a.md", `FIX${""}ME`, "do it"],
    ["a.ts", `// @ts-${""}ignore`, "the type"],
    ["a.ts", `// @ts-expect-${""}error`, "which error"],
    ["README.md", `see ${slash}work/x`, "relative"],
    ["a.json", `"${slash}root/x"`, "relative"],
    ["a.ts", `const x = "${slash}tmp/y";`, "os.tmpdir()"],
    ["package-lock.json", `"resolved": "http${""}s://somewhere"`, "omit-lockfile-registry-resolved"],
    ["a.ts", `"..${slash}shared/traces"`, "copy"],
    ["playground/src/a.ts", `addEventListener("before${""}unload", f)`, "pagehide"],
  ])("%s: %s", (path, text, words) => expectBreach(bannedWords, { [path]: text }, words));

  test("what only looks like one", () => {
    expect(breaches(bannedWords, { "a.md": "https://example.org/work/x, ./work/x, src/home/x, a todo list" })).toEqual([]);
  });
});

describe("banned constructs", () => {
  test.each([
    ["packages/x/src/a.ts", "export const x = 1 as any;", '"any"'],
    ["packages/x/src/a.ts", "export let x: Map<string, any>;", '"any"'],
    ["packages/x/src/a.ts", "export const x = {} as unknown as string;", "casts through unknown"],
    ["packages/x/src/a.ts", "export default 1;", "default export"],
    ["packages/x/src/a.ts", "export default function f() {}", "default export"],
    ["packages/x/src/a.ts", "const f = 1; export { f as default };", "default export"],
    ["packages/x/test/a.test.ts", "test.only('x', () => {});", "leaves tests out"],
    ["packages/x/test/a.test.ts", "describe.skip('x', () => {});", "leaves tests out"],
    ["packages/x/test/a.test.ts", "it.todo('x');", "leaves tests out"],
    ["packages/x/test/a.test.ts", "test.skipIf(true)('x', () => {});", "leaves tests out"],
    ["e2e/a.ts", "test.describe.only('x', () => {});", "leaves tests out"],
    ["e2e/a.ts", "test.fixme();", "leaves tests out"],
    ["e2e/a.ts", "await page.waitForTimeout(5);", "sleeps"],
    ["e2e/a.ts", "await expect.poll(f).toBe(1);", "polls"],
    ["e2e/a.ts", "await expect(f).toPass();", "polls"],
    ["packages/x/test/a.test.ts", "await vi.waitFor(f);", "polls"],
    ["packages/x/test/a.test.ts", "await new Promise((resolve) => setTimeout(resolve, 50));", "sleeps"],
    ["packages/x/test/a.test.ts", "await new Promise((resolve) => { setTimeout(resolve, 50); });", "sleeps"],
    ["packages/x/test/a.test.ts", 'import { setTimeout } from "node:timers/promises";', "events"],
    ["e2e/playwright.config.ts", "export const c = { retries: 2 };", "retries"],
  ])("%s: %s", (path, text, words) => expectBreach(bannedConstructs, { [path]: text }, words));

  test("what only looks like one", () => {
    const text = `
      const limit = new Promise((_, reject) => { const timer = setTimeout(reject, 5); signal.addEventListener("abort", () => clearTimeout(timer)); });
      // test.only, any
      server.leaderCall(request, { retry: true });
      only.skip("any"); queue.poll(); page.waitFor;`;
    expect(breaches(bannedConstructs, { "packages/x/test/a.test.ts": text, "vite.config.ts": "export default {};" })).toEqual([]);
  });
});

test("dead files", () => {
  expectBreach(noDeadFiles, { "packages/protocol/src/unused.ts": "export {};" }, "imported by nothing");
  const used = { "packages/protocol/src/used.ts": "export {};", "packages/protocol/test/a.test.ts": 'import "../src/used.js";' };
  expect(breaches(noDeadFiles, used)).toEqual([]);
  const named = { "packages/protocol/src/CamelCase.ts": "export {};", "packages/protocol/test/a.test.ts": 'import "../src/CamelCase.js";' };
  expectBreach(noDeadFiles, named, "kebab-case");
});

test("the lock file", () => {
  const lock = (...present: readonly string[]): Files => {
    const entries = { "node_modules/tool": { optionalDependencies: { "tool-linux": "1.0.0" } } };
    const packages = { "": {}, ...entries, ...Object.fromEntries(present.map((name) => [name, { version: "1.0.0" }])) };
    return { "package-lock.json": JSON.stringify({ packages }) };
  };
  expectBreach(wholeLockFile, lock(), "lacks tool-linux");
  expect(breaches(wholeLockFile, lock("node_modules/tool-linux"))).toEqual([]);
  expect(breaches(wholeLockFile, lock("node_modules/tool/node_modules/tool-linux"))).toEqual([]);
});

describe("documents", () => {
  test("one title each, and none twice", () => {
    expectBreach(oneTitle, { "docs/a.md": "text" }, "has 0 titles");
    expectBreach(oneTitle, { "docs/a.md": "# A\n# B" }, "has 2 titles");
    expectBreach(oneTitle, { "docs/a.md": "# A", "docs/b.md": "# A" }, "the same title as docs/a.md");
    expect(breaches(oneTitle, { "docs/a.md": "# A\n```sh\n# a comment\n```", "docs/b.md": "# B" })).toEqual([]);
  });

  test("links lead to files", () => {
    expectBreach(liveLinks, { "docs/a.md": "[x](./gone.md)" }, "does not exist");
    expectBreach(liveLinks, { "README.md": '<img src="docs/gone.png">' }, "does not exist");
    const links = "[x](../README.md#top) [y](#here) [z](https://example.org) [w](../docs/)";
    expect(breaches(liveLinks, { "docs/a.md": links, "README.md": "# R" })).toEqual([]);
  });
});
