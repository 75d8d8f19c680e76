/**
 * What a history is checked against.
 *
 * @module
 */

/** How the shared thing behaves if one operation follows another. */
export interface SequentialModel<State, Input, Output> {
  readonly initial: State;
  /** The part that an operation is about: operations on different parts cannot tell of each other. */
  partOf(input: Input): string;
  /** The state after an operation; `null` if it cannot have been answered with `output` there. An unknown answer (`null`) fits always. */
  step(state: State, input: Input, returned: { readonly output: Output } | null): { readonly state: State } | null;
  /** Equal for equal states, and only for these. */
  print(state: State): string;
}
