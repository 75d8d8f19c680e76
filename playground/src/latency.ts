/**
 * Measures how long the leader takes to answer.
 *
 * @module
 */
import type { PlaygroundServer } from "./peer.js";

/** The answer times of a run, in milliseconds, in order; `null` where a call failed. */
export type Latencies = readonly (number | null)[];

/** Calls the leader `count` times, one call after the other. `measured` is called after each with all so far. */
export async function measureLatency(server: PlaygroundServer, count: number, measured: (latencies: Latencies) => void): Promise<void> {
  const latencies: (number | null)[] = [];
  for (let call = 0; call < count; call += 1) {
    const begunAt = performance.now();
    try {
      await server.leaderCall({ type: "lookup", key: "" });
      latencies.push(performance.now() - begunAt);
    } catch {
      // The leader died with this call, or the tab lost its peer: shown as a gap.
      latencies.push(null);
    }
    measured([...latencies]);
  }
}

/** The middle, the slowest of twenty, and the slowest; `null` before the first answer. */
export function summary(
  latencies: Latencies,
): { readonly medianMs: number; readonly p95Ms: number; readonly maxMs: number; readonly failed: number } | null {
  const answered = latencies.filter((latency) => latency !== null).sort((a, b) => a - b);
  const at = (share: number) => answered[Math.min(answered.length - 1, Math.floor(share * answered.length))];
  const [medianMs, p95Ms, maxMs] = [at(0.5), at(0.95), answered.at(-1)];
  if (medianMs === undefined || p95Ms === undefined || maxMs === undefined) return null;
  return { medianMs, p95Ms, maxMs, failed: latencies.length - answered.length };
}
