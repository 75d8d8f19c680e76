import { setTimeout } from "node:timers/promises";

/** How long each line of writes rests between two: the demo shows an app that is used, not one that is saturated. */
const pauseMs = 2;

/** What a writer needs to know. */
export interface WriterOptions {
  /** How many writes are under way at most. */
  readonly inFlight: number;
  /** Makes one write; resolves when it was answered or refused, rejects when something is wrong. */
  readonly write: (value: number) => Promise<void>;
  /** Called once, after `rest`, when no write is under way any more. */
  readonly settled: () => void;
  readonly failed: (error: unknown) => void;
}

/** Somebody who writes 1, 2, 3 … */
export interface Writer {
  /** Begins no further write. */
  rest(): void;
}

/** Starts to write: soon after one write is done, the next begins. */
export function createWriter({ inFlight, write, settled, failed }: WriterOptions): Writer {
  let value = 0;
  let underWay = 0;
  let resting = false;

  async function writeNext(): Promise<void> {
    underWay += 1;
    while (!resting) {
      value += 1;
      await write(value);
      await setTimeout(pauseMs);
    }
    underWay -= 1;
    if (underWay === 0) settled();
  }

  for (let line = 0; line < inFlight; line += 1) writeNext().catch(failed);
  return {
    rest: () => {
      resting = true;
    },
  };
}
