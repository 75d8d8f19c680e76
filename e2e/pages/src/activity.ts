/**
 * How busy a page is: every message that it posts, and every time that something wakes its thread, counted from before its peer starts.
 *
 * @module
 */

/** What was counted since the page was loaded. */
export interface Activity {
  /** Messages posted to channels, and questions to the locks. */
  readonly sent: number;
  /** Timers that ran, and messages that came over channels. */
  readonly woken: number;
}

let sent = 0;
let woken = 0;

/** Has the platform's own functions count, in this page, whoever calls them. */
export function countActivity(): void {
  const channel = BroadcastChannel.prototype;
  const { postMessage } = channel;
  channel.postMessage = function (message) {
    sent += 1;
    postMessage.call(this, message);
  };
  const onmessage = Object.getOwnPropertyDescriptor(channel, "onmessage");
  const setListener = onmessage?.set;
  if (setListener === undefined) throw new Error("This browser's channels have no onmessage.");
  Object.defineProperty(channel, "onmessage", {
    ...onmessage,
    set(listener: ((event: MessageEvent) => void) | null) {
      setListener.call(this, listener === null ? null : (event: MessageEvent) => wake(() => listener(event)));
    },
  });
  if ("locks" in navigator) countLocks(LockManager.prototype);
  const { setTimeout: later } = globalThis;
  const counted = (run: () => void, delayMs?: number) => later(() => wake(run), delayMs);
  Object.defineProperty(globalThis, "setTimeout", { value: counted, configurable: true, writable: true });
}

function countLocks(locks: LockManager): void {
  const { query } = locks;
  locks.query = function () {
    sent += 1;
    return query.call(this);
  };
}

function wake(run: () => void): void {
  woken += 1;
  run();
}

export function readActivity(): Activity {
  return { sent, woken };
}
