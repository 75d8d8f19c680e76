/**
 * The clock of a hidden page keeps the contract of its port without the platform's timers.
 */
import { testClock } from "@gen-leader/testing/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { type ClockHost, createPageClock } from "../src/clocks/page.js";

/** A page that a person can show and hide. */
function createPage(visibilityState: "hidden" | "visible", globals: Partial<ClockHost> = {}) {
  const events = new EventTarget();
  const document = {
    visibilityState,
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
  const host: ClockHost = { ...globals, document };
  return {
    host,
    turn(state: "hidden" | "visible") {
      document.visibilityState = state;
      events.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

const hidden = createPage("hidden").host;
const hiddenInFirefox = createPage("hidden", { mozInnerScreenX: 0 }).host;

/** The workers that pages have started, as far as clocks use them. */
class FakeWorker {
  static readonly running = new Set<FakeWorker>();
  static started = 0;
  onmessage: ((event: { readonly data: number }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor() {
    FakeWorker.started += 1;
    FakeWorker.running.add(this);
  }

  postMessage({ id, delayMs }: { readonly id: number; readonly delayMs: number }): void {
    platformTimeout(() => {
      if (FakeWorker.running.has(this)) this.onmessage?.({ data: id });
    }, delayMs);
  }

  terminate(): void {
    FakeWorker.running.delete(this);
  }
}

const platformTimeout = globalThis.setTimeout;
const platformAtomics = Atomics;
vi.stubGlobal("Worker", FakeWorker);

testClock("of a hidden page", () => createPageClock(createPage("hidden").host));
testClock("of a hidden page in Firefox", () => createPageClock(createPage("hidden", { mozInnerScreenX: 0 }).host));
testClock("of a visible page", () => createPageClock(createPage("visible").host));
testClock("of a realm without a page", () => createPageClock({}));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has the platform's timers never run, as those of a hidden page may for a minute. */
function stopTimers(): readonly number[] {
  const platform = globalThis.setTimeout;
  const delaysMs: number[] = [];
  const stopped = (_callback: () => void, delayMs = 0): NodeJS.Timeout => {
    delaysMs.push(delayMs);
    return platform(() => undefined, 2 ** 31 - 1).unref();
  };
  vi.spyOn(globalThis, "setTimeout").mockImplementation(Object.assign(stopped, { __promisify__: platform.__promisify__ }));
  return delaysMs;
}

function elapse(clock: ReturnType<typeof createPageClock>, delayMs: number): Promise<number> {
  return new Promise((resolve) => {
    clock.schedule(() => resolve(clock.now()), delayMs);
  });
}

test("a hidden page waits without timers and workers, for the earliest first, whichever it was asked for first", async () => {
  const delaysMs = stopTimers();
  const { started } = FakeWorker;
  const clock = createPageClock(hidden);
  const start = clock.now();
  const [late, early] = await Promise.all([elapse(clock, 60), elapse(clock, 20)]);
  expect(early - start).toBeGreaterThanOrEqual(20);
  expect(late - start).toBeGreaterThanOrEqual(60);
  expect(early).toBeLessThan(late);
  expect(delaysMs).toEqual([]);
  expect(FakeWorker.started).toBe(started);
});

test("what a page waits for goes on without timers when it is hidden, and with them when it is shown again", async () => {
  const { host, turn } = createPage("visible");
  const delaysMs = stopTimers();
  const clock = createPageClock(host);
  const start = clock.now();
  const end = elapse(clock, 30);
  expect(delaysMs).toEqual([30]);
  turn("hidden");
  expect((await end) - start).toBeGreaterThanOrEqual(30);
  clock.schedule(() => undefined, 100);
  expect(delaysMs).toEqual([30]);
  turn("visible");
  expect(delaysMs).toHaveLength(2);
});

test("whoever is due soon does not wait for somebody who was there before and is due late", async () => {
  const delaysMs = stopTimers();
  const clock = createPageClock(hidden);
  const cancel = clock.schedule(() => undefined, 10_000);
  await elapse(clock, 10);
  cancel();
  expect(delaysMs).toEqual([]);
});

test("what is cancelled wakes nobody, and what is scheduled from a timer is waited for as well", async () => {
  stopTimers();
  const clock = createPageClock(hidden);
  let cancelled = 0;
  clock.schedule(() => {
    cancelled += 1;
  }, 5)();
  await elapse(clock, 10);
  await elapse(clock, 10);
  expect(cancelled).toBe(0);
});

test("a timer may cancel one that is due at the same time", async () => {
  stopTimers();
  const clock = createPageClock(hidden);
  const ran: string[] = [];
  let cancelNext = (): void => undefined;
  clock.schedule(() => {
    ran.push("first");
    cancelNext();
  }, 10);
  cancelNext = clock.schedule(() => ran.push("cancelled"), 10);
  await elapse(clock, 20);
  expect(ran).toEqual(["first"]);
});

test("what can wait is left to the platform's timers: a hidden page is woken for nothing else", () => {
  const delaysMs = stopTimers();
  const clock = createPageClock(hidden);
  // The longest that an election waits for.
  const cancel = clock.schedule(() => undefined, 10_000);
  expect(delaysMs).toEqual([]);
  cancel();
  clock.schedule(() => undefined, 30_000);
  expect(delaysMs).toEqual([30_000]);
});

test.each([
  ["in Firefox, which holds it back as it does timers", hiddenInFirefox, false],
  ["where memory cannot be waited for", hidden, true],
])("%s, a worker waits, one for all, and stays for a while", async (_where, host, isWithoutMemory) => {
  const delaysMs = stopTimers();
  if (isWithoutMemory) vi.stubGlobal("Atomics", {});
  const clock = createPageClock(host);
  const { started } = FakeWorker;
  const start = clock.now();
  const ends = await Promise.all([elapse(clock, 30), elapse(clock, 10)]);
  await elapse(clock, 1);
  for (const [place, delayMs] of [30, 10].entries()) expect((ends[place] ?? 0) - start).toBeGreaterThanOrEqual(delayMs);
  expect(FakeWorker.started).toBe(started + 1);
  expect(delaysMs, "Until it is ended").toEqual([10_000]);
  vi.stubGlobal("Atomics", platformAtomics);
});

test("where workers are forbidden, timers are the platform's, for those who waited as well", async () => {
  const before = new Set(FakeWorker.running);
  const clock = createPageClock(hiddenInFirefox);
  const start = clock.now();
  const late = elapse(clock, 40);
  const [forbidden] = [...FakeWorker.running].filter((worker) => !before.has(worker));
  forbidden?.onerror?.();
  expect(FakeWorker.running).toEqual(before);
  const { started } = FakeWorker;
  await elapse(clock, 10);
  expect((await late) - start).toBeGreaterThanOrEqual(40);
  expect(FakeWorker.started).toBe(started);
});

test("a page that cannot start a worker waits by the platform's timers", async () => {
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    throw new DOMException("Blobs are denied.", "SecurityError");
  });
  const clock = createPageClock(hiddenInFirefox);
  const start = clock.now();
  expect((await elapse(clock, 20)) - start).toBeGreaterThanOrEqual(20);
});
