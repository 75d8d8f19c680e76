/**
 * Which of the numbers that a peer gives its requests have been seen: so that each is taken once, although frames may come twice.
 *
 * @module
 */

/** A set of growing numbers with few gaps: all up to `floor`, and `above`. */
export interface Serials {
  readonly floor: number;
  readonly above: readonly number[];
}

/** Serials above the first gap that are remembered; an older gap counts as lost. */
const serialWindow = 64;

/** The set with one number more, or `null` if it was in it. What came before the first number that is seen may still come. */
export function addSerial(seen: Serials | undefined, serial: number): Serials | null {
  const { floor, above } = seen ?? { floor: serial - serialWindow, above: [] };
  if (serial <= floor || above.includes(serial)) return null;
  if (serial === floor + 1 && above.length === 0) return { floor: serial, above };
  return lift(
    floor,
    [...above, serial].sort((a, b) => a - b),
  );
}

/** Takes what joins the floor, or falls out of the window, off the rest. */
function lift(from: number, above: readonly number[]): Serials {
  let floor = above.length > serialWindow ? (above[0] ?? from) : from;
  let taken = 0;
  for (const number of above) {
    if (number > floor + 1) break;
    floor = Math.max(floor, number);
    taken += 1;
  }
  return { floor, above: above.slice(taken) };
}
