/**
 * Hunt: stories of the core that random weather seldom tells.
 *
 * @module
 */
import { electionStories } from "../hunters/directed/elections.js";
import { foundBySeeds } from "../hunters/directed/found-by-seeds.js";
import { hostileStories } from "../hunters/directed/hostile.js";
import { huntStories } from "../hunters/directed/stories.js";
import { suspicionStories } from "../hunters/directed/suspicion.js";
import { serve } from "./serve.js";

const stories = [...suspicionStories, ...hostileStories, ...electionStories, ...foundBySeeds];

await serve((seed) => huntStories(stories, seed));
