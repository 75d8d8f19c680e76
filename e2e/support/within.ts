/**
 * Waiting that ends.
 *
 * @module
 */

/** What a promise resolves to, or null if it takes longer than `limitMs`. Rejects as it does. */
export async function within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | null> {
  const limit = new Promise<null>((resolve) => {
    AbortSignal.timeout(limitMs).addEventListener("abort", () => resolve(null), { once: true });
  });
  return Promise.race([promise, limit]);
}
