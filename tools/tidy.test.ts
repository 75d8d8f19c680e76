/**
 * The rules of the house, held against every file of the repository. tidy-rules.test.ts shows that each of them
 * can fail.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { filesBelow } from "./files.js";
import { printProblem, type TextFile } from "./tidy/rule.js";
import { rules } from "./tidy/rules.js";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Declarations that were emitted from sources, which are checked themselves. */
const isEmitted = (path: string): boolean => path.startsWith("docs/api/");
const isText = (path: string): boolean => !/\.(png|jpe?g|gif|webp|ico|woff2?|gz)$/.test(path);
const files: readonly TextFile[] = filesBelow(root)
  .filter((path) => !isEmitted(path))
  .map((path) => ({ path, text: isText(path) ? readFileSync(`${root}/${path}`, "utf8") : "" }));

test.each([...rules])("%s", { timeout: 60_000 }, (_name, rule) => {
  expect(rule(files).map(printProblem)).toEqual([]);
});
