/**
 * What explains a difference: a kind of difference, and why it is there. A rule looks at one difference and at the facts around it, never
 * at the name of a scenario or at a line.
 *
 * @module
 */
import type { Difference } from "./compare.js";
import type { Facts, Side } from "./facts.js";

/** From where on the two runs are different runs: what follows from that is explained by the rules of consequences. */
export interface Divergence {
  readonly rule: string;
  readonly name: string;
  readonly since: number;
  /** Another leads. */
  readonly leader?: boolean;
  /** The dictionaries are different. */
  readonly state?: boolean;
  /** This server ended on one side only. */
  readonly ended?: { readonly node: string; readonly side: Side };
  /** This peer waits for ever there, and takes part here. */
  readonly stuck?: string;
}

export type Explanation = boolean | Omit<Divergence, "rule" | "name" | "since">;

export interface Rule {
  readonly id: string;
  /** Which kind of difference it matches. */
  readonly pattern: string;
  /** Why it is there. */
  readonly reason: string;
  /** Where that stems from. */
  readonly source: string;
  explain(difference: Difference, facts: Facts): Explanation;
}

/** A rule of consequences: holds only after a divergence. */
export interface FollowRule extends Omit<Rule, "explain"> {
  follows(difference: Difference, facts: Facts, divergence: Divergence): boolean;
}
