/**
 * A promise that the test settles.
 *
 * @module
 */
export interface Latch<T = void> {
  readonly promise: Promise<T>;
  open(value: T): void;
}

export function createLatch<T = void>(): Latch<T> {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
