/**
 * What a script is replayed on: nodes of a medium, each of which can be killed, and perhaps frozen and cut off.
 *
 * @module
 */
import type { Order } from "./node-host.js";
import type { Report } from "./records.js";

export interface Stage {
  /** `simulated` or `threads`. */
  readonly name: StageName;
  /** Whether nodes can be cut off from one another. */
  readonly splits: boolean;
  /** Has the node that is named in it carry it out. */
  order(order: Order): void | Promise<void>;
  /** The node does nothing any more; the others hear of it when `pause` begins. */
  kill(node: string): void | Promise<void>;
  /** One server dies, its node lives. */
  killProcess(node: string, name: string): void | Promise<void>;
  freeze(node: string): void | Promise<void>;
  thaw(node: string): void | Promise<void>;
  /** From now on these pairs do not hear each other, and all others do. */
  network(cut: readonly (readonly [string, string])[]): void;
  /** Lets what was asked get to where it is handled: what is asked next elsewhere does not overtake it. */
  arrive(): Promise<void>;
  /** Lets things take their course: until nothing happens any more, or for so long. */
  pause(ms: number): Promise<void>;
  /** Resolves once `holds`: looked at after whatever happens. Gives up after so long without. */
  until(holds: () => boolean, limitMs: number): Promise<void>;
  /** Nothing of this server is of interest any more. */
  retire(name: string): void;
  close(): Promise<void>;
}

export type StageName = "simulated" | "threads";

export type StageFactory = (options: StageOptions) => Promise<Stage>;

export interface StageOptions {
  readonly nodes: readonly string[];
  /** Names that are killed by themselves somewhere: they need a realm of their own where a realm dies as a whole. */
  readonly apart: ReadonlySet<string>;
  /** Whether the recording cuts the network: then there is no fence, as in the original. */
  readonly splits: boolean;
  hear(node: string, report: Report): void;
  /** A node died that nobody had killed: nothing that a replay may go past. */
  fail(node: string, error: Error): void;
}
