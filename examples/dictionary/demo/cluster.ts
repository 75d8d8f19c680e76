/**
 * All threads of the demo, and what they agree on.
 *
 * @module
 */
import type { Report } from "./messages.js";
import { createPeerThread, type PeerThread } from "./peer-thread.js";

/** The threads that are up, and a way to wait for what they report. */
export interface Cluster {
  readonly threads: readonly PeerThread[];
  /** Adds a thread with a name that was never used before. */
  spawn(): PeerThread;
  /** Ends a thread at once and strikes it off. */
  kill(thread: PeerThread): void;
  /** The thread that leads and that all others follow; `undefined` while they do not agree. */
  agreedLeader(): PeerThread | undefined;
  /** Resolves with the first value of `condition` that is neither `undefined` nor `false`, asked again after each report. Rejects loudly after `stuckMs`. */
  until<T>(what: string, condition: () => T | undefined | false): Promise<T>;
  /** Ends all threads in order: the leader last, so that nobody has to be elected for nothing. */
  close(): void;
}

/** What `createCluster` needs to know. */
export interface ClusterOptions {
  /** The bundled worker entry that each thread runs. */
  readonly code: URL;
  /** After how long of waiting for one thing the demo gives up. */
  readonly stuckMs: number;
  /** Called with each report of a thread that is up. */
  readonly heard: (thread: PeerThread, report: Report) => void;
}

/** Something did not happen in time, or a thread broke. */
export class StuckError extends Error {
  override readonly name = "StuckError";
}

/** A cluster without threads yet. */
export function createCluster({ code, stuckMs, heard }: ClusterOptions): Cluster {
  let threads: readonly PeerThread[] = [];
  let spawned = 0;
  let brokenBecause: string | undefined;
  const waiting = new Set<() => void>();

  function wake(): void {
    for (const look of [...waiting]) look();
  }

  function breakDown(reason: string): void {
    brokenBecause ??= reason;
    wake();
  }

  function agreedLeader(): PeerThread | undefined {
    const statuses = threads.map((thread) => thread.last("status"));
    const leading = statuses.findIndex((status) => status?.phase === "leading");
    const leader = statuses[leading];
    const agreed = statuses.every(
      (status, index) =>
        index === leading || (status?.phase === "following" && status.leader === leader?.self && status.epoch === leader.epoch),
    );
    return leader !== undefined && agreed ? threads[leading] : undefined;
  }

  return {
    get threads() {
      return threads;
    },
    agreedLeader,
    spawn() {
      spawned += 1;
      const thread: PeerThread = createPeerThread(
        `thread-${spawned}`,
        code,
        (report) => {
          if (report.type === "failed") return breakDown(`${thread.name} failed: ${report.reason}`);
          heard(thread, report);
          wake();
        },
        breakDown,
      );
      threads = [...threads, thread];
      return thread;
    },
    kill(thread) {
      thread.kill();
      threads = threads.filter((other) => other !== thread);
    },
    until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
      return new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(watchdog);
          waiting.delete(look);
          act();
        };
        const look = () => {
          if (brokenBecause !== undefined) return settle(() => reject(new StuckError(`While waiting for ${what}: ${brokenBecause}`)));
          const value = condition();
          if (value !== undefined && value !== false) settle(() => resolve(value));
        };
        const watchdog = setTimeout(
          () => settle(() => reject(new StuckError(`Waited ${stuckMs} ms in vain for ${what}.\n${describe(threads)}`))),
          stuckMs,
        );
        waiting.add(look);
        look();
      });
    },
    close() {
      const leader = agreedLeader();
      for (const thread of threads) if (thread !== leader) thread.tell({ type: "stop" });
      leader?.tell({ type: "stop" });
    },
  };
}

/** What each thread thinks, for the person who has to find out why it is stuck. */
function describe(threads: readonly PeerThread[]): string {
  return threads
    .map((thread) => {
      const status = thread.last("status");
      return status === undefined
        ? `  ${thread.name}: not started`
        : `  ${status.self}: ${status.phase}, leader ${status.leader}, epoch ${status.epoch}`;
    })
    .join("\n");
}
