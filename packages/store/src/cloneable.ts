/**
 * Whether a value can be sent to another realm: structured clone decides.
 *
 * @module
 */
/** Whether a value can be sent to another realm. */
export function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
