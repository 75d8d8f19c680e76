/**
 * A file holds one thing. What a machine can see of that: the exports of a file hang together, and the file is
 * not long.
 *
 * @module
 */
import ts from "typescript";
import type { Problem, Rule, TextFile } from "./rule.js";
import { isExported, lineOf, parse } from "./source.js";

const sources = /^packages\/[^/]+\/src\/.+\.ts$/;

/**
 * The exports of a file are connected: each refers to another, or both to something that the file declares or takes
 * from a neighbour, or its name holds a word of the file's name, or it is named in the file's opening comment, which
 * then says how it belongs there.
 */
export const oneConcept: Rule = (files) =>
  files
    .filter((file) => sources.test(file.path))
    .flatMap((file) => {
      const [first, ...others] = islands(file);
      if (first === undefined) return [];
      return others.map((island): Problem => {
        const names = island.map((name) => `"${name}"`).join(", ");
        return {
          path: file.path,
          line: 1,
          message: `holds unrelated things: ${names} and "${first[0]}" refer to nothing in common. Give each a file, or say in the opening comment what "${island[0]}" has to do with the rest.`,
        };
      });
    });

interface Declaration {
  readonly names: readonly string[];
  readonly exported: boolean;
  readonly references: ReadonlySet<string>;
}

/** The exports of a file in groups that have nothing to do with one another. */
function islands(file: TextFile): readonly (readonly string[])[] {
  const tree = parse(file);
  const declarations = tree.statements.flatMap(declarationOf);
  const shared = new Set([...declarations.flatMap(({ names }) => names), ...neighbours(tree)]);
  const groups = new Map<string, string>();
  const rootOf = (name: string): string => {
    const parent = groups.get(name) ?? name;
    return parent === name ? name : rootOf(parent);
  };
  for (const { names, references } of declarations) {
    const [first] = names;
    if (first === undefined) continue;
    for (const other of [...names, ...references].filter((name) => shared.has(name))) groups.set(rootOf(other), rootOf(first));
  }
  const exported = new Set(declarations.flatMap((one) => (one.exported ? one.names : [])));
  const belonging = [...exported].filter((name) => isNamedFor(file, name));
  for (const name of belonging) groups.set(rootOf(name), rootOf(belonging[0] ?? name));
  const byGroup = new Map<string, string[]>();
  for (const name of exported) byGroup.set(rootOf(name), [...(byGroup.get(rootOf(name)) ?? []), name]);
  return [...byGroup.values()].sort((a, b) => b.length - a.length);
}

/** Whether the file's name or its opening comment names an export. */
function isNamedFor(file: TextFile, name: string): boolean {
  const stem = file.path.split("/").at(-1)?.split(".")[0] ?? "";
  const words = stem.split("-").map((word) => word.replace(/s$/, ""));
  const lower = name.toLowerCase();
  return words.some((word) => lower.includes(word)) || new RegExp(`\\b${lower}\\b`).test(openingComment(file).toLowerCase());
}

function declarationOf(statement: ts.Statement): readonly Declaration[] {
  const exported = isExported(statement);
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map((one) => ({ names: [one.name.getText()], exported, references: identifiersIn(one) }));
  }
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  if (!named || statement.name === undefined) return [];
  return [{ names: [statement.name.text], exported, references: identifiersIn(statement) }];
}

function identifiersIn(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const descend = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) names.add(child.text);
    ts.forEachChild(child, descend);
  };
  descend(node);
  return names;
}

/** Names imported from files of the same package. */
function neighbours(tree: ts.SourceFile): readonly string[] {
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !statement.moduleSpecifier.getText().startsWith('".')) return [];
    const bindings = statement.importClause?.namedBindings;
    return bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements.map((element) => element.name.text) : [];
  });
}

function openingComment(file: TextFile): string {
  return /^\s*\/\*\*[\s\S]*?\*\//.exec(file.text)?.[0] ?? "";
}

/** The most lines that a file may have, by path; the first that fits counts. */
const limits: readonly (readonly [path: RegExp, lines: number, why: string])[] = [
  [/^packages\/adapters\/src\//, 200, "one facility of one platform"],
  [/^packages\/protocol\/src\//, 500, "one family of messages"],
  [/^packages\/behaviour\/src\/running-server\.ts$/, 520, "the place where all parts of a server meet"],
  [/\/test\/|\.test\.tsx?$/, 600, "the tests of one concept"],
  [/^/, 450, "one concept"],
];

/** No file of code is longer than one concept takes. */
export const shortFiles: Rule = (files) =>
  files
    .filter((file) => /\.tsx?$/.test(file.path))
    .flatMap((file) => {
      const lines = file.text.split("\n").length - 1;
      const limit = limits.find(([path]) => path.test(file.path));
      if (limit === undefined || lines <= limit[1]) return [];
      return [
        {
          path: file.path,
          line: limit[1],
          message: `has ${lines} lines: at most ${limit[1]} for ${limit[2]}. Split it by what it is about.`,
        },
      ];
    });

/** Every source says at its top what it is, and does nothing when it is imported. */
export const documentedSources: Rule = (files) =>
  files
    .filter((file) => sources.test(file.path))
    .flatMap((file) => {
      const problems: Problem[] = [];
      if (!openingComment(file).includes("@module")) {
        problems.push({ path: file.path, line: 1, message: "does not open with a comment that says what it is, closed by @module." });
      }
      for (const statement of parse(file).statements.filter(ts.isExpressionStatement)) {
        problems.push({ path: file.path, line: lineOf(statement), message: "does something when it is imported: put it into a function." });
      }
      return problems;
    });
