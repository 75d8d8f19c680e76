/**
 * What is to be said to others: of several acknowledgements at once the last, and nothing before there is a way to send.
 *
 * @module
 */
import type { PeerId } from "gen-leader";
import type { Notice } from "./store-types.js";

type Send = (to: PeerId, notice: Notice) => void;

export interface Outbox {
  readonly put: Send;
  /** From now on there is a way to send. */
  open(way: Send): void;
}

export function createOutbox(): Outbox {
  let waiting: { readonly to: PeerId; readonly notice: Notice }[] = [];
  let isDue = false;
  let send: Send | null = null;

  function flush(): void {
    isDue = false;
    if (send === null) return;
    const due = waiting;
    waiting = [];
    for (const { to, notice } of due) send(to, notice);
  }

  return {
    put(to, notice) {
      // Of commits that are applied one after the other, the last says it for all.
      if (notice.type === "applied") waiting = waiting.filter((other) => other.notice.type !== "applied");
      waiting.push({ to, notice });
      if (!isDue) queueMicrotask(flush);
      isDue = true;
    },
    open(way) {
      send = way;
      flush();
    },
  };
}
