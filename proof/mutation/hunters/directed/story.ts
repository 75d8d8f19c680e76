/**
 * One directed run, in words and as code.
 *
 * @module
 */
export interface Story {
  readonly name: string;
  /** @throws Caught when something is wrong */
  tell(): void | Promise<void>;
}
