/**
 * What a mutant is: one rule of the protocol broken on purpose, as a replacement in the source.
 *
 * @module
 */
import type { RuleId } from "../rules.js";

/** A text that stands once in a file, and what stands there instead. Paths are from the root of the repository. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Mutant extends Edit {
  readonly id: string;
  readonly rule: RuleId;
  /** What it does, in one sentence. */
  readonly says: string;
  /** Where one rule is held by several guards, the others that have to fall with it. */
  readonly also?: readonly Edit[];
}

export function editsOf({ file, from, to, also = [] }: Mutant): readonly Edit[] {
  return [{ file, from, to }, ...also];
}
