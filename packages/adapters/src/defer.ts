/**
 * Runs tasks soon, one after another, each in a task of its own.
 *
 * @module
 */

/** Queues a task: it runs after the caller has returned, in the order of queueing. */
export type Defer = (task: () => void) => void;

/** What the platform may offer for it; the types of neither Node nor the browser are relied upon. */
interface Host {
  readonly setImmediate?: (task: () => void) => unknown;
  readonly MessageChannel?: new () => { readonly port1: Port; readonly port2: Port };
}

interface Port {
  onmessage: ((event: never) => void) | null;
  postMessage(message: null): void;
  /** There in Node alone, where a listening port would keep the process alive. */
  readonly unref?: () => void;
}

/**
 * The fastest queue of tasks that this runtime has: `setImmediate` in Node, a MessageChannel in browsers,
 * `setTimeout` elsewhere. Promises run between two tasks, as between two messages of a real channel, and a
 * task that throws does not stop the next. A process is kept alive while tasks wait, not longer.
 */
export function createDefer(host: Host = globalThis): Defer {
  const { setImmediate, MessageChannel } = host;
  if (typeof setImmediate === "function") return (task) => void setImmediate(task);
  if (typeof MessageChannel === "function") {
    const { port1, port2 } = new MessageChannel();
    if (typeof port1.unref !== "function") {
      const tasks: (() => void)[] = [];
      port1.onmessage = () => tasks.shift()?.();
      return (task) => {
        tasks.push(task);
        port2.postMessage(null);
      };
    }
    port1.unref();
  }
  return (task) => void setTimeout(task, 0);
}
