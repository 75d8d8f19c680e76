/**
 * The examples of a document: code blocks under a comment that names the file they are.
 *
 * ```md
 * <!-- example: threads.ts, runs on node -->
 * ```
 *
 * Every block of TypeScript must bear such a name, so that none goes unchecked. Blocks of one name make up one file;
 * blocks may import one another by it.
 *
 * @module
 */

/** One file of example code. */
export interface Example {
  /** `lead.ts` */
  readonly file: string;
  readonly code: string;
  /** Where it is run: in a page, or as a Node program, which must then come to an end. */
  readonly runsOn: "browser" | "node";
}

/** A document whose examples cannot be told apart. The message says where. */
export class ExampleError extends Error {
  override readonly name = "ExampleError";
}

const block = /^(?:<!--(?<comment>[^\n]*?)-->[ \t]*\n\s*)?```(?<language>\w*)[^\n]*\n(?<code>[\s\S]*?)^```[ \t]*$/gm;
const marker = /^\s*example:\s*(?<file>[a-z0-9-]+\.tsx?)\s*(?<rest>,\s*runs on node)?\s*$/;

/** All examples of a document, in order. @throws ExampleError */
export function readExamples(markdown: string): readonly Example[] {
  const examples = new Map<string, Example>();
  for (const { groups, index } of markdown.matchAll(block)) {
    const { comment = "", language = "", code = "" } = groups ?? {};
    if (!/^(ts|tsx|typescript|js|jsx|javascript)$/.test(language)) continue;
    const line = markdown.slice(0, index).split("\n").length;
    const named = marker.exec(comment)?.groups;
    if (named?.file === undefined) {
      throw new ExampleError(`The ${language} block at line ${line} has no name: put <!-- example: file.ts --> above it.`);
    }
    const before = examples.get(named.file);
    const runsOn = named.rest === undefined ? "browser" : "node";
    if (before !== undefined && before.runsOn !== runsOn) throw new ExampleError(`${named.file} runs in two places (line ${line}).`);
    examples.set(named.file, { file: named.file, code: `${before?.code ?? ""}${code}`, runsOn });
  }
  return [...examples.values()];
}
