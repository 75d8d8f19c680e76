/**
 * Web Locks that a small dedicated worker takes for its page, so that they do not keep the page awake: Chromium
 * freezes no page that holds or awaits a lock itself, and does not count the locks of its workers.
 *
 * @module
 */

/** What is used of a lock manager: the page's own, or a worker's behind a port. */
export interface Locks {
  request(name: string, options: LockOptions, callback: () => unknown): Promise<unknown>;
  query(): Promise<LockManagerSnapshot>;
}

/** From the page to its worker. */
type Order =
  | { readonly type: "request"; readonly id: number; readonly name: string; readonly mode: LockMode; readonly steal: boolean }
  | { readonly type: "end"; readonly id: number }
  | { readonly type: "query"; readonly id: number };

/** From the worker to its page. */
type Report =
  | { readonly type: "granted"; readonly id: number }
  | { readonly type: "ended"; readonly id: number; readonly error: { readonly name: string; readonly message: string } | null }
  | { readonly type: "snapshot"; readonly id: number; readonly snapshot: LockManagerSnapshot };

/** The whole worker, as text: a page that asks for this needs to serve no file. */
const program = `
const jobs = new Map();
onmessage = ({ data: order }) => {
  const { id } = order;
  if (order.type === "query") navigator.locks.query().then((snapshot) => postMessage({ type: "snapshot", id, snapshot }));
  else if (order.type === "end") {
    const job = jobs.get(id);
    jobs.delete(id);
    job?.give?.();
    job?.withdrawal.abort();
  } else {
    const job = { withdrawal: new AbortController(), give: null };
    jobs.set(id, job);
    const options = order.steal ? { steal: true } : { mode: order.mode, signal: job.withdrawal.signal };
    const hold = () => {
      if (!jobs.has(id)) return;
      postMessage({ type: "granted", id });
      return new Promise((resolve) => { job.give = resolve; });
    };
    navigator.locks.request(order.name, options, hold).then(
      () => postMessage({ type: "ended", id, error: null }),
      ({ name, message }) => postMessage({ type: "ended", id, error: { name, message } }),
    );
  }
};`;

interface Job {
  granted(): void;
  ended(error: unknown): void;
  snapshot(snapshot: LockManagerSnapshot): void;
}

/**
 * Locks taken by a worker of this page. The worker is made with the first request and ended when nothing is held or awaited
 * any more, which frees at once whatever it had: also in the moment before the page freezes.
 */
export function createWorkerLocks(): Locks {
  const jobs = new Map<number, Job>();
  let last = 0;
  let worker: Worker | null = null;

  function begin(): Worker {
    const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
    const begun = new Worker(url, { name: "gen-leader locks" });
    URL.revokeObjectURL(url);
    begun.onmessage = ({ data }: MessageEvent<Report>) => {
      const job = jobs.get(data.id);
      if (data.type === "granted") job?.granted();
      else if (data.type === "snapshot") job?.snapshot(data.snapshot);
      else job?.ended(data.error === null ? null : new DOMException(data.error.message, data.error.name));
    };
    return begun;
  }

  function order(what: Order): void {
    worker ??= begin();
    worker.postMessage(what);
  }

  function forget(id: number): void {
    jobs.delete(id);
    if (jobs.size > 0) return;
    worker?.terminate();
    worker = null;
  }

  return {
    request(name, { mode = "exclusive", signal, steal = false }, callback) {
      const id = ++last;
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          if (!jobs.has(id)) return;
          signal?.removeEventListener("abort", withdraw);
          forget(id);
          settle();
        };
        const withdraw = (): void =>
          finish(() => {
            if (worker !== null) order({ type: "end", id });
            reject(signal?.reason);
          });
        jobs.set(id, {
          granted() {
            signal?.removeEventListener("abort", withdraw);
            Promise.resolve(callback()).then(
              (value) =>
                finish(() => {
                  if (worker !== null) order({ type: "end", id });
                  resolve(value);
                }),
              (error: unknown) => finish(() => reject(error)),
            );
          },
          ended: (error) => finish(() => (error === null ? resolve(undefined) : reject(error))),
          snapshot: () => undefined,
        });
        if (signal?.aborted) return withdraw();
        signal?.addEventListener("abort", withdraw, { once: true });
        order({ type: "request", id, name, mode, steal });
      });
    },
    query() {
      const id = ++last;
      return new Promise((resolve) => {
        const done = (snapshot: LockManagerSnapshot): void => {
          forget(id);
          resolve(snapshot);
        };
        jobs.set(id, { granted: () => undefined, ended: () => undefined, snapshot: done });
        order({ type: "query", id });
      });
    },
  };
}
