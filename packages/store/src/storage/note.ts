/**
 * What a leader notes beside what it writes, so that the next one need not read it.
 *
 * @module
 */
import type { Lineage } from "../lineage.js";

/** What is noted beside the records: what they make when all are read. */
export interface Note {
  readonly position: number;
  readonly lineage: Lineage;
  /** Of the release that made the state. */
  readonly version: number;
  /** What the copy weighs, and the commits after it. */
  readonly baseWeight: number;
  readonly logWeight: number;
}
