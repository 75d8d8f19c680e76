/**
 * What a state may not hold although it can be sent.
 *
 * @module
 */
import type { Patches } from "mutative";

/** What in patches means something only in the realm in which it was made, in words; `null` if nothing does. */
export function findUnsupported(patches: Patches): string | null {
  for (const { op, path, value } of patches) {
    if (!Array.isArray(path)) continue;
    if (path.some((step: unknown) => typeof step === "object" && step !== null)) return "a Map with objects as keys";
    // Of a list, only what is put in is sent; of a Set what is taken out as well.
    if (op === "remove" && typeof value === "object" && value !== null) return "a Set of objects";
  }
  return null;
}
