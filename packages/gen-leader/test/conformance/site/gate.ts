/**
 * Freezes one peer of a realm that goes on: what the medium tells it waits, in order, until it is thawed. What a
 * busy loop or a frozen page does to a realm of its own.
 *
 * @module
 */
import type { Medium } from "@gen-leader/protocol";

export interface Gate {
  /** Runs it now, or after the thaw. */
  pass(run: () => void): void;
  freeze(): void;
  thaw(): void;
  /** Nothing passes any more. */
  close(): void;
}

export function createGate(): Gate {
  let frozen = false;
  let closed = false;
  let backlog: (() => void)[] = [];
  return {
    pass(run) {
      if (closed) return;
      if (frozen) backlog.push(run);
      else run();
    },
    freeze() {
      frozen = true;
    },
    thaw() {
      frozen = false;
      const waiting = backlog;
      backlog = [];
      for (const [index, run] of waiting.entries()) {
        // One of them may have frozen the peer again.
        if (frozen) backlog.push(...waiting.slice(index));
        if (frozen) return;
        run();
      }
    },
    close() {
      closed = true;
      backlog = [];
    },
  };
}

/** The same medium, with everything that comes in behind the gate. */
export function gated(medium: Medium, gate: Gate): Medium {
  const { transport, failureDetector, fence, clock } = medium;
  const after = <T>(promise: Promise<T>) => promise.then((value) => new Promise<T>((resolve) => gate.pass(() => resolve(value))));
  return {
    ...medium,
    transport: {
      open: (self, receive) => after(transport.open(self, (frame) => gate.pass(() => receive(frame)))),
      post: (frame) => transport.post(frame),
      send: (to, frame) => transport.send(to, frame),
      close: () => transport.close(),
    },
    failureDetector: {
      open: (self) => after(failureDetector.open(self)),
      census: () => after(failureDetector.census()),
      monitor(peer, onDown) {
        let ended = false;
        const end = failureDetector.monitor(peer, (reason) =>
          gate.pass(() => {
            if (!ended) onDown(reason);
          }),
        );
        return () => {
          ended = true;
          end();
        };
      },
      onAppearance: (listener) => failureDetector.onAppearance?.((peer) => gate.pass(() => listener(peer))),
      close: () => failureDetector.close(),
    },
    fence:
      fence === null
        ? null
        : {
            open: (self, listener) => after(fence.open(self, (event) => gate.pass(() => listener(event)))),
            request: (over) => fence.request(over),
            release: () => fence.release(),
            steal: (holder) => fence.steal(holder),
            holder: () => after(Promise.resolve(fence.holder())),
            holds: () => fence.holds(),
            close: () => fence.close(),
          },
    clock: {
      now: () => clock.now(),
      wall: () => clock.wall(),
      schedule(callback, delayMs) {
        let cancelled = false;
        const cancel = clock.schedule(
          () =>
            gate.pass(() => {
              if (!cancelled) callback();
            }),
          delayMs,
        );
        return () => {
          cancelled = true;
          cancel();
        };
      },
    },
  };
}
