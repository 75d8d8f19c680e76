/**
 * A supervisor for one server, as OTP's: starts it again when it ends abnormally, within an intensity.
 *
 * @module
 */
import type { BehaviourTypes } from "./behaviour.js";
import type { Exit, Server } from "./server.js";

/** Options of `supervise`. */
export interface SuperviseOptions<T extends BehaviourTypes> {
  /** When to start again: always, or only after an abnormal end (anything but `"normal"`, `"shutdown"` and `"ignored"`). @default "transient" */
  readonly restart?: "permanent" | "transient";
  /** How many restarts are tolerated … @default 3 */
  readonly intensity?: number;
  /** … within this time, in milliseconds. One more ends the supervisor. @default 5000 */
  readonly periodMs?: number;
  /** Called with every server that was started, the first included. */
  readonly onStart?: (server: Server<T>) => void;
}

/** A supervised server. */
export interface Supervisor<T extends BehaviourTypes> {
  /** The server that runs now; after the end, the last one. */
  readonly server: Server<T>;
  readonly restarts: number;
  /** Settles when the server has ended for good: stopped, ended normally, or restarted too often. */
  readonly exited: Promise<Exit>;
  /** Ends the server, and does not start it again. */
  stop(reason?: unknown): Promise<Exit>;
}

/** OTP's reason for too many restarts. */
export const restartIntensityReached = "reached_max_restart_intensity";

function isNormal(reason: unknown): boolean {
  return reason === "normal" || reason === "shutdown" || reason === "ignored";
}

/**
 * Starts a server with `begin` and starts it again when it ends, within an intensity.
 * `now` is a clock in milliseconds that never goes back.
 *
 * @example
 * ```ts
 * const supervisor = await supervise(() => start("counter", counter));
 * ```
 */
export async function supervise<T extends BehaviourTypes>(
  begin: () => Promise<Server<T>>,
  options: SuperviseOptions<T>,
  now: () => number,
): Promise<Supervisor<T>> {
  const { restart = "transient", intensity = 3, periodMs = 5000 } = options;
  let server = await begin();
  let restarts = 0;
  let stopping = false;
  let stopReason: unknown;
  const recent: number[] = [];
  options.onStart?.(server);

  async function watch(): Promise<Exit> {
    for (;;) {
      const exit = await server.exited;
      if (stopping || (restart === "transient" && isNormal(exit.reason))) return exit;
      const at = now();
      recent.push(at);
      while (recent[0] !== undefined && at - recent[0] > periodMs) recent.shift();
      if (recent.length > intensity) return { reason: restartIntensityReached };
      try {
        server = await begin();
      } catch (reason) {
        return { reason };
      }
      // It was told to stop while the next one was on its way.
      if (stopping) return server.stop(stopReason);
      restarts += 1;
      options.onStart?.(server);
    }
  }

  const exited = watch();
  return {
    get server() {
      return server;
    },
    get restarts() {
      return restarts;
    },
    exited,
    async stop(reason) {
      stopping = true;
      stopReason = reason;
      await server.stop(reason);
      return exited;
    },
  };
}
