/**
 * What the main thread and the thread of a realm say to each other, around the orders and reports of the test.
 *
 * @module
 */
import type { Order, Report } from "./messages.js";

/** What a thread is started with. */
export interface ThreadData {
  readonly namespace: string;
}

export type ToThread =
  | { readonly type: "order"; readonly order: Order }
  /** Block until the cell is no longer 0. */
  | { readonly type: "freeze"; readonly cell: Int32Array };

export type FromThread =
  | { readonly type: "report"; readonly report: Report }
  /** The last word before the thread is blocked. */
  | { readonly type: "frozen" };
