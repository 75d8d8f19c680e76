/**
 * To hear what is in a channel's queue now, not in a later turn.
 *
 * @module
 */
import { type BroadcastChannel, receiveMessageOnPort } from "node:worker_threads";

declare module "node:worker_threads" {
  // Documented since Node 15.4 and left out of the types.
  function receiveMessageOnPort(port: BroadcastChannel): { message: unknown } | undefined;
}

/**
 * Takes what is in the queue, while `isOpen`. In Node and Bun all that others have posted before is there: `postMessage` puts it
 * there itself. Returns whether the queue could be read; in Deno, only that of a port can.
 */
export function drainChannel(channel: BroadcastChannel, take: (data: unknown) => void, isOpen: () => boolean): boolean {
  while (isOpen()) {
    let next: { message: unknown } | undefined;
    try {
      next = receiveMessageOnPort(channel);
    } catch {
      return false;
    }
    if (next === undefined) return true;
    take(next.message);
  }
  return true;
}
