/**
 * What a callback is told to do, as plain data: so that a test can tell it to a peer in another thread.
 *
 * @module
 */
import { noreply, ok, reply, stop } from "gen-leader";

/** The state of the recording behaviour: what was appended, oldest first. */
export type Items = readonly string[];

/** What a callback does instead of its ordinary work. A broadcast of a string also appends it. */
export type Act =
  | { readonly does: "reply"; readonly value: unknown; readonly broadcast?: unknown }
  /** Leaves the call open; `keep` names it for a later answer. */
  | { readonly does: "noreply"; readonly keep: string; readonly broadcast?: unknown }
  | { readonly does: "ok"; readonly broadcast?: unknown }
  | { readonly does: "stop"; readonly reason: unknown; readonly reply?: unknown; readonly broadcast?: unknown }
  /** Returns a value that may be none of the results. */
  | { readonly does: "return"; readonly value: unknown }
  | { readonly does: "throw"; readonly value: unknown }
  /** Throws what would have been a fine result, had it been returned. */
  | { readonly does: "throw-reply"; readonly value: unknown }
  | { readonly does: "reject"; readonly value: unknown }
  /** Stays pending until the test releases the latch, then does something else. */
  | { readonly does: "wait"; readonly latch: string; readonly afterwards: Act }
  /** Blocks the thread until the test writes to the cell, then does something else. Needs a realm of its own. */
  | { readonly does: "block"; readonly cell: Int32Array; readonly afterwards: Act };

/** What a callback needs to do as it is told. */
export interface Stage {
  /** Keeps who waits for an answer under a name. */
  keep(name: string): void;
  /** Resolves when the test releases the latch. */
  latch(name: string): Promise<void>;
  /** Called before the thread is blocked: the last that is heard of it. */
  blocking(cell: Int32Array): void;
}

/** What a program without types may return: anything. */
export function untyped(value: unknown): never;
export function untyped(value: unknown): unknown {
  return value;
}

function withItem(items: Items, broadcast: unknown): Items {
  return typeof broadcast === "string" ? [...items, broadcast] : items;
}

/** Does it, and gives what the callback is to return. */
export function perform(act: Act, items: Items, stage: Stage): unknown {
  switch (act.does) {
    case "reply":
      return reply(withItem(items, act.broadcast), act.value, broadcastOf(act));
    case "noreply":
      stage.keep(act.keep);
      return noreply(withItem(items, act.broadcast), broadcastOf(act));
    case "ok":
      return ok(withItem(items, act.broadcast), broadcastOf(act));
    case "stop":
      return stop(withItem(items, act.broadcast), act.reason, {
        ...broadcastOf(act),
        ...("reply" in act ? { reply: act.reply } : {}),
      });
    case "return":
      return act.value;
    case "throw":
      throw act.value;
    case "throw-reply":
      throw reply(items, act.value);
    case "reject":
      return Promise.reject(act.value);
    case "wait":
      return stage.latch(act.latch).then(() => perform(act.afterwards, items, stage));
    case "block":
      stage.blocking(act.cell);
      Atomics.wait(act.cell, 0, 0);
      return perform(act.afterwards, items, stage);
  }
}

function broadcastOf(act: { readonly broadcast?: unknown }): { readonly broadcast?: unknown } {
  return act.broadcast === undefined ? {} : { broadcast: act.broadcast };
}
