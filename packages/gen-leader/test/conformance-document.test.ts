import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folders = ["packages/gen-leader/test/conformance/scenarios", "packages/gen-leader/test/table"];

/** The titles of the tests in a file, as they are written. */
function titlesIn(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(/\b(?:scenario|test)\(\s*(["'`])(.*?)\1,/gs)].map(([, , title]) => title ?? "");
}

const written = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => titlesIn(`${folder}/${name}`).map((title) => `${folder}/${name} | ${title}`)),
);
const listed = [...readFileSync(join(root, "docs/CONFORMANCE.md"), "utf8").matchAll(/^\| \[.*?\]\(\.\.\/(.*?)\) \| (.*) \|$/gm)].map(
  ([, path, title]) => `${path} | ${title?.replaceAll("\\|", "|")}`,
);

test("docs/CONFORMANCE.md lists every test of the cases and of the table, and none that does not exist", () => {
  expect([...listed].sort()).toEqual([...written].sort());
});

test("every one of the forty cases has exactly one test with its number", () => {
  const cases = written.flatMap((line) => /\| case (\d+): /.exec(line)?.[1] ?? []).map(Number);
  expect(cases.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test("every Erlang name of the table has a test that begins with it", () => {
  const names = [
    ...["start/6", "start_link/6", "init/1", "elected/2", "surrendered/3", "from_leader/3", "handle_leader_call/4", "handle_leader_cast/3"],
    ...["handle_DOWN/3", "handle_call/3", "handle_cast/2", "handle_info/2", "terminate/2", "code_change/4", "reply/2", "alive/1", "down/1"],
    ...["candidates/1", "workers/1", "leader_node/1", "broadcast/3", "debug option", "timeout", "leader_call/3", "leader_cast/2"],
  ];
  for (const name of names)
    expect(
      written.filter((line) => line.includes(`| ${name}: `)),
      name,
    ).not.toEqual([]);
});
