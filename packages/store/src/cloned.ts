/**
 * Values as other realms get them.
 *
 * @module
 */
import { UncloneableValueError } from "./errors.js";
import { findUncloneable } from "./find-uncloneable.js";

/** The value as structured clone makes it. `shown` is the part of it that its owner knows. @throws UncloneableValueError that calls it `what` */
export function cloned<V>(value: V, what: string, shown: unknown = value): V {
  try {
    return structuredClone(value);
  } catch {
    throw new UncloneableValueError(what, findUncloneable(shown) ?? "");
  }
}
