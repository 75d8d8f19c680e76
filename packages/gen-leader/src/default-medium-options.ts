/**
 * What can be asked of the medium that fits the runtime.
 *
 * @module
 */

/** Options of the medium that fits the runtime; each is heeded where it means something. */
export interface DefaultMediumOptions {
  /** Whether open handles keep a Node process alive. @default false */
  readonly keepProcessAlive?: boolean;
}
