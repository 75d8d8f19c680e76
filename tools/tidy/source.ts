/**
 * TypeScript files as syntax: parsed once, asked for what they import and export.
 *
 * @module
 */
import ts from "typescript";
import type { TextFile } from "./rule.js";

/** One import, re-export, dynamic import or `import()` type. */
export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
  /** Whether nothing of it is left when types are erased. */
  readonly typeOnly: boolean;
}

const parsed = new WeakMap<TextFile, ts.SourceFile>();
const imported = new WeakMap<TextFile, readonly ImportedModule[]>();

/** Whether the file is TypeScript or JavaScript. */
export function isCode(file: TextFile): boolean {
  return /\.[cm]?[jt]sx?$/.test(file.path);
}

/** The syntax tree of a file, with parents. */
export function parse(file: TextFile): ts.SourceFile {
  let tree = parsed.get(file);
  if (tree === undefined) {
    const kind = /x$/.test(file.path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
    tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true, kind);
    parsed.set(file, tree);
  }
  return tree;
}

/** The line, counted from 1, on which a node begins. */
export function lineOf(node: ts.Node): number {
  const tree = node.getSourceFile();
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1;
}

/** Calls `visit` for every node of a file, parents first. */
export function walk(file: TextFile, visit: (node: ts.Node) => void): void {
  const descend = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, descend);
  };
  descend(parse(file));
}

/** Every module that a file names, in order. */
export function importsOf(file: TextFile): readonly ImportedModule[] {
  const known = imported.get(file) ?? findImports(file);
  imported.set(file, known);
  return known;
}

function findImports(file: TextFile): readonly ImportedModule[] {
  const found: ImportedModule[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ specifier: specifier.text, line: lineOf(node), typeOnly });
    }
  };
  walk(file, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnlyImport(node));
    if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, isTypeOnlyExport(node));
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0], false);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node, node.argument.literal, true);
  });
  return found;
}

function isTypeOnlyImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || ts.isNamespaceImport(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function isTypeOnlyExport(node: ts.ExportDeclaration): boolean {
  if (node.isTypeOnly) return true;
  const clause = node.exportClause;
  return clause !== undefined && ts.isNamedExports(clause) && clause.elements.length > 0 && clause.elements.every((e) => e.isTypeOnly);
}

/** Whether a statement carries `export`. */
export function isExported(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false);
}
