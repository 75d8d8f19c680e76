/**
 * Words and constructs that have no place here, each with what to write instead.
 *
 * @module
 */
import ts from "typescript";
import type { Problem, Rule, TextFile } from "./rule.js";
import { isCode, lineOf, walk } from "./source.js";

interface BannedText {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly where: (path: string) => boolean;
}

/** Texts that would match themselves are put together from pieces. */
const pieces = (...parts: readonly string[]): RegExp => new RegExp(parts.join(""), "g");

const anywhere = (): boolean => true;
const shipped = (path: string): boolean => /^(packages\/[^/]+\/src|playground\/src|examples\/[^/]+\/src)\//.test(path);

const bannedTexts: readonly BannedText[] = [
  {
    pattern: pieces("\\b(TO", "DO|FIX", "ME|X", "XX|HA", "CK)\\b"),
    instead: "do it, or write the decision down in docs/decisions",
    where: anywhere,
  },
  { pattern: pieces("@ts-(ig", "nore|no", "check)"), instead: "give the compiler the type that it misses", where: anywhere },
  { pattern: pieces("@ts-ex", "pect-error(?! \\S)"), instead: "say after it which error is expected", where: anywhere },
  {
    pattern: pieces("(?<![\\w.*)}/-])/(wo", "rk|ro", "ot|ho", "me|Us", "ers|t", "mp)/"),
    instead: "use a path relative to the file, or os.tmpdir()",
    where: anywhere,
  },
  { pattern: pieces('"resol', 'ved": "https?:'), instead: "install with omit-lockfile-registry-resolved", where: anywhere },
  { pattern: pieces("\\.\\./sha", "red\\b"), instead: "copy what is needed into the tree", where: anywhere },
  {
    pattern: pieces("[\"'](before)?unl", "oad[\"']"),
    instead: "use pagehide, which lets the page into the back/forward cache",
    where: shipped,
  },
];

/** Nothing that is written anywhere is on the list. */
export const bannedWords: Rule = (files) =>
  files.flatMap((file) => {
    const lines = file.text.split("\n");
    return bannedTexts
      .filter(({ where }) => where(file.path))
      .flatMap(({ pattern, instead }) =>
        lines.flatMap((line, index) =>
          [...line.matchAll(pattern)].map((match): Problem => {
            return { path: file.path, line: index + 1, message: `says "${match[0].trim()}": ${instead}.` };
          }),
        ),
      );
  });

const isTest = (path: string): boolean => /(^|\/)(test|e2e)\/|\.test\.tsx?$/.test(path);

/** No construct that silences the compiler, leaves a test out, or waits for time to pass. */
export const bannedConstructs: Rule = (files) =>
  files.filter(isCode).flatMap((file) => {
    const problems: Problem[] = [];
    walk(file, (node) => {
      const message = typeComplaint(node) ?? exportComplaint(node, file) ?? (isTest(file.path) ? testComplaint(node) : undefined);
      if (message !== undefined) problems.push({ path: file.path, line: lineOf(node), message });
    });
    return problems;
  });

function typeComplaint(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'uses the type "any": write the type, or unknown and a check.';
  if (ts.isAsExpression(node) && ts.isAsExpression(node.expression) && node.expression.type.kind === ts.SyntaxKind.UnknownKeyword) {
    return "casts through unknown: check the value instead.";
  }
  return undefined;
}

function exportComplaint(node: ts.Node, file: TextFile): string | undefined {
  if (/(^|\/)[\w.-]+\.config\.[jt]s$/.test(file.path)) return undefined;
  const assigned = ts.isExportAssignment(node);
  const modified = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  const renamed = ts.isExportSpecifier(node) && node.name.text === "default";
  return assigned || modified || renamed ? "has a default export: export it by its name." : undefined;
}

const testFunctions = new Set(["describe", "it", "test", "suite", "bench"]);
const leftOut = new Set(["only", "skip", "todo", "fixme", "fails", "skipIf", "runIf", "slow"]);
const polling = new Set(["waitForTimeout", "waitUntil", "waitFor", "poll", "toPass"]);
const pollers = new Set(["vi", "expect"]);

function testComplaint(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const member = node.name.text;
    const owner = leftmost(node.expression);
    if (testFunctions.has(owner) && leftOut.has(member)) return `leaves tests out with ".${member}": make the test pass, or delete it.`;
    if (member === "waitForTimeout") return 'sleeps with "waitForTimeout": wait for the event.';
    if (pollers.has(owner) && polling.has(member)) return `polls with ".${member}": wait for the event.`;
    if (member === "toPass") return 'polls with ".toPass": wait for the event.';
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Promise" && sleeps(node)) {
    return "sleeps: wait for the event that the time was meant for.";
  }
  if (ts.isImportDeclaration(node) && /timers\/promises/.test(node.moduleSpecifier.getText())) {
    return "imports timers/promises: wait for events, not for time.";
  }
  if (ts.isPropertyAssignment(node) && /^(retry|retries)$/.test(node.name.getText()) && /^[1-9]/.test(node.initializer.getText())) {
    return "retries: a test that fails once is broken.";
  }
  return undefined;
}

function leftmost(node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return leftmost(node.expression);
  return node.getText();
}

/** Whether a promise settles by a timer alone: its executor hands `resolve` to setTimeout and does nothing else. */
function sleeps(node: ts.NewExpression): boolean {
  const [executor] = node.arguments ?? [];
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return false;
  const body = ts.isBlock(executor.body) ? executor.body.statements : [executor.body];
  const [only] = body;
  return body.length === 1 && only !== undefined && /^(return |void )?(globalThis\.|window\.)?setTimeout\(/.test(only.getText());
}
