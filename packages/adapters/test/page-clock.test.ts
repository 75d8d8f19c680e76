/**
 * The clock of a hidden page keeps the contract of its port without the platform's timers.
 */
import { testClock } from "@gen-leader/testing/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { type ClockHost, createPageClock } from "../src/clocks/page.js";

const hidden: ClockHost = { document: { visibilityState: "hidden" } };
const hiddenInFirefox: ClockHost = { ...hidden, mozInnerScreenX: 0 };

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
vi.stubGlobal("Worker", FakeWorker);

testClock("of a hidden page", () => createPageClock(hidden));
testClock("of a hidden page in Firefox", () => createPageClock(hiddenInFirefox));
testClock("of a visible page", () => createPageClock({ document: { visibilityState: "visible" } }));
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

test("a hidden page waits without timers, for the earliest first, whichever it was asked for first", async () => {
  stopTimers();
  const clock = createPageClock(hidden);
  const start = clock.now();
  const [late, early] = await Promise.all([elapse(clock, 60), elapse(clock, 20)]);
  expect(early - start).toBeGreaterThanOrEqual(20);
  expect(late - start).toBeGreaterThanOrEqual(60);
  expect(early).toBeLessThan(late);
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
  createPageClock(hidden).schedule(() => undefined, 10_000);
  expect(delaysMs).toEqual([10_000]);
});

test.each([
  ["in Firefox, which holds it back as it does timers", hiddenInFirefox, false],
  ["where memory cannot be waited for", hidden, true],
])("%s, a worker waits, for as long as somebody does", async (_where, host, isWithoutMemory) => {
  stopTimers();
  if (isWithoutMemory)
    vi.spyOn(WebAssembly, "Memory").mockImplementation(function none() {
      throw new RangeError("No memory is left.");
    });
  const clock = createPageClock(host);
  const { started } = FakeWorker;
  const start = clock.now();
  const ends = await Promise.all([elapse(clock, 30), elapse(clock, 10)]);
  for (const [place, delayMs] of [30, 10].entries()) expect((ends[place] ?? 0) - start).toBeGreaterThanOrEqual(delayMs);
  expect(FakeWorker.started).toBeGreaterThan(started);
  expect(FakeWorker.running.size).toBe(0);
});

test("where workers are forbidden, timers are the platform's, for those who waited as well", async () => {
  const clock = createPageClock(hiddenInFirefox);
  const late = elapse(clock, 40);
  for (const worker of FakeWorker.running) worker.onerror?.();
  expect(FakeWorker.running.size).toBe(0);
  const start = clock.now();
  await elapse(clock, 10);
  await late;
  expect(clock.now() - start).toBeGreaterThanOrEqual(20);
  const { started } = FakeWorker;
  await elapse(clock, 1);
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
