/**
 * Milliseconds since 1970, to the microsecond, the same in every thread: what happened in two threads can be subtracted.
 * (`performance.now()` alone starts anew in each thread, and in Bun and Deno so does `process.hrtime`.)
 */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
