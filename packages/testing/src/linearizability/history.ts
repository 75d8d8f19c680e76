/**
 * What clients saw of something that they share: the operations that they asked for, when, and what they were answered.
 *
 * @module
 */

/** One operation of one client. One that is known not to have begun has no place in a history. */
export interface Operation<Input, Output> {
  /** Who asked, for the person who reads the report. */
  readonly client: string;
  readonly input: Input;
  /** When it was asked for, on a clock that all clients share. */
  readonly calledAt: number;
  /** What was answered and when; `null` if nobody knows whether it took effect: then it may have done so at any time since, or never. */
  readonly returned: { readonly at: number; readonly output: Output } | null;
}
