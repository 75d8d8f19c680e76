/** Examples of the README are found, and none is missed. */
import { expect, test } from "vitest";
import { ExampleError, readExamples } from "./readme-examples.js";

const fence = "```";
const block = (above: string, code: string, language = "ts"): string => `text\n\n${above}${fence}${language}\n${code}\n${fence}\n`;

test("a block is the file that the comment above it names", () => {
  expect(readExamples(block("<!-- example: lead.ts -->\n", "lead();"))).toEqual([
    { file: "lead.ts", code: "lead();\n", runsOn: "browser" },
  ]);
  expect(readExamples(block("<!-- example: a.tsx -->\n\n", "x", "tsx"))).toMatchObject([{ file: "a.tsx" }]);
});

test("an example says that it is for Node", () => {
  expect(readExamples(block("<!-- example: threads.ts, runs on node -->\n", "x"))).toMatchObject([{ file: "threads.ts", runsOn: "node" }]);
});

test("blocks of one name are one file", () => {
  const twice = block("<!-- example: a.ts -->\n", "one") + block("<!-- example: a.ts -->\n", "two");
  expect(readExamples(twice)).toEqual([{ file: "a.ts", code: "one\ntwo\n", runsOn: "browser" }]);
});

test("other languages are left alone", () => {
  expect(readExamples(block("", "npm ci", "sh") + block("", "plain", ""))).toEqual([]);
});

test.each([
  ["no comment", ""],
  ["a comment that names nothing", "<!-- see below -->\n"],
  ["a misspelt place", "<!-- example: a.ts, runs on moon -->\n"],
  ["a comment further up", "<!-- example: a.ts -->\n\nwords\n\n"],
])("a block with %s is an error", (_why, above) => {
  expect(() => readExamples(block("<!-- example: first.ts -->\n", "x") + block(above, "y"))).toThrow(ExampleError);
});

test("the error tells the line", () => {
  expect(() => readExamples(`# T\n\n${fence}js\nx\n${fence}\n`)).toThrow("line 3");
});
