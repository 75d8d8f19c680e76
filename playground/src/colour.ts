/**
 * Colours of peers. Every tab gives a peer the same one, since it depends on nothing but who appeared before it.
 *
 * @module
 */

const hueCount = 12;
/** Has no common divisor with the number of hues, so that looking on by this step finds every free one. */
const step = 5;

const hues = new Map<string, number>();

/** Gives out colours to peers in their order of appearance: to each the one that suits its name, or the next that is free. */
export function assignColours(names: readonly string[]): void {
  hues.clear();
  for (const name of names) hues.set(name, freeHue(hashOf(name) % hueCount, new Set(hues.values())));
}

function freeHue(wanted: number, taken: ReadonlySet<number>): number {
  if (taken.size >= hueCount) return wanted;
  let hue = wanted;
  while (taken.has(hue)) hue = (hue + step) % hueCount;
  return hue;
}

function hashOf(text: string): number {
  let hash = 2166136261;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A peer's colour. Lightness and chroma come from the style sheet, so that it suits a dark page as well as a light one. */
export function peerColour(name: string): string {
  const hue = hues.get(name) ?? hashOf(name) % hueCount;
  // Neighbours on the wheel differ in lightness too.
  const shade = hue % 2 === 0 ? "+ 0.045" : "- 0.045";
  return `oklch(calc(var(--peer-lightness) ${shade}) var(--peer-chroma) ${hue * 30 + 20})`;
}
