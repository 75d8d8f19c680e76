/**
 * Tells one story of a list, by its number, and says what was wrong in it.
 *
 * @module
 */
import { type Finding, findingOf } from "../hunter.js";
import type { Story } from "./story.js";

/** The stories are seeds from 1; there is nothing beyond the last. */
export async function huntStories(stories: readonly Story[], seed: number): Promise<Finding | null> {
  const story = stories[seed - 1];
  if (story === undefined) return null;
  try {
    await story.tell();
    return null;
  } catch (error) {
    const { checker, detail } = findingOf(error);
    return { checker, detail: `${story.name}: ${detail}` };
  }
}
