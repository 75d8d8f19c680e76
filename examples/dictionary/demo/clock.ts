/**
 * Milliseconds on the process's own clock, the same in every thread, to the microsecond: what happened in two
 * threads can be subtracted. (`performance.now()` starts anew in each thread.)
 */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
