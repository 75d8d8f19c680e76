/**
 * The life of a page's process, for drivers whose library goes on waiting for the answers of a page that has died.
 *
 * @module
 */

export interface Lifetime {
  /** The process has died. */
  end(): void;
  /** As `answer`, but rejects when the process dies, or has died. */
  within<Answer>(answer: Promise<Answer>): Promise<Answer>;
}

export function createLifetime(): Lifetime {
  let isOver = false;
  const waiting = new Set<(error: Error) => void>();
  const death = (): Error => new Error("The process of the page has died.");
  return {
    end() {
      isOver = true;
      for (const reject of waiting) reject(death());
      waiting.clear();
    },
    within: (answer) =>
      new Promise((resolve, reject) => {
        if (isOver) reject(death());
        waiting.add(reject);
        answer.then(resolve, reject).finally(() => waiting.delete(reject));
      }),
  };
}
