/**
 * Hunt: stories of real servers over the memory medium.
 *
 * @module
 */
import { promiseStories } from "../hunters/directed/promises.js";
import { huntStories } from "../hunters/directed/stories.js";
import { tenureStories } from "../hunters/directed/tenures.js";
import { serve } from "./serve.js";

const stories = [...promiseStories, ...tenureStories];

await serve((seed) => huntStories(stories, seed));
