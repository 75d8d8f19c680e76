/**
 * Documents for people: one title each, no title twice, no link that leads nowhere.
 *
 * @module
 */
import { posix } from "node:path";
import type { Problem, Rule, TextFile } from "./rule.js";

interface Title {
  readonly text: string;
  readonly line: number;
}

const isDocument = (file: TextFile): boolean => /\.md$/.test(file.path) && !file.path.startsWith(".changeset/");

/** Lines of a document outside its code blocks, with their numbers. */
function prose(file: TextFile): readonly Title[] {
  let fenced = false;
  return file.text.split("\n").flatMap((text, index) => {
    if (/^\s*(```|~~~)/.test(text)) fenced = !fenced;
    return fenced ? [] : [{ text, line: index + 1 }];
  });
}

/** Every document has one title, and no two documents of `docs` have the same. */
export const oneTitle: Rule = (files) => {
  const problems: Problem[] = [];
  const owners = new Map<string, string>();
  for (const file of files.filter(isDocument)) {
    const titles = prose(file).filter(({ text }) => /^# \S/.test(text));
    const [first] = titles;
    if (titles.length !== 1) {
      problems.push({
        path: file.path,
        line: titles[1]?.line ?? 1,
        message: `has ${titles.length} titles: a document has exactly one "# " line.`,
      });
    }
    if (first === undefined || !file.path.startsWith("docs/")) continue;
    const owner = owners.get(first.text);
    if (owner !== undefined) problems.push({ path: file.path, line: first.line, message: `has the same title as ${owner}.` });
    owners.set(first.text, file.path);
  }
  return problems;
};

/** Relative links lead to files that exist. */
export const liveLinks: Rule = (files) => {
  const paths = new Set(files.map((file) => file.path));
  const folders = new Set(files.flatMap((file) => ancestors(file.path)));
  return files.filter(isDocument).flatMap((file) =>
    prose(file).flatMap(({ text, line }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].flatMap((match): readonly Problem[] => {
        const link = (match[1] ?? match[2] ?? "").split("#")[0] ?? "";
        if (link === "" || /^[a-z]+:/.test(link)) return [];
        const target = posix.join(posix.dirname(file.path), link).replace(/\/$/, "");
        return paths.has(target) || folders.has(target)
          ? []
          : [{ path: file.path, line, message: `links to "${link}", which does not exist.` }];
      }),
    ),
  );
};

function ancestors(path: string): readonly string[] {
  const parent = posix.dirname(path);
  return parent === "." ? [] : [parent, ...ancestors(parent)];
}
