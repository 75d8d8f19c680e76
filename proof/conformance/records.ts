/**
 * What is seen of a run, recorded or replayed, in the same words: so that the two can be compared.
 *
 * @module
 */
import type { Term, TermMap } from "./term.js";

export type Observation =
  | {
      readonly type: "callback";
      readonly cb: string;
      /** Without state and election; callers and nodes as node names. */
      readonly args: readonly Term[];
      /** The dictionary before; `null` where a recording lacks it. */
      readonly state: TermMap | null;
    }
  | { readonly type: "exit"; readonly reason: Term };

/** An observation with where it was made. */
export interface Seen {
  readonly node: string;
  readonly name: string;
  /** How many steps of the script had been made. */
  readonly step: number;
  readonly what: Observation;
}

/** What a client or a starter was told, by the key of its step. */
export interface Told {
  readonly key: number;
  readonly step: number;
  readonly result: Term;
}

export interface Course {
  readonly seen: readonly Seen[];
  /** Results of operations and of starts. */
  readonly told: ReadonlyMap<number, Told>;
  /** Stray messages at clients: the ids of their operations. */
  readonly strays: readonly { readonly id: string; readonly node: string; readonly msg: Term }[];
  /** Where the replay had to end: what the medium cannot do. */
  readonly cutShort: { readonly step: number; readonly why: string } | null;
}

/** What a node's host reports. */
export type Report =
  | { readonly type: "seen"; readonly name: string; readonly what: Observation }
  | { readonly type: "told"; readonly key: number; readonly result: Term };
