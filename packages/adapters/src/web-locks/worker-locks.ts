/**
 * Web Locks that do not keep the page awake: a small worker holds them for it.
 *
 * @module
 */
import type { Locks } from "./locks.js";

/** What the page tells its worker. */
type Order =
  | { readonly type: "request"; readonly id: number; readonly name: string; readonly options: LockOptions }
  /** Gives a lock back, or withdraws the request for it. */
  | { readonly type: "end"; readonly id: number }
  | { readonly type: "query"; readonly id: number };

/** What the worker answers. */
type Answer =
  | { readonly type: "ready" }
  | { readonly type: "granted"; readonly id: number }
  | { readonly type: "ended"; readonly id: number; readonly error: string | null }
  | { readonly type: "snapshot"; readonly id: number; readonly snapshot: LockManagerSnapshot };

/** An order that is not over, and what is to be done when the worker answers it. */
interface Pending {
  readonly order: Order & { readonly type: "request" | "query" };
  granted(): void;
  ended(error: string | null): void;
  snapshot(snapshot: LockManagerSnapshot): void;
  /** Does without the worker. */
  doHere(): void;
}

/** The worker's whole program; it has to do without imports. */
const program = `
const ends = new Map();
onmessage = async ({ data: { type, id, name, options } }) => {
  if (type === "end") return ends.get(id)?.();
  if (type === "query") {
    return navigator.locks.query().then(
      (snapshot) => postMessage({ type: "snapshot", id, snapshot }),
      (error) => postMessage({ type: "ended", id, error: String(error) }),
    );
  }
  const withdrawal = new AbortController();
  ends.set(id, () => withdrawal.abort());
  const hold = () => new Promise((resolve) => {
    ends.set(id, resolve);
    postMessage({ type: "granted", id });
  });
  let error = null;
  try {
    await navigator.locks.request(name, options.steal ? options : { ...options, signal: withdrawal.signal }, hold);
  } catch (thrown) {
    error = String(thrown?.message ?? thrown);
  }
  ends.delete(id);
  postMessage({ type: "ended", id, error });
};
postMessage({ type: "ready" });
`;

/**
 * Chromium freezes no page that holds or awaits a Web Lock; the locks of a worker do not count. The worker is started for the first lock
 * and terminated with the last, so that a page that gives its locks back because it is about to stand still leaves none behind:
 * a worker that stands still with its page would not read the order. Where a content security policy
 * forbids the worker, the page takes its locks itself.
 */
export function createWorkerLocks(own: Locks): Locks {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let isReady = false;
  let isForbidden = false;
  let ids = 0;

  function begin(entry: Pending): void {
    pending.set(entry.order.id, entry);
    worker ??= start();
    if (isReady) tell(entry.order);
  }

  function tell(order: Order): void {
    worker?.postMessage(order);
  }

  function settle(id: number): void {
    pending.delete(id);
    if (pending.size > 0) return;
    worker?.terminate();
    worker = null;
    isReady = false;
  }

  function start(): Worker | null {
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    try {
      const started = new Worker(url);
      started.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (worker === started) hear(data);
      };
      started.onerror = () => {
        if (worker === started) forbid();
      };
      return started;
    } catch {
      queueMicrotask(forbid);
      return null;
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  function hear(answer: Answer): void {
    if (answer.type === "ready") {
      isReady = true;
      for (const { order } of pending.values()) tell(order);
      return;
    }
    const entry = pending.get(answer.id);
    if (answer.type === "granted") entry?.granted();
    else if (answer.type === "ended") entry?.ended(answer.error);
    else entry?.snapshot(answer.snapshot);
  }

  function forbid(): void {
    isForbidden = true;
    worker = null;
    const entries = [...pending.values()];
    pending.clear();
    for (const entry of entries) entry.doHere();
  }

  return {
    request(name, options, callback) {
      if (isForbidden) return own.request(name, options, callback);
      return new Promise((resolve, reject) => {
        const { signal, ...cloneable } = options;
        ids += 1;
        const id = ids;
        const end = (): void => {
          tell({ type: "end", id });
          settle(id);
        };
        const withdraw = (): void => {
          end();
          reject(signal?.reason);
        };
        const done = (): void => {
          if (pending.has(id)) end();
          resolve(undefined);
        };
        signal?.addEventListener("abort", withdraw);
        begin({
          order: { type: "request", id, name, options: cloneable },
          granted() {
            signal?.removeEventListener("abort", withdraw);
            void Promise.resolve(callback()).then(done);
          },
          ended(error) {
            signal?.removeEventListener("abort", withdraw);
            settle(id);
            reject(new DOMException(error ?? "The lock was lost.", "AbortError"));
          },
          snapshot: () => undefined,
          doHere() {
            signal?.removeEventListener("abort", withdraw);
            own.request(name, options, callback).then(resolve, reject);
          },
        });
      });
    },
    query() {
      // A look keeps no page awake; but where there is a worker it must not overtake the requests.
      if (worker === null) return own.query();
      return new Promise((resolve, reject) => {
        ids += 1;
        const id = ids;
        begin({
          order: { type: "query", id },
          granted: () => undefined,
          ended(error) {
            settle(id);
            reject(new DOMException(error ?? "The locks cannot be seen.", "InvalidStateError"));
          },
          snapshot(snapshot) {
            settle(id);
            resolve(snapshot);
          },
          doHere() {
            own.query().then(resolve, reject);
          },
        });
      });
    },
  };
}
