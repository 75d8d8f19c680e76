/**
 * What a rule of the house is: a function from files to problems. Rules see paths and texts only, so that a
 * test can show each of them a file that breaks it.
 *
 * @module
 */

/** One file of the repository, or of a test. */
export interface TextFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One breach of one rule: where it is, and what to do instead. */
export interface Problem {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly message: string;
}

/** A rule: looks at all files at once and names every breach. */
export type Rule = (files: readonly TextFile[]) => readonly Problem[];

/** One line for people and editors. */
export function printProblem({ path, line, message }: Problem): string {
  return `${path}:${line} ${message}`;
}
