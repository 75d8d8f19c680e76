/**
 * What is to be said to the leader: of several that were put in at once the last, and nothing before it can be sent.
 *
 * @module
 */

export interface Outbox<M> {
  readonly put: (message: M) => void;
  /** From now on there is a way to send. */
  open(send: (message: M) => void): void;
}

export function createOutbox<M>(): Outbox<M> {
  let latest: { readonly message: M } | null = null;
  let send: ((message: M) => void) | null = null;

  function flush(): void {
    if (latest === null || send === null) return;
    const { message } = latest;
    latest = null;
    send(message);
  }

  return {
    put(message) {
      // Of commits that are applied one after the other, the last says it for all.
      if (latest === null) queueMicrotask(flush);
      latest = { message };
    },
    open(way) {
      send = way;
      flush();
    },
  };
}
