/**
 * What the main thread and the thread of a node say to each other.
 *
 * @module
 */
import type { Order, Standing } from "./node-host.js";
import type { Report } from "./records.js";

export type ToNode =
  /** Be this node. */
  | { readonly type: "be"; readonly node: string; readonly namespace: string }
  | { readonly type: "order"; readonly order: Order }
  /** Block until the cell is no longer 0: what a stopped process does, and what a dead one does. */
  | { readonly type: "freeze"; readonly cell: Int32Array }
  | { readonly type: "standings" };

export type FromNode =
  | { readonly type: "ready" }
  | { readonly type: "report"; readonly report: Report }
  /** The last word before the thread is blocked. */
  | { readonly type: "frozen" }
  | { readonly type: "standings"; readonly standings: readonly Standing[] };
