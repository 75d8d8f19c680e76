/**
 * What the pure packages may touch of the language: a list of what is allowed, because a list of what is
 * forbidden forgets the next platform.
 *
 * @module
 */
import ts from "typescript";
import type { Problem, Rule, TextFile } from "./rule.js";
import { lineOf, walk } from "./source.js";

/** Globals that give the same answer always and everywhere. */
const pureGlobals = [
  ...["undefined", "NaN", "Infinity", "Object", "Array", "Map", "Set", "WeakMap", "WeakSet", "Number", "String", "Boolean", "BigInt"],
  ...[
    "Symbol",
    "RegExp",
    "Math",
    "JSON",
    "Error",
    "TypeError",
    "RangeError",
    "ArrayBuffer",
    "DataView",
    "Uint8Array",
    "arguments",
    "const",
  ],
];

/** Methods that do not: they ask for the language of the machine. */
const impureMembers = ["localeCompare", "toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase"];

interface PureFolder {
  readonly folder: string;
  /** What it may name beside the pure globals. */
  readonly also: readonly string[];
  readonly asynchronous: boolean;
}

const pureFolders: readonly PureFolder[] = [
  { folder: "packages/protocol/src/", also: [], asynchronous: false },
  { folder: "packages/behaviour/src/", also: ["Promise", "AbortController", "AbortSignal"], asynchronous: true },
];

/** Protocol and behaviour read no clock, no random source and no global of a platform. */
export const purity: Rule = (files) =>
  files.flatMap((file) => {
    const pure = pureFolders.find(({ folder }) => file.path.startsWith(folder));
    return pure === undefined ? [] : impurities(file, pure);
  });

function impurities(file: TextFile, pure: PureFolder): readonly Problem[] {
  const problems: Problem[] = [];
  const allowed = new Set([...pureGlobals, ...pure.also, ...declaredIn(file)]);
  const report = (node: ts.Node, message: string): void => void problems.push({ path: file.path, line: lineOf(node), message });
  const place = pure.folder.split("/")[1];
  walk(file, (node) => {
    if (ts.isIdentifier(node) && isValueReference(node) && !allowed.has(node.text)) {
      report(node, `names the global "${node.text}": ${place} gets what it needs of a platform through events or ports.`);
    }
    const chance = ts.isPropertyAccessExpression(node) && node.name.text === "random" && node.expression.getText() === "Math";
    if (ts.isPropertyAccessExpression(node) && (chance || impureMembers.includes(node.name.text))) {
      report(node, `uses "${node.getText()}": ${place} must give the same answer on every machine and every run.`);
    }
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword) report(node, `reads import.meta in ${place}.`);
    if (!pure.asynchronous && (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword)) {
      report(node, `waits: a step of ${place} is one call that returns.`);
    }
  });
  return problems;
}

/** Every name that a file declares or imports, in any scope. */
function declaredIn(file: TextFile): ReadonlySet<string> {
  const names = new Set<string>();
  walk(file, (node) => {
    if (!ts.isIdentifier(node)) return;
    const parent = node.parent;
    if ((isNamedDeclaration(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)) && parent.name === node)
      names.add(node.text);
  });
  return names;
}

function isNamedDeclaration(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isClassExpression(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isNamespaceImport(node)
  );
}

/** Whether an identifier stands for a value that is looked up by that name. */
function isValueReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isTypeQueryNode(parent)) return true;
  if (ts.isPartOfTypeNode(node) || isInType(parent)) return false;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isExportSpecifier(parent) || ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return false;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent) || ts.isMetaProperty(parent)) return false;
  const named: { readonly name?: ts.Node } =
    ts.isClassElement(parent) || isNamedDeclaration(parent) || isTypeDeclaration(parent) ? parent : {};
  return named.name !== node;
}

function isTypeDeclaration(
  node: ts.Node,
): node is ts.TypeAliasDeclaration | ts.InterfaceDeclaration | ts.TypeParameterDeclaration | ts.ModuleDeclaration {
  return (
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}

function isInType(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isTypeElement(node) || ts.isQualifiedName(node) || ts.isTypePredicateNode(node);
}
