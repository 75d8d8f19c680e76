/**
 * Looking into values that came from files.
 *
 * @module
 */

/** The fields of a value that may be an object, or none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
