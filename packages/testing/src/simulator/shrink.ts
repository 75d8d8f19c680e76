/**
 * Makes a list that fails shorter, for as long as it still fails.
 *
 * @module
 */

/**
 * The shortest list that was found: first halves are left out, then quarters, at last single elements (Zeller's delta
 * debugging). `fails` is asked of lists that keep the order.
 */
export async function shrink<E>(list: readonly E[], fails: (shorter: readonly E[]) => Promise<boolean>): Promise<readonly E[]> {
  let kept = list;
  let size = Math.ceil(kept.length / 2);
  while (size >= 1) {
    let hasShrunk = false;
    for (let from = 0; from < kept.length; ) {
      const shorter = [...kept.slice(0, from), ...kept.slice(from + size)];
      if (await fails(shorter)) {
        kept = shorter;
        hasShrunk = true;
      } else from += size;
    }
    if (size === 1 && !hasShrunk) return kept;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return kept;
}
