/**
 * Who is alive among the threads of one Node process: a MessagePort between two closes when either thread ends.
 *
 * @module
 */
import type { DownReason, FailureDetector } from "@gen-leader/protocol";
import type { Station } from "../worker-threads/station.js";

/**
 * The failure detector of one peer. Death is heard within a millisecond (0.2 ms after `terminate()`), a busy thread
 * is never taken for a dead one. Two exceptions: while the main thread is busy no new watch takes hold, since
 * it carries the ports; and a peer that nobody has heard of and that does not answer within a second is down
 * (`unresponsive`).
 */
export function createWorkerThreadsFailureDetector(station: Station): FailureDetector {
  const watches = new Set<() => void>();
  let isOpen = false;
  return {
    open(self) {
      station.open("failureDetector", self);
      isOpen = true;
      return Promise.resolve();
    },
    // A thread cannot list the others, and whoever is busy would be missing among those who answer.
    census: () => Promise.resolve(null),
    monitor(peer, onDown) {
      if (!isOpen) return () => undefined;
      const stop = station.watch(peer, (reason: DownReason) => {
        watches.delete(end);
        onDown(reason);
      });
      const end = (): void => {
        watches.delete(end);
        stop();
      };
      watches.add(end);
      return end;
    },
    close() {
      isOpen = false;
      for (const end of watches) end();
      station.close("failureDetector");
    },
  };
}
